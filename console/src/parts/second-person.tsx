// What is shown where something waits for a second person: that nothing was done yet, and where it goes on.

import { Link } from '@tanstack/react-router';
import { ApiProblem } from '../api/client.ts';
import { approvals as texts } from '../texts/index.ts';
import { Notice, ProblemNotice } from './parts.tsx';

export function waitsForSecond(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'MORTISE_ACCESS_SECOND_PERSON';
}

/** A problem; or, where it is none but four eyes, what follows. */
export function ProblemOrWait({ error }: { readonly error: unknown }) {
  if (!waitsForSecond(error)) return <ProblemNotice error={error} />;
  return (
    <Notice tone="warn">
      <p>
        <b>{texts.waiting}</b>
      </p>
      <p>{texts.waitingText}</p>
      <p>
        <Link to="/approvals">{texts.see}</Link>
      </p>
    </Notice>
  );
}
