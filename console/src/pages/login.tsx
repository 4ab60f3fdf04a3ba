// The login: shown when the API answers that nobody is signed in.

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiProblem } from '../api/client.ts';
import icon from '../icon.svg';
import { ProblemNotice } from '../parts/parts.tsx';
import { login as texts } from '../texts.ts';

export function Login({ onDone }: { readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({ mutationFn: () => api.login(name, password), onSuccess: onDone });
  const isWrong = signIn.error instanceof ApiProblem && signIn.error.status === 401;
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
          <h1 style={{ fontSize: 19 }}>{texts.title}</h1>
        </div>
        <p className="dim">{texts.lead}</p>
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
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          required
          {...(isWrong ? { error: texts.wrong } : {})}
        />
        {!isWrong && <ProblemNotice error={signIn.error} />}
        <Button type="submit" size="sm" variant="filled" loading={signIn.isPending}>
          {texts.go}
        </Button>
      </form>
    </main>
  );
}
