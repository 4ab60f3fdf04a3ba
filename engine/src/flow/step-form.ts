// One written step: a mapping with one name, whose form is read before the step compiles it.

import { nearest, readValue } from '@mortise/sdk';
import type { FieldProblem, Path } from '@mortise/sdk';
import type { CompiledStep, StepCompiler } from '../step/step.ts';
import type { ProblemList } from './problems.ts';
import { stepDefinitions } from './steps.ts';

type Compiler = StepCompiler & { readonly problems: ProblemList };

/** Compiles one step; undefined where it cannot be, with the problems told. */
export function compileStep(written: unknown, path: Path, compiler: Compiler): CompiledStep | undefined {
  const name = stepName(written, path, compiler);
  const definition = name === undefined ? undefined : stepDefinitions.get(name);
  if (name === undefined || !definition) return undefined;
  const inner = [...path, name];
  const found: FieldProblem[] = [];
  const value = readValue(definition.form, (written as Readonly<Record<string, unknown>>)[name], inner, found);
  for (const problem of found) compiler.problems.addField(problem);
  return found.length > 0 ? undefined : definition.compile(value as never, compiler, inner);
}

function stepName(written: unknown, path: Path, { problems }: Compiler): string | undefined {
  const names = typeof written === 'object' && written !== null && !Array.isArray(written) ? Object.keys(written) : [];
  const [name] = names;
  if (name === undefined || names.length > 1) {
    const found = names.length > 1 ? `the names ${names.join(', ')}` : JSON.stringify(written);
    problems.add(
      'MORTISE_FLOW_STEP',
      path,
      `Found ${found}; expected one step, as "filter: total > 0".`,
      'Begin each step with "- " and its name.',
    );
    return undefined;
  }
  if (stepDefinitions.has(name)) return name;
  const near = nearest(name, stepDefinitions.keys());
  const remedy = near ? `Did you mean "${near}"?` : `Steps are: ${[...stepDefinitions.keys()].join(', ')}.`;
  problems.add('MORTISE_FLOW_UNKNOWN_STEP', [...path, name], `There is no step "${name}".`, remedy, 'key');
  return undefined;
}
