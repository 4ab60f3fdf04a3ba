// The roles: what each may do, and which operations of the API each right opens, both as the engine itself says.

import { useQuery } from '@tanstack/react-query';
import { people } from '../api/people.ts';
import type { Right, Role } from '../api/people-types.ts';
import { Icon } from '../parts/icons.tsx';
import { PageHead, Panel, ProblemNotice, ScrollX } from '../parts/parts.tsx';
import { rights as rightTexts, roles as texts } from '../texts/index.ts';

const rights = Object.keys(rightTexts) as readonly Right[];

export function Roles() {
  const roles = useQuery({ queryKey: ['roles'], queryFn: people.roles, staleTime: Infinity });
  return (
    <div className="stack">
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={roles.error} />
      <Panel bare>{roles.data && <Matrix roles={roles.data} />}</Panel>
      <p className="dim">{texts.bodies}</p>
      <Operations />
    </div>
  );
}

function Matrix({ roles }: { readonly roles: readonly Role[] }) {
  return (
    <ScrollX>
      <table className="table">
        <thead>
          <tr>
            <th>{texts.role}</th>
            {rights.map((right) => (
              <th key={right} title={rightTexts[right].says}>
                {rightTexts[right].word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {roles.map(({ role, rights: held }) => (
            <tr key={role}>
              <th scope="row" style={{ color: 'inherit' }}>
                {texts.words[role] ?? role}
              </th>
              {rights.map((right) => (
                <td key={right}>
                  <span className="visually-hidden">{held.includes(right) ? texts.may : texts.mayNot}</span>
                  {held.includes(right) && (
                    <span style={{ color: 'var(--good)' }}>
                      <Icon name="check" />
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function Operations() {
  const { data } = useQuery({ queryKey: ['operations'], queryFn: people.operations, staleTime: Infinity });
  return (
    <Panel title={texts.operations}>
      <p className="dim">{texts.operationsLead}</p>
      <div className="stack" style={{ gap: 4, marginTop: 8 }}>
        {rights.map((right) => {
          const opened = data?.filter(({ needs }) => needs === right) ?? [];
          return (
            <details key={right}>
              <summary>
                <b>{rightTexts[right].word}</b> <span className="dim">{texts.count(opened.length)}</span>
                <span className="dim"> – {rightTexts[right].says}</span>
              </summary>
              <ul className="operations">
                {opened.map(({ id, summary }) => (
                  <li key={id}>
                    <span className="mono">{id}</span> <span className="dim">{summary}</span>
                  </li>
                ))}
              </ul>
            </details>
          );
        })}
      </div>
    </Panel>
  );
}
