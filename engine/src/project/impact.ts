// What a change of a model would break: the flows in which something does not fit then that fits now.

import type { JsonSchema } from '@mortise/sdk';
import type { Definitions, Problem } from '../flow/definitions.ts';
import { checkTypes } from '../flow/types/check.ts';
import type { Project } from './load.ts';

export interface Impact {
  readonly flow: string;
  /** What is wrong then, and is not now. */
  readonly problems: readonly Problem[];
}

/** Flows without errors only: of others nothing is known. `model` with its version, as `order@1`. */
export function changeImpact({ flows, compiled, definitions }: Project, model: string, schema: JsonSchema): readonly Impact[] {
  const changed = withModel(definitions, model, schema);
  return flows.flatMap((flow) => {
    const running = compiled.get(flow.name);
    if (!running) return [];
    const known = new Set(checkTypes(flow, running, definitions).map(keyOf));
    const problems = checkTypes(flow, running, changed).filter((problem) => !known.has(keyOf(problem)));
    return problems.length > 0 ? [{ flow: flow.name, problems }] : [];
  });
}

function withModel(definitions: Definitions, name: string, schema: JsonSchema): Definitions {
  const model = definitions.models.get(name);
  if (!model) return definitions;
  return { ...definitions, models: new Map([...definitions.models, [name, { ...model, schema }]]) };
}

function keyOf(problem: Problem): string {
  return JSON.stringify(problem);
}
