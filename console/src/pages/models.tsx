// The catalogue of models: who gives them, who takes them.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import { Empty, PageHead, ProblemNotice } from '../parts/parts.tsx';
import { models as texts } from '../texts/index.ts';

export function Models() {
  const models = useQuery({ queryKey: ['models'], queryFn: api.models });
  const { columns } = texts;
  const names = (list: readonly string[]): string => list.map((one) => one.replace('flow:', '')).join(', ') || texts.nobody;
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={models.error} />
      <section className="panel scroll-x">
        {models.data?.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
        <table className="table">
          <thead>
            <tr>
              <th>{columns.name}</th>
              <th className="only-wide">{columns.producers}</th>
              <th className="only-wide">{columns.consumers}</th>
            </tr>
          </thead>
          <tbody>
            {models.data?.map(({ name, schema, producers, consumers }) => (
              <tr key={name}>
                <td className="described">
                  <Link to="/models/$name" params={{ name }} className="strong">
                    {name}
                  </Link>
                  <div className="dim">{descriptionOf(schema)}</div>
                </td>
                <td className="only-wide">{names(producers)}</td>
                <td className="only-wide">{names(consumers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

export function descriptionOf(schema: unknown): string {
  const { description, title } = (schema ?? {}) as { readonly description?: unknown; readonly title?: unknown };
  return typeof description === 'string' ? description : typeof title === 'string' ? title : '';
}
