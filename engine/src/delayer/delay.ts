// Delayer: holds a message for a while; a restart does not shorten or lengthen it.

import { field } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';

type Written = number | { readonly id?: string; readonly for: number };

export const delayStep = defineStep<Written>({
  name: 'delay',
  pattern: 'Delayer',
  doc: 'Holds the message so long, then goes on. Give it an id if the flow will change while messages are held.',
  form: field.oneOf(
    [
      field.duration({ doc: 'How long.' }),
      field.group(
        {
          id: field.text({ doc: 'A name for the step, unique in the flow: messages are held under it.', optional: true }),
          for: field.duration({ doc: 'How long.' }),
        },
        { doc: 'How long, with an id.' },
      ),
    ],
    { doc: 'How long the message is held.', example: '15m' },
  ),
  compile(written, compiler, path) {
    const forMs = typeof written === 'number' ? written : written.for;
    const id = (typeof written === 'number' ? undefined : written.id) ?? path.join('.');
    compiler.claimId(id, [...path, 'id'], true);
    compiler.notDeterministic();
    return {
      entry: id,
      *run(message) {
        yield { kind: 'hold', step: id, message, forMs };
      },
    };
  },
});
