// Idempotent Receiver: a message whose key was seen before has no second effect.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';
import { textOf } from '../step/text.ts';

interface Written {
  readonly id: string;
  readonly key: Expression;
  readonly for: number;
}

export const dedupeStep = defineStep<Written>({
  name: 'dedupe',
  pattern: 'Idempotent Receiver',
  doc: 'Ends a message as filtered where another one with the same key passed here before.',
  form: field.group(
    {
      id: field.text({ doc: 'A name for the step, unique in the flow: the keys are kept under it.', example: 'once' }),
      key: field.expression({ doc: 'What makes two messages the same.', example: 'orderId' }),
      for: field.duration({ doc: 'How long a key is remembered.', example: '7d' }),
    },
    { doc: 'Which messages are the same, and for how long that counts.' },
  ),
  compile(written, compiler, path) {
    compiler.claimId(written.id, [...path, 'id']);
    compiler.notDeterministic();
    const key = compiler.expression(written.key, [...path, 'key']);
    return {
      *run(message, next) {
        const text = yield* textOf(key, message);
        const isNew = yield { kind: 'reserve', step: written.id, key: text, message, forMs: written.for };
        if (isNew === true) yield* next(message);
        else yield { kind: 'filtered' };
      },
    };
  },
});
