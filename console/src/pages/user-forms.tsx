// The dialogs about one user: added with roles and a link, changed, disabled, removed.

import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { people } from '../api/people.ts';
import type { Grant, User } from '../api/people-types.ts';
import { AskButton } from '../parts/ask.tsx';
import { GrantsEditor } from '../parts/grants.tsx';
import { CopyButton, Notice, ProblemNotice, Tag, Time } from '../parts/parts.tsx';
import { common, users as texts } from '../texts/index.ts';

type Invitation = Awaited<ReturnType<typeof people.invite>>;

export function AddUser({ close }: { readonly close: () => void }) {
  const [name, setName] = useState('');
  const [grants, setGrants] = useState<readonly Grant[]>([{ role: 'viewer' }]);
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: async () => {
      await people.addUser(name.trim(), grants);
      return people.invite(name.trim());
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
  return (
    <Modal opened onClose={close} title={texts.add} size="lg" closeButtonProps={{ 'aria-label': common.close }}>
      {add.data ? (
        <div className="stack">
          <Link name={name.trim()} invitation={add.data} />
          <End close={close} />
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            value={name}
            onChange={(event) => setName(event.target.value.toLowerCase())}
            required
            data-autofocus
          />
          <GrantsEditor grants={grants} setGrants={setGrants} />
          <ProblemNotice error={add.error} />
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={close}>{common.cancel}</Button>
            <Button type="submit" variant="filled" disabled={name.trim() === ''} loading={add.isPending}>
              {texts.create}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

export function EditUser({ user, close }: { readonly user: User; readonly close: () => void }) {
  const [grants, setGrants] = useState(user.grants);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (change: Parameters<typeof people.changeUser>[1]) => people.changeUser(user, change),
    onSettled: () => queries.invalidateQueries(),
  });
  const isChanged = JSON.stringify(grants) !== JSON.stringify(user.grants);
  return (
    <Modal opened onClose={close} title={texts.edit(user.name)} size="lg" closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <GrantsEditor grants={grants} setGrants={setGrants} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="filled" disabled={!isChanged} loading={save.isPending} onClick={() => save.mutate({ grants })}>
            {texts.save}
          </Button>
        </div>
        <Credentials user={user} />
        <ProblemNotice error={save.error} />
        <div className="row">
          {user.disabled ? (
            <Button loading={save.isPending} onClick={() => save.mutate({ disabled: false })}>
              {texts.enable}
            </Button>
          ) : (
            <AskButton label={texts.disable} text={texts.disableText} act={() => people.changeUser(user, { disabled: true })} />
          )}
          <AskButton label={texts.remove} text={texts.removeText(user.name)} act={() => people.removeUser(user)} onDone={close} />
          <span style={{ marginLeft: 'auto' }}>
            <Button onClick={close}>{common.close}</Button>
          </span>
        </div>
      </div>
    </Modal>
  );
}

function Credentials({ user: { name, hasSecondFactor, disabled } }: { readonly user: User }) {
  const queries = useQueryClient();
  const invite = useMutation({ mutationFn: () => people.invite(name) });
  const endAll = useMutation({
    mutationFn: () => people.endSessionsOf(name),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  const reset = useMutation({
    mutationFn: () => people.removeSecondFactor(name),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
  return (
    <fieldset className="form">
      <legend>
        <span className="row">
          {texts.columns.login}
          <Tag tone={hasSecondFactor ? 'good' : 'mute'}>{hasSecondFactor ? texts.factor : texts.noFactor}</Tag>
        </span>
      </legend>
      {invite.data ? <Link name={name} invitation={invite.data} /> : <p className="dim">{texts.inviteText}</p>}
      <div className="row">
        {!disabled && (
          <Button loading={invite.isPending} onClick={() => invite.mutate()}>
            {texts.invite}
          </Button>
        )}
        <Button loading={endAll.isPending} onClick={() => endAll.mutate()}>
          {texts.endAll}
        </Button>
        {endAll.isSuccess && <span role="status">{texts.ended}</span>}
        {hasSecondFactor && (
          <Button loading={reset.isPending} onClick={() => reset.mutate()}>
            {texts.resetFactor}
          </Button>
        )}
      </div>
      <ProblemNotice error={invite.error ?? endAll.error ?? reset.error} />
    </fieldset>
  );
}

function Link({ name, invitation: { code, endsAt } }: { readonly name: string; readonly invitation: Invitation }) {
  const address = `${location.origin}/#invitation=${code}`;
  return (
    <Notice tone="good">
      <p>
        <b>{texts.link}</b>, {texts.until} <Time at={endsAt} />
      </p>
      <p>{texts.linkText(name)}</p>
      <p className="row" style={{ flexWrap: 'nowrap' }}>
        <span className="mono" style={{ overflowWrap: 'anywhere' }} data-testid="invitation">
          {address}
        </span>
        <CopyButton text={address} />
      </p>
    </Notice>
  );
}

function End({ close }: { readonly close: () => void }) {
  return (
    <div className="row" style={{ justifyContent: 'flex-end' }}>
      <Button variant="filled" onClick={close}>
        {common.close}
      </Button>
    </div>
  );
}
