// Calls on types: of functions that the expression wrote, of built-in ones, of values that may be one.

import { natives } from '../functions/natives.ts';
import type { FunctionSyntax, Syntax } from '../syntax.ts';
import { higherOrder } from './higher-order.ts';
import { argumentsMin, results } from './results.ts';
import { collapse, readField, streamOf } from './stream.ts';
import {
  arrayOf,
  fieldOf,
  integerType,
  isEmpty,
  join,
  madeOf,
  mayBe,
  never,
  nothing,
  numberType,
  objectOf,
  surely,
  textType,
  unknownOf,
} from './type.ts';
import type { Type } from './type.ts';
import type { Looking, Walk } from './walk.ts';

/** A call as it is written. `before`: what stands left of `~>`, and its syntax. */
export function callNamed(inference: Looking, node: FunctionSyntax, walk: Walk, before: readonly Type[], first?: Syntax): Type {
  const written = [...(first ? [first] : []), ...node.arguments];
  const procedure = inference.visit(node.procedure, walk);
  const isMerge = procedure.callable?.kind === 'built-in' && procedure.callable.name === 'merge';
  const [only] = written;
  if (isMerge && only?.type === 'unary' && only.value === '[')
    return merged(only.expressions.map((one) => inference.visit(one, walk)));
  const values = [...before, ...node.arguments.map((one) => inference.visit(one, walk))];
  if (procedure.callable?.kind !== 'built-in' || procedure.any) return callType(inference, procedure, values);
  const { name } = procedure.callable;
  const taken = values.length < (argumentsMin[name] ?? 1) ? [walk.focus ?? walk.input, ...values] : values;
  return callBuiltIn(inference, name, taken);
}

/** Calls what may be a function. */
export function callType(inference: Looking, procedure: Type, values: readonly Type[]): Type {
  const { callable } = procedure;
  if (!callable || procedure.any) {
    // A function of the host may be called with it, and call it: what it does is looked at all the same.
    return unknownOf(...values, { ...never, origins: procedure.origins });
  }
  return callable.kind === 'lambda' ? inference.callLambda(callable, values) : callBuiltIn(inference, callable.name, values);
}

function callBuiltIn(inference: Looking, name: string, values: readonly Type[]): Type {
  const result = higherOrder(name, values, inference, callType) ?? ownResult(name, values) ?? simpleResult(name, values);
  const made = madeOf(result, { ...never, origins: originsOf(name, values, result), soft: values.some(({ soft }) => soft) });
  return made;
}

/** Where the values are in the result as they were, they know themselves of what they are made. */
function originsOf(name: string, values: readonly Type[], result: Type): readonly string[] {
  const keepsValues = new Set([
    'map',
    'filter',
    'single',
    'reduce',
    'append',
    'reverse',
    'sort',
    'shuffle',
    'distinct',
    'merge',
    'each',
    'sift',
  ]);
  return keepsValues.has(name) && !result.any ? [] : unknownOf(...values).origins;
}

function simpleResult(name: string, values: readonly Type[]): Type {
  const type = results.get(name);
  if (!type || !natives.has(name)) return unknownOf(...values);
  const isInteger = name === 'round' && values.length === 1;
  const base = isInteger ? integerType : type;
  return { ...base, nothing: values.some(({ nothing: none, any }) => none || any) };
}

/** The functions whose result follows from the types of their arguments. */
function ownResult(name: string, values: readonly Type[]): Type | undefined {
  const [first = nothing, second] = values;
  const stream = streamOf(first);
  switch (name) {
    case 'count':
      return integerType;
    case 'exists':
      return { ...never, boolean: [false, true] };
    case 'max':
    case 'min':
    case 'average':
      return { ...numberType, nothing: stream.min === 0 };
    case 'keys':
      return collapse({ value: textType, min: 0, max: Infinity });
    case 'split':
      return { ...arrayOf(textType), nothing: first.nothing || first.any };
    case 'match':
      return collapse({ value: matchType, min: 0, max: Infinity });
    case 'error':
      return never;
    case 'assert':
      return nothing;
    case 'reverse':
    case 'shuffle':
    case 'sort':
      return wrapped(first);
    case 'distinct':
      return first.array ? join(collapse({ ...stream, min: Math.min(1, stream.min) }), distinctArray(first)) : first;
    case 'append':
      return appended(first, second ?? nothing);
    case 'lookup':
      return lookedUp(first, second);
    default:
      return undefined;
  }
}

const matchType = objectOf(
  new Map([
    ['match', textType],
    ['index', integerType],
    ['groups', arrayOf(textType)],
  ]),
);

function wrapped(type: Type): Type {
  if (type.any) return { ...arrayOf(surely(unknownOf(type))), nothing: true, origins: type.origins };
  const { value, min, max } = streamOf(surely(type));
  return { ...arrayOf(value, Math.min(min, max), max, false), nothing: type.nothing || type.any, origins: type.origins };
}

function distinctArray(type: Type): Type {
  const { value, min, max } = streamOf(type);
  return { ...arrayOf(value, Math.min(1, min), max, false), origins: type.origins };
}

function appended(first: Type, second: Type): Type {
  const [one, other] = [streamOf(surely(first)), streamOf(surely(second))];
  const all = arrayOf(join(one.value, other.value), one.min + other.min, one.max + other.max);
  const isSure = !(first.nothing || first.any || second.nothing || second.any);
  if (isSure) return { ...all, soft: true };
  return {
    ...[
      ...(isEmpty(first) || isEmpty(second) ? [] : [all]),
      ...(first.nothing || first.any ? [second] : []),
      ...(second.nothing || second.any ? [first] : []),
    ].reduce(join, never),
    soft: true,
  };
}

function lookedUp(object: Type, name: Type | undefined): Type {
  const [only, ...others] = name?.text?.values ?? [];
  if (only === undefined || others.length > 0 || object.any || object.array) return unknownOf(object, ...(name ? [name] : []));
  const field = object.object ? readField(surely(object), only) : nothing;
  return object.nothing ? mayBe(field) : field;
}

/** Objects laid over each other, the last on top. */
function merged(parts: readonly Type[]): Type {
  let fields = new Map<string, Type>();
  let rest: Type | undefined;
  for (const part of parts) {
    if (isEmpty(part)) continue;
    if (!part.object || part.any || part.array || part.null || part.text || part.number || part.boolean)
      return unknownObject(parts);
    const next = new Map<string, Type>();
    for (const name of new Set([...fields.keys(), ...part.object.fields.keys()])) {
      const below = fields.get(name) ?? (rest ? mayBe(rest) : nothing);
      const above = part.object.fields.has(name) ? readField(surely(part), name) : fieldOf(part.object, name);
      const top = part.nothing ? mayBe(above) : above;
      next.set(name, top.nothing ? { ...join(top, below), nothing: below.nothing } : top);
    }
    if (part.object.rest) rest = rest ? join(rest, part.object.rest) : part.object.rest;
    fields = next;
  }
  return { ...objectOf(fields, rest), origins: rest ? unknownOf(...parts).origins : [] };
}

function unknownObject(parts: readonly Type[]): Type {
  const unknown = unknownOf(...parts);
  return { ...objectOf(new Map(), unknown), origins: unknown.origins, nothing: true, soft: true };
}
