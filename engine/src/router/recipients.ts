// Recipient List and Dynamic Router: an expression chooses, out of declared targets, those that get the message.

import { field } from '@mortise/sdk';
import type { Expression, Message } from '@mortise/sdk';
import { chosenNames } from '../step/chosen.ts';
import { stepError } from '../step/errors.ts';
import { defineStep } from '../step/step.ts';
import type { FlowTarget, Next, Run } from '../step/step.ts';

interface Written {
  readonly choose: Expression;
  readonly of: Readonly<Record<string, unknown>>;
  readonly onEmpty: 'invalid' | 'filter' | 'continue';
}

export const recipientsStep = defineStep<Written>({
  name: 'recipients',
  pattern: 'Recipient List, Dynamic Router',
  doc:
    'Delivers the message to each target whose name the expression gives, once however often it is named, and goes on. ' +
    'A name that is not declared is an error, and nothing is delivered.',
  form: field.group(
    {
      choose: field.expression({ doc: 'Gives the names of the recipients: one, or a list.', example: 'lines.supplier' }),
      of: field.record(field.targets({ doc: 'A target, or several under one name.' }), {
        doc: 'The targets that may be chosen, by name.',
        example: { acme: { channel: 'acme-orders' } },
      }),
      onEmpty: field.choice(['invalid', 'filter', 'continue'], {
        doc: 'What becomes of a message for which no name is given: it is invalid, ends as filtered, or just goes on.',
        default: 'invalid',
      }),
    },
    { doc: 'Who gets the message.' },
  ),
  compile(written, compiler, path) {
    const choose = compiler.expression(written.choose, [...path, 'choose']);
    const declared = new Map(
      Object.entries(written.of).map(([name, target]) => [name, compiler.targets(target, [...path, 'of', name])]),
    );
    if (declared.size === 0) compiler.problem([...path, 'of'], 'No target is declared.', 'Name at least one.');
    return {
      *run(message, next) {
        const names = new Set(yield* chosenNames(choose, declared, message));
        if (names.size === 0) yield* whenEmpty(written, choose.text, message, next);
        else {
          for (const name of names) yield* deliver(declared.get(name) ?? [], message);
          yield* next(message);
        }
      },
    };
  },
});

function* deliver(targets: readonly FlowTarget[], message: Message): Run {
  for (const target of targets) yield { kind: 'output', target, message };
}

function* whenEmpty({ onEmpty, of }: Written, text: string, message: Message, next: Next): Run {
  if (onEmpty === 'continue') yield* next(message);
  else if (onEmpty === 'filter') yield { kind: 'filtered' };
  else {
    const known = Object.keys(of).join(', ');
    throw stepError('MORTISE_STEP_NO_RECIPIENT', `"${text.slice(0, 200)}" gave no name; declared are: ${known}.`);
  }
}
