// Routing Slip: an expression says, for each message, which of the declared lists of steps it passes, and in which order.

import { field } from '@mortise/sdk';
import type { Expression, Message } from '@mortise/sdk';
import { chosenNames } from '../step/chosen.ts';
import { stepError } from '../step/errors.ts';
import { withVariable } from '../step/message.ts';
import { defineStep } from '../step/step.ts';
import type { CompiledSteps, Next, Run } from '../step/step.ts';

interface Written {
  readonly choose: Expression;
  readonly of: Readonly<Record<string, readonly unknown[]>>;
}

export const slipStep = defineStep<Written>({
  name: 'slip',
  pattern: 'Routing Slip',
  doc:
    'Runs the lists of steps whose names the expression gives, in that order, each once; then goes on. ' +
    'A name that is not declared is an error before the first step has run; where there is no name the message goes on at once.',
  form: field.group(
    {
      choose: field.expression({ doc: 'Gives the names in the order of the stops.', example: '["check", "label"]' }),
      of: field.record(field.steps({ doc: 'The steps of this stop.' }), { doc: 'The stops that may be chosen, by name.' }),
    },
    { doc: 'The way of each message.' },
  ),
  compile(written, compiler, path) {
    const choose = compiler.expression(written.choose, [...path, 'choose']);
    const stops = new Map(
      Object.entries(written.of).map(([name, steps]) => [name, compiler.steps(steps, [...path, 'of', name])]),
    );
    if (stops.size === 0) compiler.problem([...path, 'of'], 'No stop is declared.', 'Name at least one.');
    const slip = new Slip(stops, `slip:${path.join('.')}`);
    return {
      *run(message, next) {
        yield* slip.run(onceEach(yield* chosenNames(choose, stops, message), choose.text), message, next);
      },
      resume: (entry, message, next) => slip.resume(entry, message, next),
    };
  },
});

/** The message carries what is left of its slip, as the pattern has it: one that is held in a stop knows where to go on. */
class Slip {
  readonly #stops: ReadonlyMap<string, CompiledSteps>;
  /** No name that an expression could read or `into` could bind. */
  readonly #variable: string;

  constructor(stops: ReadonlyMap<string, CompiledSteps>, variable: string) {
    this.#stops = stops;
    this.#variable = variable;
  }

  *run([stop, ...left]: readonly string[], message: Message, next: Next): Run {
    const steps = stop === undefined ? undefined : this.#stops.get(stop);
    if (steps) yield* steps.run(withVariable(message, this.#variable, left), this.#after(left, next));
    else yield* next(message);
  }

  resume(entry: string, message: Message, next: Next): Run | undefined {
    const left = message.properties.variables[this.#variable];
    const after = this.#after(Array.isArray(left) ? (left as string[]) : [], next);
    for (const steps of this.#stops.values()) {
      const run = steps.resume(entry, message, after);
      if (run) return run;
    }
    return undefined;
  }

  #after(left: readonly string[], next: Next): Next {
    return (message) => this.run(left, message, next);
  }
}

/** Ids of what a stop sends go by its place in the flow: a second visit would look like the first made again. */
function onceEach(names: readonly string[], text: string): readonly string[] {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return names;
  throw stepError('MORTISE_STEP_WRONG_TYPE', `"${text.slice(0, 200)}" gave "${twice}" twice; expected each name once.`, {
    remedy: 'Declare a second stop with the same steps under another name.',
  });
}
