// Splitter: what follows runs for each part by itself.

import { field } from '@mortise/sdk';
import type { Expression, FormatReference, Message } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import { withBody, withVariable } from '../step/message.ts';
import { defineStep, evaluate } from '../step/step.ts';
import type { Next, Run } from '../step/step.ts';

interface Written {
  readonly id?: string;
  readonly each: Expression | { readonly format: FormatReference };
  readonly steps?: readonly unknown[];
}

/** After so many parts the outputs so far are committed: memory stays flat, and a crash repeats no more than these. */
const partsPerCommit = 500;

export const splitStep = defineStep<Written>({
  name: 'split',
  pattern: 'Splitter',
  doc: 'Takes the message apart; what follows runs for each part. $index counts the parts from 0.',
  form: field.group(
    {
      id: field.text({ doc: 'A name for the step, unique in the flow; its place where absent.', optional: true }),
      each: field.oneOf(
        [
          field.expression({ doc: 'Gives the parts: an array, or one value.' }),
          field.group(
            { format: field.format({ doc: 'Parts are the records of the body in this format.' }) },
            { doc: 'Records of a format.' },
          ),
        ],
        { doc: 'The parts: an expression, or the records of a format.', example: 'lines' },
      ),
      steps: field.steps({ doc: 'What happens to each part before it goes on.', optional: true }),
    },
    { doc: 'How the message is taken apart.' },
  ),
  compile(written, compiler, path) {
    const id = written.id ?? path.join('.');
    compiler.claimId(id, [...path, 'id']);
    const each = written.each;
    const byFormat = typeof each === 'object' && 'format' in each;
    const records = byFormat ? compiler.records(each.format, [...path, 'each', 'format']) : undefined;
    const parts = byFormat ? undefined : compiler.expression(each, [...path, 'each']);
    const steps = compiler.steps(written.steps ?? [], [...path, 'steps']);
    const toEach = (message: Message, next: Next, index: number, part: unknown): Run =>
      steps.run(withVariable(withBody(message, part), 'index', index), next);
    return {
      *run(message, next) {
        const position = (yield { kind: 'position', step: id }) as number;
        const source = records ? recordsOf(records(message.body)) : arrayOf(parts ? yield* evaluate(parts, message) : undefined);
        yield* forEachPart(source, position, id, (part, index) => toEach(message, next, index, part));
      },
      resume: (entry, message, next) => steps.resume(entry, message, next),
    };
  },
});

type Parts = Generator<Promise<unknown> | unknown[], void, unknown>;

/** Runs `toEach` for the parts from `position` on, with a checkpoint now and then. */
function* forEachPart(parts: Parts, position: number, step: string, toEach: (part: unknown, index: number) => Run): Run {
  let index = 0;
  let answer: unknown;
  for (let wanted = parts.next(); !wanted.done; wanted = parts.next(answer)) {
    if (wanted.value instanceof Promise) {
      answer = yield { kind: 'await', promise: wanted.value };
      continue;
    }
    for (const part of wanted.value) {
      if (index >= position) yield* toEach(part, index);
      index += 1;
      if (index > position && index % partsPerCommit === 0) yield { kind: 'checkpoint', step, position: index };
    }
  }
}

function* arrayOf(value: unknown): Parts {
  if (value === undefined)
    throw stepError('MORTISE_STEP_EXPRESSION_NOTHING', 'The parts of the split are nothing; expected an array.');
  yield Array.isArray(value) ? value : [value];
}

/** Asks for one record after the other: a promise out, the record in. */
function* recordsOf(records: AsyncIterable<unknown>): Parts {
  const iterator = records[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = (yield iterator.next()) as IteratorResult<unknown>;
    if (done) return;
    yield [value];
  }
}
