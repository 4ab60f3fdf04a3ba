// Names that an expression chooses out of a declared list: what is not declared is an error, never left out.

import { nearest } from '@mortise/sdk';
import type { Message } from '@mortise/sdk';
import { stepError } from './errors.ts';
import { evaluate } from './step.ts';
import type { Run, StepExpression } from './step.ts';

/** The chosen names in their order: one name, a list of them, or nothing. */
export function* chosenNames(
  choose: StepExpression,
  declared: ReadonlyMap<string, unknown>,
  message: Message,
): Run<readonly string[]> {
  const value = yield* evaluate(choose, message);
  const names: readonly unknown[] = Array.isArray(value)
    ? (value as unknown[])
    : value === undefined || value === null
      ? []
      : [value];
  return names.map((name) => declaredName(name, declared, choose.text));
}

function declaredName(name: unknown, declared: ReadonlyMap<string, unknown>, text: string): string {
  if (typeof name !== 'string') {
    const found = JSON.stringify(name) ?? typeof name;
    throw stepError('MORTISE_STEP_WRONG_TYPE', `"${text.slice(0, 200)}" gave ${found.slice(0, 100)}; expected names, as text.`);
  }
  if (declared.has(name)) return name;
  const near = nearest(name, declared.keys());
  const known = [...declared.keys()].join(', ');
  throw stepError(
    'MORTISE_STEP_UNDECLARED',
    `"${text.slice(0, 200)}" gave the name "${name.slice(0, 100)}"; declared are: ${known}.`,
    {
      ...(near === undefined
        ? {}
        : { remedy: `Did the expression mean "${near}"? Mend it, or declare the name under "of"; then retry.` }),
      details: { name: name.slice(0, 100), declared: [...declared.keys()] },
    },
  );
}
