// Steps that may end in targets: a branch, a catch, a flow. With `to` a message ends there; without, it goes on.

import type { Message, Path } from '@mortise/sdk';
import type { CompiledSteps, Next, Run, StepCompiler } from './step.ts';

interface Written {
  readonly steps?: readonly unknown[];
  readonly to?: unknown;
}

/** Compiles `steps` and `to` into one list of steps. */
export function compileEnding(written: Written, compiler: StepCompiler, path: Path): CompiledSteps {
  const steps = compiler.steps(written.steps ?? [], [...path, 'steps']);
  if (written.to === undefined) return steps;
  const targets = compiler.targets(written.to, [...path, 'to']);
  const end = function* (message: Message): Run {
    for (const target of targets) yield { kind: 'output', target, message };
  };
  return endingIn(steps, end);
}

function endingIn(steps: CompiledSteps, end: Next): CompiledSteps {
  return {
    run: (message: Message, _next: Next) => steps.run(message, end),
    resume: (entry, message, _next) => steps.resume(entry, message, end),
    traced: (watch) => endingIn(steps.traced(watch), end),
  };
}
