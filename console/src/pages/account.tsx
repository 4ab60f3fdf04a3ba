// One's own account: what one may do, the password, the second factor.

import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { people } from '../api/people.ts';
import type { Reach } from '../api/people-types.ts';
import { GrantTags } from '../parts/grants.tsx';
import { CopyButton, Notice, PageHead, Panel, ProblemNotice, Tag } from '../parts/parts.tsx';
import { useWho } from '../parts/rights.ts';
import { account as texts, common, rights as rightTexts, signIn } from '../texts/index.ts';
import { CodeInput } from './login.tsx';

/** Of whoever came by a link from the machine itself: there is no user behind it. */
const localUser = 'local';

export function Account() {
  const who = useWho();
  if (!who) return null;
  const isUser = who.user !== localUser;
  return (
    <>
      <PageHead title={texts.title} lead={isUser ? texts.lead(who.user) : texts.local} />
      <div className="split">
        <Panel title={texts.may} end={<GrantTags grants={who.grants} none="" />}>
          <div className="stack">
            <MayList rights={who.rights} />
            <p className="row">
              <Link to="/tokens">{texts.tokens}</Link>
              <Link to="/sessions">{texts.sessions}</Link>
            </p>
          </div>
        </Panel>
        {isUser && (
          <div className="stack">
            {who.hasPassword !== false && <Password />}
            {who.hasPassword !== false && <SecondFactor has={who.hasSecondFactor ?? false} />}
            {who.hasPassword === false && <p className="dim">{texts.signedOn}</p>}
          </div>
        )}
      </div>
    </>
  );
}

function MayList({ rights }: { readonly rights: readonly Reach[] }) {
  if (rights.length === 0) return <p className="dim">{texts.nothing}</p>;
  return (
    <dl className="facts">
      {rights.map(({ right, everything, flows, systems }) => (
        <div key={right} style={{ display: 'contents' }}>
          <dt>{rightTexts[right].word}</dt>
          <dd>
            {everything ? texts.everything : [...flows, ...systems].join(', ')}
            <span className="dim" style={{ display: 'block' }}>
              {rightTexts[right].says}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [totp, setTotp] = useState('');
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () => people.changePassword(current, next, totp),
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      setTotp('');
      // The page's token goes with the session, which is a new one.
      await queries.fetchQuery({ queryKey: ['session'], queryFn: people.session });
    },
  });
  const [asksCode, askCode] = useState(false);
  const code = change.error instanceof ApiProblem ? change.error.code : '';
  if (code === 'MORTISE_ACCESS_SECOND_FACTOR' && !asksCode) askCode(true);
  return (
    <Panel title={texts.password}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <PasswordInput
          label={texts.current}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          required
        />
        <PasswordInput
          label={texts.next}
          description={texts.nextHint}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.target.value)}
          required
        />
        {asksCode && <CodeInput value={totp} onChange={setTotp} label={signIn.code} />}
        {code !== 'MORTISE_ACCESS_SECOND_FACTOR' && <ProblemNotice error={change.error} />}
        {change.isSuccess && <Notice tone="good">{texts.changed}</Notice>}
        <div>
          <Button type="submit" loading={change.isPending} disabled={current === '' || next === ''}>
            {texts.change}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function SecondFactor({ has }: { readonly has: boolean }) {
  const [totp, setTotp] = useState('');
  const begin = useMutation({ mutationFn: people.beginSecondFactor });
  const queries = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => people.confirmSecondFactor(totp),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session'] }),
  });
  return (
    <Panel title={texts.factor} end={<Tag tone={has ? 'good' : 'mute'}>{has ? texts.factorOn : texts.factorOff}</Tag>}>
      <div className="stack">
        <p className="dim">{texts.factorText}</p>
        {confirm.isSuccess ? (
          <Notice tone="good">{texts.confirmed}</Notice>
        ) : begin.data ? (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              confirm.mutate();
            }}
          >
            <p>{texts.scan}</p>
            <div className="row" style={{ alignItems: 'flex-start', gap: 14 }}>
              <Picture text={begin.data.uri} />
              <div className="stack" style={{ flex: 1, minWidth: 180 }}>
                <p className="row">
                  <span className="dim">{texts.secret}</span>
                  <span className="mono" data-testid="totp-secret">
                    {begin.data.secret.match(/.{1,4}/g)?.join(' ')}
                  </span>
                  <CopyButton text={begin.data.secret} />
                </p>
                <CodeInput value={totp} onChange={setTotp} label={texts.code} />
                <div>
                  <Button type="submit" variant="filled" loading={confirm.isPending} disabled={totp.length !== 6}>
                    {texts.confirm}
                  </Button>
                </div>
              </div>
            </div>
            <ProblemNotice error={confirm.error} />
          </form>
        ) : (
          <div>
            <Button loading={begin.isPending} onClick={() => begin.mutate()}>
              {has ? texts.beginAgain : texts.begin}
            </Button>
          </div>
        )}
        <ProblemNotice error={begin.error} />
      </div>
    </Panel>
  );
}

/** Black on white whatever the theme: cameras want it so. */
function Picture({ text }: { readonly text: string }) {
  const { data } = useQuery({
    queryKey: ['qr', text],
    queryFn: async () => (await import('uqr')).encode(text, { border: 2 }),
    staleTime: Infinity,
  });
  if (!data) return <span className="dim">{common.loading}</span>;
  const path = data.data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg width={168} height={168} viewBox={`0 0 ${data.size} ${data.size}`} role="img" aria-label={texts.picture}>
      <rect width={data.size} height={data.size} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
