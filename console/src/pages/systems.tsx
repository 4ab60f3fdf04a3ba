// All systems and how they are.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import type { System } from '../api/types.ts';
import { placeOf } from '../parts/format.ts';
import { healthOf } from '../parts/mesh-graph.ts';
import { Empty, PageHead, ProblemNotice, Tag } from '../parts/parts.tsx';
import { systems as texts } from '../texts/index.ts';

export function Systems() {
  const systems = useQuery({ queryKey: ['systems'], queryFn: api.systems, refetchInterval: 2000 });
  const { data: flows = [] } = useQuery({ queryKey: ['flows'], queryFn: api.flows });
  const { columns } = texts;
  const usersOf = (name: string): number =>
    flows.filter(({ from, to }) => [from, ...to].some((one) => placeOf(one).system === name)).length;
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={systems.error} />
      <section className="panel scroll-x">
        {systems.data?.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
        <table className="table">
          <thead>
            <tr>
              <th>{columns.name}</th>
              <th>{columns.state}</th>
              <th className="only-wide">{columns.connector}</th>
              <th className="right">{columns.waiting}</th>
              <th className="right only-wide">{columns.flows}</th>
            </tr>
          </thead>
          <tbody>
            {systems.data?.map((system) => (
              <tr key={system.name}>
                <td>
                  <Link to="/systems/$name" params={{ name: system.name }} className="strong">
                    {system.name}
                  </Link>
                </td>
                <td>
                  <SystemState system={system} />
                </td>
                <td className="dim only-wide">{[...new Set(system.connections.map(({ connector }) => connector))].join(', ')}</td>
                <td className="right num">{system.outbounds.reduce((sum, { waiting }) => sum + waiting, 0).toLocaleString()}</td>
                <td className="right num only-wide">{usersOf(system.name)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

/** The worst first: a breaker, an inbound that fails, a standstill. */
export function SystemState({ system }: { readonly system: System }) {
  const broken = system.connections.find(({ breaker }) => breaker !== 'closed');
  if (broken)
    return <Tag tone={broken.breaker === 'open' ? 'bad' : 'warn'}>{`${texts.breaker} ${texts.breakers[broken.breaker]}`}</Tag>;
  const failing = system.inbounds.find(({ state }) => state === 'failing');
  if (failing)
    return (
      <span title={failing.problem}>
        <Tag tone="bad">{texts.inboundFails}</Tag>
      </span>
    );
  if (system.standstill) return <Tag tone="warn">{system.standstill.reason}</Tag>;
  return <Tag tone={healthOf(system)}>{texts.well}</Tag>;
}
