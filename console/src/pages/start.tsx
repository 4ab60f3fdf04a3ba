// The start page: what runs, whether it is well, and what to do first.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import type { FailureGroup, MessageRow, System } from '../api/types.ts';
import { rate } from '../parts/format.ts';
import { useLive } from '../parts/live.ts';
import { CopyButton, Empty, Keys, PageHead, Panel, PlaceName, ProblemNotice, ScrollX, StateTag, Time } from '../parts/parts.tsx';
import { SendButton } from './send-message.tsx';
import { failures as failureTexts, start as texts } from '../texts/index.ts';

export function Start() {
  const engine = useQuery({ queryKey: ['engine'], queryFn: api.engine });
  const { data: newest, error } = useQuery({
    queryKey: ['newest'],
    queryFn: () => api.messages({ limit: 8 }),
    refetchInterval: 3000,
  });
  const { data: failures } = useQuery({ queryKey: ['failures'], queryFn: api.failures });
  return (
    <div className="stack">
      <PageHead title={engine.data ? texts.running(engine.data.name) : texts.title} lead={texts.lead} />
      <ProblemNotice error={engine.error ?? error} />
      <Figures />
      {failures && failures.groups.length > 0 && <Trouble groups={failures.groups.slice(0, 3)} />}
      <div className="split start">
        <Newest rows={newest?.rows} />
        <div className="stack">
          <FirstSteps newest={newest?.rows[0]} />
          <Where />
        </div>
      </div>
    </div>
  );
}

function Figures() {
  const live = useLive();
  const { data: failures } = useQuery({ queryKey: ['failures'], queryFn: api.failures });
  const { data: systems } = useQuery({ queryKey: ['systems'], queryFn: api.systems, refetchInterval: 5000 });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const day = new Intl.DateTimeFormat('en-CA').format(new Date());
  const { data: balance } = useQuery({
    queryKey: ['balance', day, zone],
    queryFn: () => api.balanceOfDay(day, zone),
    refetchInterval: 15_000,
  });
  const waiting = live?.destinations.reduce((sum, one) => sum + one.waiting, 0);
  const troubled = systems?.filter(isTroubled).length ?? 0;
  const failed = failures?.groups.reduce((sum, group) => sum + group.count, 0);
  const { figures } = texts;
  return (
    <div className="figures">
      <Link to="/messages">
        <span className="label">{figures.in}</span>
        <span className="value">
          {live ? rate(live.perSecond) : '–'} <small>{figures.perSecond}</small>
        </span>
      </Link>
      <Link to="/messages" search={{ state: ['waiting'], range: 'all' }}>
        <span className="label">{figures.waiting}</span>
        <span className="value">{waiting?.toLocaleString() ?? '–'}</span>
      </Link>
      <Link to="/failures">
        <span className="label">{figures.failures}</span>
        <span className="value" style={failed ? { color: 'var(--bad)' } : {}}>
          {failed?.toLocaleString() ?? '–'}
        </span>
      </Link>
      <Link to="/systems">
        <span className="label">{figures.systems}</span>
        <span className="value" style={troubled > 0 ? { color: 'var(--bad)' } : {}}>
          {systems?.length ?? '–'}{' '}
          {systems && systems.length > 0 && <small>{troubled > 0 ? figures.troubled(troubled) : figures.well}</small>}
        </span>
      </Link>
      <Link to="/balance">
        <span className="label">{figures.today}</span>
        <span className="value" style={balance && !balance.even ? { color: 'var(--bad)' } : {}}>
          {balance ? (balance.even ? figures.even : figures.uneven) : '–'}
        </span>
      </Link>
    </div>
  );
}

export function isTroubled({ connections, inbounds, standstill }: System): boolean {
  return (
    standstill !== undefined ||
    connections.some(({ breaker }) => breaker !== 'closed') ||
    inbounds.some(({ state }) => state === 'failing')
  );
}

