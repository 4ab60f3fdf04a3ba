// Message Expiration: from a time on the message is worth nothing, and is not delivered any more.

import { field, parseDuration } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import { defineStep, evaluate } from '../step/step.ts';

type Written = number | { readonly after: number } | { readonly at: Expression };

export const expireStep = defineStep<Written>({
  name: 'expire',
  pattern: 'Message Expiration',
  doc: 'Says until when the message is worth delivering; later it ends as dead, with the reason.',
  form: field.oneOf(
    [
      field.duration({ doc: 'So long after it was accepted.' }),
      field.group({ after: field.duration({ doc: 'So long after it was accepted.' }) }, { doc: 'A duration.' }),
      field.group(
        { at: field.expression({ doc: 'The time, as RFC 3339 text or milliseconds since 1970.' }) },
        { doc: 'A time.' },
      ),
    ],
    { doc: 'A duration after accepting, or a time.', example: '1h' },
  ),
  compile(written, compiler, path) {
    const at = typeof written === 'object' && 'at' in written ? compiler.expression(written.at, [...path, 'at']) : undefined;
    const afterMs = typeof written === 'number' ? written : 'after' in written ? written.after : 0;
    return {
      *run(message, next) {
        const { acceptedAtMs } = message.properties;
        const expiresAtMs = at ? toMs(yield* evaluate(at, message), at.text) : acceptedAtMs + afterMs;
        yield* next({ ...message, properties: { ...message.properties, expiresAtMs } });
      },
    };
  },
});

function toMs(value: unknown, text: string): number {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  const hint = typeof value === 'string' && parseDuration(value) !== undefined ? ' For a duration write "after".' : '';
  throw stepError(
    'MORTISE_STEP_WRONG_TYPE',
    `"${text}" gave ${JSON.stringify(value)}; expected a time (RFC 3339 or milliseconds).${hint}`,
  );
}
