// Values that run along a path: what each may be, and how many there are; and how they collapse where the path ends.

import { arrayOf, askedOf, fieldOf, join, never, nothing, surely, uniteOrigins, unknownOf } from './type.ts';
import type { Type } from './type.ts';

export interface Stream {
  /** One of the values; never nothing. */
  readonly value: Type;
  readonly min: number;
  readonly max: number;
}

export const noValues: Stream = { value: never, min: 0, max: 0 };

/** The values over which a path runs where it meets this one: the values of an array, else the value itself. */
export function streamOf(type: Type): Stream {
  if (type.any) return { value: surely(unknownOf(type)), min: 0, max: Infinity };
  const { array, ...other } = type;
  const hasOther = hasKinds(other);
  if (!array) return { value: surely(type), min: type.nothing ? 0 : 1, max: hasOther ? 1 : 0 };
  const inner = withOriginsOf(array.values, type);
  if (!hasOther) return { value: inner, min: type.nothing ? 0 : array.min, max: array.max };
  const min = type.nothing ? 0 : Math.min(1, array.min);
  return { value: join(inner, surely(other)), min, max: Math.max(1, array.max) };
}

function hasKinds({ any, null: isNull, boolean, number, text, object, callable }: Type): boolean {
  return any || isNull || Boolean(boolean ?? number ?? text ?? object ?? callable);
}

/** What is within a value of the input is made of the input, whether the field says so or not. */
function withOriginsOf(inner: Type, outer: Type): Type {
  return { ...inner, origins: uniteOrigins([inner.origins, outer.origins]), soft: inner.soft || outer.soft };
}

/** Each value of the one stream gives a stream of its own. */
export function times({ min, max }: Stream, each: Stream): Stream {
  return { value: each.value, min: min * each.min, max: max === 0 || each.max === 0 ? 0 : max * each.max };
}

/** A sequence as a value: nothing, its only value, or an array of several. */
export function collapse({ value, min, max }: Stream): Type {
  const none = min === 0 ? nothing : never;
  const one = min <= 1 && max >= 1 ? value : never;
  const base = join({ ...one, origins: value.origins }, none);
  if (max < 2) return base;
  const all = arrayOf(value, Math.max(2, min), max, false);
  const many: Type = { ...all, origins: value.origins, at: value.at };
  return join(many, base);
}

/** What a step at the end of a path gives: an array of the input that is its only value stays one. */
export function lastStep(stream: Stream, found: Type): Type {
  const flat = collapse(times(stream, streamOf(found)));
  const isOnly = found.nothing ? true : stream.min <= 1;
  if (!found.array || !isOnly || stream.max === 0) return flat;
  const whole: Type = { ...never, array: found.array, origins: found.origins, soft: found.soft };
  if (stream.max > 1 || !found.array.plain) return join(whole, flat);
  const { array: _array, ...rest } = found;
  const others = collapse(times(stream, streamOf(rest)));
  const mayBeNone = found.nothing || stream.min === 0;
  return { ...join(whole, hasKinds(rest) ? others : never), nothing: mayBeNone, at: found.at };
}

/** The field of that name in one value of a stream; undefined findings where it can never be there. */
export function readField(value: Type, name: string): Type {
  const origins = value.origins.map((origin) => pathTo(origin, name));
  if (value.any) return { ...unknownOf(), origins };
  let found: Type = never;
  if (value.object) found = named(fieldOf(value.object, name), origins, value.soft);
  if (value.array) found = join(found, gathered(value, name));
  const { object, array, ...others } = value;
  void object;
  void array;
  return hasKinds(others) || isNone(value) ? { ...found, nothing: true } : found;
}

function isNone(value: Type): boolean {
  return !hasKinds(value) && !value.array;
}

/** A field that was made by the expression knows of what; one of the input is named by its path. */
function named(field: Type, origins: readonly string[], soft: boolean): Type {
  return {
    ...field,
    origins: field.origins.length > 0 || field.object?.fields.size ? ownOr(field, origins) : origins,
    soft: field.soft || soft,
  };
}

function ownOr(field: Type, origins: readonly string[]): readonly string[] {
  if (field.origins.length > 0) return field.origins;
  return [...(field.object?.fields.values() ?? [])].some((one) => one.origins.length > 0) ? [] : origins;
}

/** The fields of the values of an array within an array: gathered at any depth. */
function gathered(value: Type, name: string): Type {
  const inner = streamOf({ ...never, array: value.array, origins: value.origins, soft: value.soft });
  const field = readField(inner.value, name);
  return collapse({ ...times(inner, streamOf(field)), min: 0, max: Infinity });
}

const plainName = /^[A-Za-z_][\w]*$/;

/** The path of a field: names that are no plain words are quoted. */
export function pathTo(base: string, name: string): string {
  // What a condition asked for stays what it is, whatever is read of the value that it chose.
  if (base.startsWith('?')) return base;
  const part = plainName.test(name) ? name : `\`${name}\``;
  return base === '$' ? part : `${base}.${part}`;
}

/** The values that pass a test. */
export function filtered(stream: Stream, test: Type): Stream {
  const once = !test.any && !test.number && !test.array;
  return {
    value: askedOf(stream.value, test),
    min: 0,
    max: once ? stream.max : stream.max * Infinity || 0,
  };
}

/** One of the values over which a path or a loop runs where it meets a value of this type. */
export function oneOf(type: Type): Type {
  return streamOf(type).value;
}