function Trouble({ groups }: { readonly groups: readonly FailureGroup[] }) {
  return (
    <Panel title={texts.trouble} end={<Link to="/failures">{failureTexts.title}</Link>} bare>
      <table className="table">
        <tbody>
          {groups.map((group) => (
            <tr key={`${group.code}${group.destination}${group.state}`}>
              <td className="num strong" style={{ width: 60 }}>
                {group.count}
              </td>
              <td style={{ width: 90 }}>
                <StateTag state={group.state} />
              </td>
              <td className="wrap">
                <Link to="/messages/$id" params={{ id: group.newest.message }} search={{ delivery: group.newest.delivery }}>
                  {group.newest.error || failureTexts.unclaimed}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Newest({ rows }: { readonly rows: readonly MessageRow[] | undefined }) {
  return (
    <Panel title={texts.newest} end={<Link to="/messages">{failureTexts.see}</Link>} bare>
      {rows?.length === 0 && <Empty title={texts.newestNone} text={texts.newestNoneText} />}
      <ScrollX>
        <table className="table fixed">
          <tbody>
            {rows?.map(({ message, delivery }) => (
              <tr key={delivery.id}>
                <td className="dim" style={{ width: 84 }}>
                  <Time at={delivery.createdAt} />
                </td>
                <td>
                  <Link to="/messages/$id" params={{ id: message.id }} search={{ delivery: delivery.id }}>
                    <PlaceName text={delivery.destination} />
                  </Link>
                </td>
                <td className="only-wide" style={{ width: 158 }}>
                  <Keys keys={mainKey(message.keys)} />
                </td>
                <td className="right" style={{ width: 112 }}>
                  <StateTag state={delivery.state} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}

/** The one by which people call it. */
function mainKey(keys: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const name = 'order' in keys ? 'order' : Object.keys(keys)[0];
  return name === undefined ? {} : { [name]: keys[name] ?? '' };
}

function FirstSteps({ newest }: { readonly newest: MessageRow | undefined }) {
  const { firstSteps: steps } = texts;
  const { data: flows } = useQuery({ queryKey: ['flows'], queryFn: api.flows });
  const isEmpty = flows?.length === 0;
  return (
    <Panel title={texts.first}>
      <ol className="first-steps">
        {isEmpty ? (
          <Step no={1} title={steps.flow} text={steps.flowText}>
            <code>mortise new flow</code>
          </Step>
        ) : (
          <Step no={1} title={steps.send} text={steps.sendText}>
            <SendButton />
          </Step>
        )}
        <Step no={2} title={steps.look} text={steps.lookText}>
          {newest ? (
            <Link to="/messages/$id" params={{ id: newest.message.root }}>
              {steps.lookLink}
            </Link>
          ) : null}
        </Step>
        <Step no={3} title={steps.break} text={steps.breakText}>
          <Link to="/mesh">{steps.breakLink}</Link>
        </Step>
        <Step no={4} title={steps.change} text={steps.changeText}>
          <Link to="/flows">{steps.changeLink}</Link>
        </Step>
      </ol>
    </Panel>
  );
}

function Step({
  no,
  title,
  text,
  children,
}: {
  readonly no: number;
  readonly title: string;
  readonly text: string;
  readonly children: React.ReactNode;
}) {
  return (
    <li>
      <span className="no num">{no}</span>
      <div>
        <p className="strong">{title}</p>
        <p className="dim">{text}</p>
        {children}
      </div>
    </li>
  );
}

function Where() {
  const { data: engine } = useQuery({ queryKey: ['engine'], queryFn: api.engine });
  if (!engine) return null;
  const lines = [
    [texts.inbound, `http://${engine.addresses.inbound}`],
    [texts.control, `http://${engine.addresses.control}`],
    [texts.project, engine.folder],
  ] as const;
  return (
    <Panel title={texts.where}>
      <dl className="facts">
        {lines.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd className="row" style={{ flexWrap: 'nowrap' }}>
              <span className="mono" style={{ overflowWrap: 'anywhere' }}>
                {value}
              </span>
              <CopyButton text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
