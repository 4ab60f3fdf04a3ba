// Sequence: durable numbers, as for invoices and control numbers, that no two messages have.

import { field } from '@mortise/sdk';
import { withVariable } from '../step/message.ts';
import { defineStep } from '../step/step.ts';

interface Written {
  readonly name: string;
  readonly into: string;
  readonly from: number;
  readonly to: number;
}

export const sequenceStep = defineStep<Written>({
  name: 'sequence',
  pattern: 'Message Sequence',
  doc: `Draws the next number of a sequence that all flows share by its name. No number is given twice before the sequence has come from "to" back to
"from". The number is committed with what the flow makes of it, so a message that fails behind this step leaves no gap, one that is
filtered out behind it does; a retry after a crash has the same number. Once a "call" behind this step may have told the number to a system, it stays with the message: also if that is dead, and
a gap only if it is discarded. A flow that changes from and to changes them for what is drawn from then on.`,
  form: field.group(
    {
      name: field.text({
        doc: 'The name of the sequence.',
        example: 'invoice',
        pattern: /^[A-Za-z0-9][\w.-]{0,99}$/,
        expected: '1 to 100 letters, digits and . _ -, a letter or digit first',
      }),
      into: field.text({
        doc: 'The variable that holds the number.',
        example: 'number',
        pattern: /^[A-Za-z_]\w*$/,
        expected: 'letters, digits and _, and no digit first',
      }),
      from: field.integer({ doc: 'The first number.', default: 1, minimum: 0 }),
      to: field.integer({ doc: 'The last number: "from" follows.', default: 999_999_999_999, minimum: 1 }),
    },
    { doc: 'Which sequence, and what holds the number.' },
  ),
  compile({ name, into, from, to }, compiler, path) {
    compiler.notDeterministic();
    if (to <= from)
      compiler.problem([...path, 'to'], `The sequence goes from ${from} to ${to}.`, 'Let "to" be larger than "from".');
    return {
      *run(message, next) {
        const number = yield { kind: 'draw', name, from, to };
        yield* next(withVariable(message, into, number));
      },
    };
  },
});
