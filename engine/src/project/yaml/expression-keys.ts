// The keys behind which flows have expressions: where a brace is more likely JSONata than YAML.

import type { Field, Fields } from '@mortise/sdk';
import { flowForm } from '../../flow/form.ts';
import { stepDefinitions } from '../../flow/steps.ts';

let keys: ReadonlySet<string> | undefined;

/** From the forms of all steps and of flows. */
export function expressionKeys(): ReadonlySet<string> {
  keys ??= new Set([
    'with',
    ...keysIn(flowForm),
    ...keysIn(Object.fromEntries([...stepDefinitions].map(([name, { form }]) => [name, form]))),
  ]);
  return keys;
}

function keysIn(fields: Fields): readonly string[] {
  return Object.entries(fields).flatMap(([name, spec]) => [...(takesExpression(spec) ? [name] : []), ...innerKeys(spec)]);
}

function innerKeys(spec: Field): readonly string[] {
  return [...keysIn(spec.fields ?? {}), ...(spec.of ? innerKeys(spec.of) : []), ...(spec.forms ?? []).flatMap(innerKeys)];
}

function takesExpression(spec: Field): boolean {
  return spec.kind === 'expression' || (spec.forms ?? []).some(takesExpression);
}
