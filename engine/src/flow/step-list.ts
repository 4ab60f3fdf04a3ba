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
    traced: (watch) => stepList(steps.map((step, index) => watched(step, (message) => watch(index, message)))),
  };
}

function watched(step: CompiledStep, watch: (message: Message) => void): CompiledStep {
  const telling = (next: Next): Next =>
    function* (message) {
      watch(message);
      yield* next(message);
    };
  return {
    ...step,
    run: (message, next) => step.run(message, telling(next)),
    ...(step.resume ? { resume: (entry, message, next) => step.resume?.(entry, message, telling(next)) } : {}),
  };
}

function resumeAt(step: CompiledStep, entry: string, message: Message, next: Next): Run | undefined {
  return step.entry === entry ? next(message) : step.resume?.(entry, message, next);
}
