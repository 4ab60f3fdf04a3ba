// Try: steps whose failure is part of the plan, and what happens then.

import { field, MortiseError } from '@mortise/sdk';
import type { Message, Path } from '@mortise/sdk';
import { compileEnding } from '../step/ending.ts';
import { withVariable } from '../step/message.ts';
import { defineStep } from '../step/step.ts';
import type { CompiledSteps, Run, StepCompiler } from '../step/step.ts';

interface Catch {
  readonly on?: readonly string[] | string;
  readonly steps?: readonly unknown[];
  readonly to?: unknown;
}

interface Written {
  readonly steps: readonly unknown[];
  readonly catch: Catch | readonly Catch[];
}

interface CompiledCatch {
  readonly on: readonly string[] | undefined;
  readonly steps: CompiledSteps;
}

const catchForm = field.group(
  {
    on: field.oneOf([field.text({ doc: 'A code.' }), field.list(field.text({ doc: 'A code.' }), { doc: 'Codes.' })], {
      doc: 'Error codes, or Unavailable, Busy, Rejected, InDoubt; every error where absent.',
      optional: true,
    }),
    steps: field.steps({ doc: 'What happens to the message then; $error holds code and message.', optional: true }),
    to: field.targets({ doc: 'Where it goes then, and ends.', optional: true }),
  },
  { doc: 'What happens on these errors.' },
);

export const tryStep = defineStep<Written>({
  name: 'try',
  pattern: 'Process Manager, Invalid Message Channel',
  doc: 'Runs steps; on an error forgets what they put out, and runs the first catch that names it.',
  form: field.group(
    {
      steps: field.steps({ doc: 'What is tried.' }),
      catch: field.oneOf([catchForm, field.list(catchForm, { doc: 'Several, tried in order.' })], {
        doc: 'What happens on an error.',
      }),
    },
    { doc: 'Steps, and what follows their failure.' },
  ),
  compile(written, compiler, path) {
    const steps = compiler.steps(written.steps, [...path, 'steps']);
    const catches = compileCatches(written.catch, compiler, [...path, 'catch']);
    return {
      *run(message, next) {
        const through = yield* attempt(message, steps, catches);
        for (const after of through) yield* next(after);
      },
      resume(entry, message, next) {
        return [steps, ...catches.map((caught) => caught.steps)]
          .map((list) => list.resume(entry, message, next))
          .find((run) => run);
      },
    };
  },
});

function compileCatches(written: Catch | readonly Catch[], compiler: StepCompiler, path: Path): readonly CompiledCatch[] {
  const one = (caught: Catch, at: Path): CompiledCatch => ({
    on: typeof caught.on === 'string' ? [caught.on] : caught.on,
    steps: compileEnding(caught, compiler, at),
  });
  return Array.isArray(written)
    ? (written as readonly Catch[]).map((caught, index) => one(caught, [...path, index]))
    : [one(written as Catch, path)];
}

/** The messages that came through, either way. Only then does the rest of the flow run: its errors are not this step's. */
function* attempt(message: Message, steps: CompiledSteps, catches: readonly CompiledCatch[]): Run<readonly Message[]> {
  const savepoint = yield { kind: 'savepoint' };
  const through: Message[] = [];
  try {
    yield* steps.run(message, collect(through));
    yield { kind: 'release', savepoint };
    return through;
  } catch (error) {
    const caught = error instanceof MortiseError ? catches.find(({ on }) => names(on, error)) : undefined;
    if (!caught) throw error;
    yield { kind: 'rollback', savepoint };
    yield { kind: 'release', savepoint };
    const instead: Message[] = [];
    yield* caught.steps.run(withVariable(message, 'error', errorOf(error as MortiseError)), collect(instead));
    return instead;
  }
}

function collect(into: Message[]): (message: Message) => Run {
  // A generator that yields nothing: the message has come to the end of the list.
  return function* (message) {
    into.push(message);
  };
}

function names(on: readonly string[] | undefined, error: MortiseError): boolean {
  return on === undefined || on.some((name) => name === error.code || name === error.name);
}

function errorOf({ code, message, name }: MortiseError): Readonly<Record<string, unknown>> {
  return { code, message, name };
}
