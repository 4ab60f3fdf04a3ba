// Compiles the flows of a project, and leaves out what follows only from another problem.

import { compileFlow } from '../flow/compile.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import { checkTypes } from '../flow/types/check.ts';
import type { Definitions, FlowSource, Problem, SourceFile } from '../flow/definitions.ts';
import type { ProblemList } from './problems.ts';
import { referencesIn } from './references.ts';

/** Inbounds and outbounds by system that are written and wrong; `*` where a whole system is. */
export type BrokenEnds = ReadonlyMap<string, ReadonlySet<string>>;

export function compileFlows(
  flows: readonly FlowSource[],
  definitions: Definitions,
  broken: BrokenEnds,
  problems: ProblemList,
): ReadonlyMap<string, CompiledFlow> {
  const compiled = new Map<string, CompiledFlow>();
  for (const flow of flows) {
    const result = compileFlow(flow, definitions);
    const innocent = placesOfBroken(flow.source, broken);
    problems.found.push(...result.problems.filter((problem) => !(isAboutName(problem) && innocent.has(placeKey(problem)))));
    if (!result.flow) continue;
    compiled.set(flow.name, result.flow);
    problems.found.push(...checkTypes(flow, result.flow, definitions));
  }
  return compiled;
}

/** Where a flow names something that is there, and whose own file has problems. */
function placesOfBroken(source: SourceFile, broken: BrokenEnds): ReadonlySet<string> {
  const named = referencesIn(source.value).flatMap((reference) => {
    if (reference.kind !== 'end') return [];
    const names = broken.get(reference.system);
    return names && (names.has('*') || names.has(reference.name)) ? [reference] : [];
  });
  const paths = named.flatMap(({ path, side }) => [path, [...path, side]]);
  return new Set(paths.map((path) => placeKey(source.locate(path))));
}

function isAboutName({ code }: Problem): boolean {
  return code === 'MORTISE_FLOW_UNKNOWN_NAME' || code === 'MORTISE_FLOW_OPTION';
}

function placeKey({ line, column }: { readonly line: number; readonly column: number }): string {
  return `${line}:${column}`;
}
