// The login: shown when the API answers that nobody is signed in; and, by the link of the first start, where the first administrator is made.

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiProblem } from '../api/client.ts';
import icon from '../icon.svg';
import { ProblemNotice } from '../parts/parts.tsx';
import { login as texts } from '../texts.ts';

interface LoginProps {
  readonly onDone: () => void;
  /** Of the first start's link. */
  readonly code?: string;
}

export function Login({ onDone, code }: LoginProps) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => (code === undefined ? api.login(name, password) : api.setUp(code, name, password)),
    onSuccess: onDone,
  });
  const isWrong = code === undefined && signIn.error instanceof ApiProblem && signIn.error.status === 401;
  return (
    <main className="login">
      <form
        className="panel stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <div className="row">
          <img src={icon} width={28} height={28} alt="" />
          <h1 style={{ fontSize: 19 }}>{code === undefined ? texts.title : texts.first}</h1>
        </div>
        <p className="dim">{code === undefined ? texts.lead : texts.firstLead}</p>
        <TextInput
          size="sm"
          label={texts.name}
          autoComplete="username"
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          autoFocus
        />
        <PasswordInput
          size="sm"
          label={texts.password}
          autoComplete={code === undefined ? 'current-password' : 'new-password'}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          required
          {...(isWrong ? { error: texts.wrong } : {})}
        />
        {!isWrong && <ProblemNotice error={signIn.error} />}
        <Button type="submit" size="sm" variant="filled" loading={signIn.isPending}>
          {code === undefined ? texts.go : texts.firstGo}
        </Button>
      </form>
    </main>
  );
}
