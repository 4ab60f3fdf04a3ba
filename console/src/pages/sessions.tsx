// The sessions: where one is logged in oneself, and for administrators where others are; each can be ended.

import { useQuery } from '@tanstack/react-query';
import { people } from '../api/people.ts';
import type { Session } from '../api/people-types.ts';
import { AskButton } from '../parts/ask.tsx';
import { PageHead, Panel, ProblemNotice, Table, Tag, Time } from '../parts/parts.tsx';
import { useMay, useWho } from '../parts/rights.ts';
import { sessions as texts } from '../texts/index.ts';

export function Sessions() {
  const who = useWho();
  const isAdministrator = useMay()('administer', 'everything');
  const own = useQuery({ queryKey: ['sessions', 'own'], queryFn: people.sessions, refetchInterval: 10_000 });
  const all = useQuery({
    queryKey: ['sessions', 'all'],
    queryFn: people.allSessions,
    enabled: isAdministrator,
    refetchInterval: 10_000,
  });
  const others = all.data?.filter(({ user }) => user !== who?.user) ?? [];
  return (
    <div className="stack">
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={own.error ?? all.error} />
      <Panel title={texts.mine} bare>
        <List sessions={own.data ?? []} end={({ id }) => people.endSession(id)} />
      </Panel>
      {isAdministrator && (
        <Panel title={texts.others} bare>
          {others.length === 0 && <p className="inside dim">{texts.noOthers}</p>}
          {others.length > 0 && <List sessions={others} end={({ user, id }) => people.endSessionOf(user, id)} withUser />}
        </Panel>
      )}
    </div>
  );
}

interface ListProps {
  readonly sessions: readonly Session[];
  readonly end: (session: Session) => Promise<unknown>;
  readonly withUser?: boolean;
}

function List({ sessions, end, withUser = false }: ListProps) {
  const { columns } = texts;
  return (
    <Table heads={[withUser && columns.user, columns.where, columns.began, columns.seen, columns.ends]} action={texts.end}>
      {sessions.map((session) => (
        <tr key={session.id}>
          {withUser && <td className="strong">{session.user}</td>}
          <td>
            {browserWords(session.browser)} <span className="dim mono">{session.address}</span>{' '}
            {session.current && <Tag tone="good">{texts.current}</Tag>}
          </td>
          <td className="dim">
            <Time at={session.createdAt} />
          </td>
          <td className="dim">
            <Time at={session.seenAt} />
          </td>
          <td className="dim">
            <Time at={session.endsAt} />
          </td>
          <td className="right">
            <AskButton
              label={texts.end}
              name={`${session.user} ${session.id}`}
              text={`${session.user}, ${browserWords(session.browser)}, ${session.address}`}
              act={() => end(session)}
            />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** The name of the browser and of its system, where they can be told; else the beginning of what it says. */
function browserWords(agent: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)[^/ ]*\/(\d+)/.exec(agent);
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent);
  if (!browser) return agent.slice(0, 40) || '–';
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
  return [`${names[browser[1] ?? ''] ?? browser[1]} ${browser[2]}`, system?.[1]].filter(Boolean).join(', ');
}
