// The users: who may log in and what each may do, added by a link that sets a password.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { people } from '../api/people.ts';
import type { User } from '../api/people-types.ts';
import { GrantTags } from '../parts/grants.tsx';
import { Empty, PageHead, ProblemNotice, Table, Tag, Time } from '../parts/parts.tsx';
import { users as texts } from '../texts/index.ts';
import { AddUser, EditUser } from './user-forms.tsx';

export function Users() {
  const users = useQuery({ queryKey: ['users'], queryFn: people.users, refetchInterval: 10_000 });
  const [chosen, choose] = useState<string | undefined>();
  const [isAdding, setAdding] = useState(false);
  const user = users.data?.find(({ name }) => name === chosen);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead}>
        <Button variant="filled" onClick={() => setAdding(true)}>
          {texts.add}
        </Button>
      </PageHead>
      <ProblemNotice error={users.error} />
      <section className="panel">
        {users.data?.length === 0 && (
          <Empty title={texts.none} text={texts.noneText}>
            <Button onClick={() => setAdding(true)}>{texts.add}</Button>
          </Empty>
        )}
        {users.data && users.data.length > 0 && <List users={users.data} choose={choose} />}
      </section>
      {isAdding && <AddUser close={() => setAdding(false)} />}
      {user && <EditUser key={user.name} user={user} close={() => choose(undefined)} />}
    </>
  );
}

function List({ users, choose }: { readonly users: readonly User[]; readonly choose: (name: string) => void }) {
  const { columns } = texts;
  return (
    <Table heads={[columns.name, columns.grants, columns.login, columns.seen]}>
      {users.map((user) => (
        <tr key={user.name}>
          <td>
            <button type="button" className="link-button strong" onClick={() => choose(user.name)}>
              {user.name}
            </button>
          </td>
          <td>
            <GrantTags grants={user.grants} />
          </td>
          <td>
            <LoginTags user={user} />
          </td>
          <td className="dim">{user.seenAt ? <Time at={user.seenAt} /> : texts.never}</td>
        </tr>
      ))}
    </Table>
  );
}

function LoginTags({ user: { disabled, hasPassword, hasSecondFactor, seenAt } }: { readonly user: User }) {
  if (disabled) return <Tag tone="bad">{texts.disabled}</Tag>;
  return (
    <span className="row" style={{ gap: 5 }}>
      {hasPassword || seenAt !== undefined ? <Tag tone="good">{texts.active}</Tag> : <Tag tone="warn">{texts.invited}</Tag>}
      {hasSecondFactor && (
        <Tag plain tone="good">
          {texts.factor}
        </Tag>
      )}
    </span>
  );
}
