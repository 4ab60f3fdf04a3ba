// Message Expiration: from a time on the message is worth nothing, and is not delivered any more.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';
import { timeOf } from '../step/time.ts';

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
        const expiresAtMs = at ? yield* timeOf(at, message) : acceptedAtMs + afterMs;
        yield* next({ ...message, properties: { ...message.properties, expiresAtMs } });
      },
    };
  },
});
