// All flows: from where to where, how fast, and what waits.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import { DrainTag } from '../parts/drain-tag.tsx';
import { rate } from '../parts/format.ts';
import { loadOf } from '../parts/mesh-graph.ts';
import { Empty, PageHead, ProblemNotice, Spark, Tag } from '../parts/parts.tsx';
import { flows as texts } from '../texts/index.ts';

export function Flows() {
  const flows = useQuery({ queryKey: ['flows'], queryFn: api.flows, refetchInterval: 4000 });
  const { data: traffic } = useQuery({ queryKey: ['traffic'], queryFn: api.traffic, refetchInterval: 2000 });
  const { columns } = texts;
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={flows.error} />
      <section className="panel scroll-x">
        {flows.data?.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
        <table className="table">
          <thead>
            <tr>
              <th>{columns.name}</th>
              <th className="only-wide">{columns.from}</th>
              <th className="only-wide">{columns.to}</th>
              <th className="right">{columns.rate}</th>
              <th className="only-wide" />
              <th className="right">{columns.waiting}</th>
            </tr>
          </thead>
          <tbody>
            {flows.data?.map(({ name, description, from, to, standstill, drain }) => {
              const load = loadOf(traffic, [`flow:${name}`]);
              return (
                <tr key={name}>
                  <td className="described">
                    <Link to="/flows/$name" params={{ name }} className="strong">
                      {name}
                    </Link>{' '}
                    {standstill && <Tag tone="warn">{texts.paused}</Tag>}
                    {drain && <DrainTag drain={drain} />}
                    <div className="dim">{description}</div>
                  </td>
                  <td className="only-wide">{from}</td>
                  <td className="only-wide">{to.map((one) => one.replace('outbound:', '')).join(', ')}</td>
                  <td className="right num">{rate(load.perSecond)}/s</td>
                  <td className="only-wide">
                    <Spark values={traffic?.destinations.find((one) => one.name === `flow:${name}`)?.series ?? []} />
                  </td>
                  <td className="right num">{load.waiting.toLocaleString()}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </>
  );
}
