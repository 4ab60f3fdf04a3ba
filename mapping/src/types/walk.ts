// What the parts of the inference ask of it, and what they hand to each other.

import type { Grouping, LambdaSyntax, Stage, Syntax } from '../syntax.ts';
import type { Findings } from './findings.ts';
import { collapse, streamOf } from './stream.ts';
import type { Stream } from './stream.ts';
import { arrayOf, isEmpty, surely, unknownOf } from './type.ts';
import type { Frame, Type } from './type.ts';

/** Where an expression stands: its context, and the names that are bound. */
export interface Walk {
  readonly input: Type;
  /** What `$` is where it is not the context: the input as a whole where that may be an array. */
  readonly focus?: Type | undefined;
  readonly frame: Frame;
}

/** What a step found: one value, or several. */
export type Found = { readonly type: Type } | { readonly stream: Stream };

/** Runs expressions on types. */
export interface Looking {
  readonly findings: Findings;
  readonly text: string;
  visit(node: Syntax, walk: Walk): Type;
  stages(found: Found, stages: readonly Stage[] | undefined, walk: Walk): Found;
  grouped(grouping: Grouping, context: Type, frame: Frame): Type;
  /** Notes what a condition asks for. */
  guard(test: Type): void;
  callLambda(
    callable: { readonly lambda: LambdaSyntax; readonly frame: Frame; readonly input: Type },
    values: readonly Type[],
  ): Type;
}

export function streamIn(found: Found): Stream {
  return 'stream' in found ? found.stream : streamOf(found.type);
}

export function typeOf(found: Found): Type {
  return 'stream' in found ? collapse(found.stream) : found.type;
}

/** What `[]` behind an expression makes of a value: an array, also of one. */
export function keptArray(type: Type): Type {
  if (type.any) return { ...arrayOf(surely(unknownOf(type))), nothing: true, origins: type.origins, soft: true };
  const { array } = type;
  const { value, max } = streamOf(type);
  if (max === 0 && !array) return type;
  const min = array ? (array.plain ? array.min : Math.max(1, array.min)) : 1;
  const isMixed = !isEmpty({ ...type, array: undefined });
  return {
    ...arrayOf(value, Math.min(isMixed ? 1 : min, max), max, false),
    nothing: type.nothing,
    origins: type.origins,
    soft: type.soft,
    at: type.at,
  };
}
