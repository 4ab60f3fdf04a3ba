// The secrets: stored by name and replaced, never shown; and the keys that they lie under.

import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { people } from '../api/people.ts';
import type { Secret } from '../api/people-types.ts';
import { AskButton } from '../parts/ask.tsx';
import { Empty, Notice, PageHead, Panel, ProblemNotice, Table, Time } from '../parts/parts.tsx';
import { common, secrets as texts } from '../texts/index.ts';

export function Secrets() {
  const secrets = useQuery({ queryKey: ['secrets'], queryFn: people.secrets });
  /** Empty: a new one. */
  const [chosen, choose] = useState<string | undefined>();
  const [isStored, setStored] = useState(false);
  return (
    <div className="stack">
      <PageHead title={texts.title} lead={texts.lead}>
        <Button variant="filled" onClick={() => choose('')}>
          {texts.add}
        </Button>
      </PageHead>
      <ProblemNotice error={secrets.error} />
      {isStored && <Notice tone="good">{texts.stored}</Notice>}
      <Panel bare>
        {secrets.data?.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
        {secrets.data && secrets.data.length > 0 && <List secrets={secrets.data} replace={choose} />}
      </Panel>
      <Keys />
      {chosen !== undefined && (
        <Store
          known={chosen}
          close={(stored) => {
            setStored(stored);
            choose(undefined);
          }}
        />
      )}
    </div>
  );
}

function List({ secrets, replace }: { readonly secrets: readonly Secret[]; readonly replace: (name: string) => void }) {
  const { columns } = texts;
  return (
    <Table heads={[columns.name, columns.version, columns.changed]} action={texts.remove}>
      {secrets.map(({ name, version, changedAt }) => (
        <tr key={name}>
          <td className="mono">secret:{name}</td>
          <td className="num">{version}</td>
          <td className="dim">
            <Time at={changedAt} />
          </td>
          <td>
            <span className="row" style={{ justifyContent: 'flex-end', flexWrap: 'nowrap' }}>
              <Button aria-label={`${texts.replace}: ${name}`} onClick={() => replace(name)}>
                {texts.replace}
              </Button>
              <AskButton label={texts.remove} name={name} text={texts.removeText(name)} act={() => people.removeSecret(name)} />
            </span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Store({ known, close }: { readonly known: string; readonly close: (stored: boolean) => void }) {
  const [name, setName] = useState(known);
  const [value, setValue] = useState('');
  const queries = useQueryClient();
  const store = useMutation({
    mutationFn: () => people.setSecret(name.trim(), value),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['secrets'] });
      close(true);
    },
  });
  const title = known === '' ? texts.add : `${texts.replace}: ${known}`;
  return (
    <Modal opened onClose={() => close(false)} title={title} closeButtonProps={{ 'aria-label': common.close }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          store.mutate();
        }}
      >
        {known === '' && (
          <TextInput
            label={texts.name}
            value={name}
            onChange={(event) => setName(event.target.value)}
            pattern="[A-Za-z0-9_][A-Za-z0-9._\-]{0,99}"
            required
            data-autofocus
          />
        )}
        <PasswordInput
          label={texts.value}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          autoComplete="off"
          required
        />
        <ProblemNotice error={store.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={() => close(false)}>{common.cancel}</Button>
          <Button type="submit" variant="filled" disabled={name.trim() === '' || value === ''} loading={store.isPending}>
            {texts.store}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Keys() {
  const rotate = useMutation({ mutationFn: people.rotateSecrets });
  return (
    <Panel title={texts.rotate}>
      <div className="stack">
        <p className="dim">{texts.rotateText}</p>
        <div className="row">
          <Button loading={rotate.isPending} onClick={() => rotate.mutate('data-key')}>
            {texts.rotateData}
          </Button>
          <Button loading={rotate.isPending} onClick={() => rotate.mutate('wrapping-key')}>
            {texts.rotateWrapping}
          </Button>
        </div>
        <ProblemNotice error={rotate.error} />
        {rotate.isSuccess && <Notice tone="good">{texts.rotated}</Notice>}
      </div>
    </Panel>
  );
}
