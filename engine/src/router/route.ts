// Content-Based Router: the first branch whose condition holds takes the message.

import { field } from '@mortise/sdk';
import type { Expression, Message, Path } from '@mortise/sdk';
import { holds } from '../step/condition.ts';
import { stepError } from '../step/errors.ts';
import { defineStep, evaluate } from '../step/step.ts';
import type { CompiledSteps, Next, Run, StepCompiler, StepExpression } from '../step/step.ts';
import { compileEnding } from '../step/ending.ts';

interface Branch {
  readonly when?: Expression;
  readonly else?: boolean;
  readonly steps?: readonly unknown[];
  readonly to?: unknown;
}

interface CompiledBranch {
  /** Absent for `else`. */
  readonly when: StepExpression | undefined;
  readonly steps: CompiledSteps;
}

export const routeStep = defineStep<readonly Branch[]>({
  name: 'route',
  pattern: 'Content-Based Router',
  doc: 'Sends the message into the first branch that matches; one with "to" ends there, one without goes on behind the route.',
  form: field.list(
    field.group(
      {
        when: field.expression({ doc: 'True for messages of this branch.', optional: true }),
        else: field.boolean({ doc: 'The branch for what no other took; the last one.', optional: true }),
        steps: field.steps({ doc: 'What happens in this branch.', optional: true }),
        to: field.targets({ doc: 'Where messages of this branch go, and end.', optional: true }),
      },
      { doc: 'A branch.' },
    ),
    { doc: 'The branches, tried in order.' },
  ),
  compile(written, compiler, path) {
    const branches = written.map((branch, index) =>
      compileBranch(branch, index === written.length - 1, compiler, [...path, index]),
    );
    return {
      *run(message, next) {
        const branch = yield* choose(branches, message);
        yield* branch.steps.run(message, next);
      },
      resume: (entry, message, next) => resumeIn(branches, entry, message, next),
    };
  },
});

function compileBranch(written: Branch, isLast: boolean, compiler: StepCompiler, path: Path): CompiledBranch {
  const isElse = written.else === true;
  if (isElse === (written.when !== undefined)) {
    compiler.problem(path, 'A branch has either "when" or "else: true".', 'Give it one of the two.');
  }
  if (isElse && !isLast)
    compiler.problem([...path, 'else'], 'Branches behind "else" are never reached.', 'Put the else branch last.');
  const when = written.when === undefined ? undefined : compiler.expression(written.when, [...path, 'when']);
  return { when, steps: compileEnding(written, compiler, path) };
}

function* choose(branches: readonly CompiledBranch[], message: Message): Run<CompiledBranch> {
  for (const branch of branches) {
    if (!branch.when || holds(yield* evaluate(branch.when, message), branch.when.text)) return branch;
  }
  const tried = branches.map((branch) => branch.when?.text).join('; ');
  throw stepError('MORTISE_STEP_NO_BRANCH', `None of these held: ${tried}`);
}

function resumeIn(branches: readonly CompiledBranch[], entry: string, message: Message, next: Next): Run | undefined {
  for (const branch of branches) {
    const run = branch.steps.resume(entry, message, next);
    if (run) return run;
  }
  return undefined;
}
