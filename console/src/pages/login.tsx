// The login: shown when the API answers that nobody is signed in; by the link of the first start the first administrator is made, and by
// that of an invitation a password is set.

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { people } from '../api/people.ts';
import type { Who } from '../api/people-types.ts';
import icon from '../icon.svg';
import { ProblemNotice } from '../parts/parts.tsx';
import { signIn as texts } from '../texts/index.ts';

/** What a link leads to. */
export type Entry = { readonly use: 'setup' | 'invitation'; readonly code: string };

const words = {
  login: { title: texts.title, lead: texts.lead, go: texts.go },
  setup: { title: texts.first, lead: texts.firstLead, go: texts.firstGo },
  invitation: { title: texts.invited, lead: texts.invitedLead, go: texts.go },
};

export function Login({ onDone, entry }: { readonly onDone: (who: Who) => void; readonly entry?: Entry | undefined }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const use = entry?.use ?? 'login';
  const ways = useQuery({ queryKey: ['login-ways'], queryFn: people.ways, enabled: use === 'login' });
  const go = useMutation({
    mutationFn: () => {
      if (use === 'setup') return people.setUp(entry?.code ?? '', name, password);
      return use === 'invitation'
        ? people.acceptInvitation(entry?.code ?? '', password, totp)
        : people.login(name, password, totp);
    },
    onSuccess: onDone,
  });
  const code = go.error instanceof ApiProblem ? go.error.code : '';
  // Asked for once it is known that there is one, and kept there where it was wrong.
  const [asksCode, askCode] = useState(false);
  if (code === 'MORTISE_ACCESS_SECOND_FACTOR' && !asksCode) askCode(true);
  const isWrong = use === 'login' && !asksCode && code === 'MORTISE_ACCESS_WRONG_LOGIN';
  const { title, lead, go: label } = words[use];
  return (
    <main className="login">
      <form
        className="panel stack"
        onSubmit={(event) => {
          event.preventDefault();
          go.mutate();
        }}
      >
        <div className="row">
          <img src={icon} width={28} height={28} alt="" />
          <h1 style={{ fontSize: 19 }}>{title}</h1>
        </div>
        <p className="dim">{use === 'login' && ways.data?.setup ? texts.setup : lead}</p>
        {use !== 'invitation' && (
          <TextInput
            size="sm"
            label={texts.name}
            autoComplete="username"
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            autoFocus
          />
        )}
        <PasswordInput
          size="sm"
          label={use === 'login' ? texts.password : texts.newPassword}
          autoComplete={use === 'login' ? 'current-password' : 'new-password'}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          required
          {...(isWrong ? { error: texts.wrong } : {})}
        />
        {asksCode && <CodeInput value={totp} onChange={setTotp} label={texts.code} />}
        {!isWrong && !(code === 'MORTISE_ACCESS_SECOND_FACTOR') && <ProblemNotice error={go.error} />}
        <Button type="submit" size="sm" variant="filled" loading={go.isPending}>
          {label}
        </Button>
        {ways.data?.signOn && <SignOn />}
      </form>
    </main>
  );
}

/** A page of the engine that sends the browser on to the provider. */
function SignOn() {
  return (
    <>
      <div className="or">{texts.or}</div>
      <Button component="a" href="/api/v1/sign-on" size="sm">
        {texts.signOn}
      </Button>
    </>
  );
}

interface CodeInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
}

/** Six digits, as an authenticator program shows them. */
export function CodeInput({ value, onChange, label }: CodeInputProps) {
  return (
    <TextInput
      size="sm"
      label={label}
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9]{6}"
      maxLength={6}
      value={value}
      onChange={(event) => onChange(event.target.value.replaceAll(/\D/g, ''))}
      required
      data-autofocus
      autoFocus
    />
  );
}
