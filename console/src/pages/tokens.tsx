// The tokens: one's own, made and shown once; for administrators those of others.

import { Button, Checkbox, Modal, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { people } from '../api/people.ts';
import type { Grant, Token } from '../api/people-types.ts';
import { AskButton } from '../parts/ask.tsx';
import { GrantsEditor, GrantTags } from '../parts/grants.tsx';
import { CopyButton, Empty, Notice, PageHead, Panel, ProblemNotice, Table, Tag, Time } from '../parts/parts.tsx';
import { useMay, useWho } from '../parts/rights.ts';
import { common, tokens as texts } from '../texts/index.ts';

export function Tokens() {
  const who = useWho();
  const isAdministrator = useMay()('administer', 'everything');
  const own = useQuery({ queryKey: ['tokens', 'own'], queryFn: people.tokens });
  const all = useQuery({ queryKey: ['tokens', 'all'], queryFn: people.allTokens, enabled: isAdministrator });
  const [isMaking, setMaking] = useState(false);
  const others = all.data?.filter(({ user }) => user !== who?.user) ?? [];
  return (
    <div className="stack">
      <PageHead title={texts.title} lead={texts.lead}>
        <Button variant="filled" onClick={() => setMaking(true)}>
          {texts.make}
        </Button>
      </PageHead>
      <ProblemNotice error={own.error ?? all.error} />
      <Panel title={texts.mine} bare>
        {own.data?.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
        {own.data && own.data.length > 0 && <List tokens={own.data} revoke={({ id }) => people.removeToken(id)} />}
      </Panel>
      {others.length > 0 && (
        <Panel title={texts.others} bare>
          <List tokens={others} revoke={({ user, id }) => people.removeTokenOf(user, id)} withUser />
        </Panel>
      )}
      {isMaking && <Make close={() => setMaking(false)} />}
    </div>
  );
}

interface ListProps {
  readonly tokens: readonly Token[];
  readonly revoke: (token: Token) => Promise<unknown>;
  readonly withUser?: boolean;
}

function List({ tokens, revoke, withUser = false }: ListProps) {
  const { columns } = texts;
  return (
    <Table heads={[columns.label, withUser && columns.user, columns.scope, columns.ends, columns.seen]} action={texts.revoke}>
      {tokens.map((token) => (
        <tr key={token.id}>
          <td className="strong">{token.label}</td>
          {withUser && <td>{token.user}</td>}
          <td>{token.grants ? <GrantTags grants={token.grants} /> : <span className="dim">{texts.all}</span>}</td>
          <td>
            <Time at={token.endsAt} /> {Date.parse(token.endsAt) < Date.now() && <Tag>{texts.ended}</Tag>}
          </td>
          <td className="dim">{token.seenAt ? <Time at={token.seenAt} /> : texts.never}</td>
          <td className="right">
            <AskButton label={texts.revoke} name={token.label} text={token.label} act={() => revoke(token)} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Make({ close }: { readonly close: () => void }) {
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [days, setDays] = useState(90);
  const [grants, setGrants] = useState<readonly Grant[] | undefined>();
  const make = useMutation({
    mutationFn: () => people.makeToken(label.trim(), days, grants),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <Modal opened onClose={close} title={texts.make} size="lg" closeButtonProps={{ 'aria-label': common.close }}>
      {make.data ? (
        <div className="stack">
          <Notice tone="good">
            <p>
              <b>{texts.text}</b>
            </p>
            <p>{texts.textOnce}</p>
            <p className="row" style={{ flexWrap: 'nowrap' }}>
              <span className="mono" style={{ overflowWrap: 'anywhere' }} data-testid="token">
                {make.data.text}
              </span>
              <CopyButton text={make.data.text} />
            </p>
          </Notice>
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button variant="filled" onClick={close}>
              {common.close}
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <TextInput
            label={texts.label}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
            required
            data-autofocus
          />
          <NumberInput label={texts.days} min={1} max={366} value={days} onChange={(value) => setDays(Number(value) || 1)} />
          <Checkbox
            label={texts.narrow}
            checked={grants !== undefined}
            onChange={(event) => setGrants(event.target.checked ? [{ role: 'viewer' }] : undefined)}
          />
          {grants && <GrantsEditor grants={grants} setGrants={setGrants} />}
          <ProblemNotice error={make.error} />
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={close}>{common.cancel}</Button>
            <Button type="submit" variant="filled" disabled={label.trim() === ''} loading={make.isPending}>
              {texts.make}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
