// A list of compiled steps: each runs with the rest of the list as what follows.

import type { Message } from '@mortise/sdk';
import type { CompiledStep, CompiledSteps, Next, Run } from '../step/step.ts';

/** Steps in a row. `resume` goes on behind the step that holds messages under `entry`, wherever in the list it lies. */
export function stepList(steps: readonly CompiledStep[]): CompiledSteps {
  const runFrom = (index: number, next: Next): Next => {
    const step = steps[index];
    if (!step) return next;
    return (message) => step.run(message, runFrom(index + 1, next));
  };
  return {
    run: (message, next) => runFrom(0, next)(message),
    resume(entry, message, next) {
      for (const [index, step] of steps.entries()) {
        const run = resumeAt(step, entry, message, runFrom(index + 1, next));
        if (run) return run;
      }
      return undefined;
    },
  };
}

function resumeAt(step: CompiledStep, entry: string, message: Message, next: Next): Run | undefined {
  return step.entry === entry ? next(message) : step.resume?.(entry, message, next);
}
