// The functions that take functions, on types.

import { collapse, readField, streamOf } from './stream.ts';
import {
  allOrigins,
  fieldOf,
  integerType,
  isEmpty,
  join,
  mayBe,
  never,
  nothing,
  objectOf,
  surely,
  textType,
  unknownOf,
} from './type.ts';
import type { Type } from './type.ts';
import type { Looking } from './walk.ts';

type Call = (inference: Looking, procedure: Type, values: readonly Type[]) => Type;

/** The result, or undefined where it is none of these. */
export function higherOrder(name: string, values: readonly Type[], inference: Looking, call: Call): Type | undefined {
  const [first = nothing, callback = nothing, start] = values;
  const stream = streamOf(first);
  const each = (): Type => call(inference, callback, [stream.value, integerType, first]);
  switch (name) {
    case 'map':
      return mapped(first, each());
    case 'filter':
    case 'single': {
      inference.guard(values.length > 1 ? each() : nothing);
      if (name === 'single') return mayBe(stream.value);
      return collapse({ value: stream.value, min: 0, max: stream.max });
    }
    case 'reduce':
      return reduced(first, start, (so, value) => call(inference, callback, [so, value, integerType, first]));
    case 'each':
      return eachField(first, (value, key) => call(inference, callback, [value, key, first]));
    case 'sift':
      return sifted(first, (value, key) => inference.guard(call(inference, callback, [value, key, first])));
    default:
      return undefined;
  }
}

/** An array that the callback gives is one value of the result; where it ends in such a call it may not be collapsed. */
function mapped(first: Type, one: Type): Type {
  const stream = streamOf(first);
  const loose = one.array && !one.array.plain ? looseArray(one) : one;
  const min = one.nothing || one.any ? 0 : stream.min;
  return collapse({ value: surely(loose), min, max: stream.max });
}

function looseArray(one: Type): Type {
  const { value, max } = streamOf(one);
  return { ...one, array: { values: value, min: 0, max, plain: false }, soft: true };
}

/** Until it gives nothing new; where that does not end soon, unknown. */
function reduced(first: Type, start: Type | undefined, next: (so: Type, value: Type) => Type): Type {
  const stream = streamOf(first);
  const none = start ?? nothing;
  let so: Type = !start || start.nothing ? join(stream.value, none) : start;
  if (stream.min === 0) so = join(so, none);
  for (let round = 0; round < 3; round += 1) {
    const after = join(so, next(so, stream.value));
    if (isSame(after, so)) return { ...after, nothing: after.nothing || first.nothing || first.any };
    so = after;
  }
  return unknownOf(so);
}

function isSame(one: Type, other: Type): boolean {
  const shape = (type: Type): string =>
    JSON.stringify(type, (name, value: unknown) =>
      name === 'soft' || name === 'at' || name === 'origins' ? undefined : value instanceof Map ? [...value] : value,
    );
  return !one.callable && shape(one) === shape(other) && allOrigins(one).length === allOrigins(other).length;
}

function eachField(object: Type, call: (value: Type, key: Type) => Type): Type {
  const one = call(surely(anyField(object)), textType);
  return collapse({ value: surely(one.array && !one.array.plain ? looseArray(one) : one), min: 0, max: Infinity });
}

function anyField(type: Type): Type {
  if (type.any || !type.object) return unknownOf(type);
  const { object } = type;
  const names = [...object.fields.keys()];
  const all = names.map((name) => readField(surely({ ...type, array: undefined }), name)).reduce(join, never);
  return object.rest ? join(all, unknownOf(type)) : all;
}

function sifted(object: Type, call: (value: Type, key: Type) => void): Type {
  call(surely(anyField(object)), textType);
  if (object.any || !object.object || isEmpty(object)) return unknownOf(object);
  const { fields, rest } = object.object;
  const kept = [...fields.keys()].map((name): [string, Type] => [name, { ...mayBe(named(object, name)), soft: true }]);
  return { ...objectOf(new Map(kept), rest), nothing: true, soft: true, origins: object.origins };
}

function named(object: Type, name: string): Type {
  return object.object ? join(readField(surely(object), name), fieldOf(object.object, name)) : nothing;
}
