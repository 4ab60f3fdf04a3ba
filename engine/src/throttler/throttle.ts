// Throttler: messages go on no faster than a rate; the rest is held on disk, and other flows are not held up.

import { field } from '@mortise/sdk';
import type { Rate } from '@mortise/sdk';
import type { Taken } from '../step/state.ts';
import { defineStep } from '../step/step.ts';

type Written = Rate | { readonly id?: string; readonly rate: Rate };

export const throttleStep = defineStep<Written>({
  name: 'throttle',
  pattern: 'Throttler',
  doc: `Lets messages go on at a steady rate, in the order in which they came; each is held until its time, on disk, so that a restart changes
nothing. How fast a system may be asked is said at the system, with "limits": this step is for what a flow itself must not exceed. Give it an id
if the flow will change while messages are held.`,
  form: field.oneOf(
    [
      field.rate({ doc: 'How many in a time.' }),
      field.group(
        {
          id: field.text({ doc: 'A name for the step, unique in the flow: messages are held under it.', optional: true }),
          rate: field.rate({ doc: 'How many in a time.' }),
        },
        { doc: 'A rate, with an id.' },
      ),
    ],
    { doc: 'How many messages in a time go on.', example: '50/s' },
  ),
  compile(written, compiler, path) {
    const rate = 'rate' in written ? written.rate : written;
    const id = ('rate' in written ? written.id : undefined) ?? path.join('.');
    compiler.claimId(id, [...path, 'id'], true);
    compiler.notDeterministic();
    const name = { step: `throttle:${id}`, key: '' };
    return {
      entry: id,
      *run(message) {
        const { value, nowMs } = (yield { kind: 'take', ...name }) as Taken;
        const atMs = Math.max(nowMs, (value as { readonly nextAtMs?: number } | undefined)?.nextAtMs ?? 0);
        yield { kind: 'keep', ...name, value: { nextAtMs: atMs + rate.perMs / rate.count } };
        yield { kind: 'hold', step: id, message, untilMs: Math.ceil(atMs) };
      },
    };
  },
});
