// What is known of a value before an expression runs: which kinds it may have, of what it is made, whether it may be nothing.

import type { LambdaSyntax } from '../syntax.ts';

/** A value may be of any kind that is named; of one that is not named it never is. */
export interface Type {
  /** It may be absent. */
  readonly nothing: boolean;
  /** It may be anything: the kinds below say nothing. */
  readonly any: boolean;
  readonly null: boolean;
  readonly boolean?: readonly boolean[] | undefined;
  readonly number?: NumberType | undefined;
  readonly text?: TextType | undefined;
  readonly object?: ObjectType | undefined;
  readonly array?: ArrayType | undefined;
  readonly callable?: Callable | undefined;
  /** Paths of the input of which it is made: `customer.id`, `$headers.x`; `$` is the whole input. */
  readonly origins: readonly string[];
  /** Two possibilities were laid over each other, or a condition asked for it: what it may be is not what it can be here. */
  readonly soft: boolean;
  /** Characters from the start of the expression that makes it. */
  readonly at?: number | undefined;
}

export interface NumberType {
  readonly integer: boolean;
  /** All values that it may have, where they are known. */
  readonly values?: readonly number[] | undefined;
}

export interface TextType {
  readonly values?: readonly string[] | undefined;
}

export interface ObjectType {
  readonly fields: ReadonlyMap<string, Type>;
  /** What fields of other names hold; undefined where there are none. */
  readonly rest: Type | undefined;
}

export interface ArrayType {
  readonly values: Type;
  readonly min: number;
  readonly max: number;
  /** It is no sequence: a path that ends in it leaves it as it is, also where it has one value. */
  readonly plain: boolean;
}

/** Where names are bound. */
export interface Frame {
  readonly outer: Frame | undefined;
  readonly names: Map<string, Type>;
}

export type Callable =
  | { readonly kind: 'built-in'; readonly name: string }
  | { readonly kind: 'lambda'; readonly lambda: LambdaSyntax; readonly frame: Frame; readonly input: Type };

const valuesMax = 64;

export const never: Type = { nothing: false, any: false, null: false, origins: [], soft: false };
export const nothing: Type = { ...never, nothing: true };
export const unknownType: Type = { ...never, nothing: true, any: true, soft: true };
export const booleanType: Type = { ...never, boolean: [false, true] };
export const numberType: Type = { ...never, number: { integer: false } };
export const integerType: Type = { ...never, number: { integer: true } };
export const textType: Type = { ...never, text: {} };

/** Unknown, but made of this. */
export function unknownOf(...parts: readonly Type[]): Type {
  return { ...unknownType, origins: uniteOrigins(parts.map(allOrigins)) };
}

export function arrayOf(values: Type, min = 0, max = Infinity, plain = true): Type {
  // An array in which something is missing has null there, as JSON: then nothing is said of its values.
  const inner = values.nothing ? surely(unknownOf(values)) : values;
  return { ...never, array: { values: inner, min, max, plain }, soft: values.soft };
}

/** A list of at least one of these. */
export function listOf(values: Type): Type {
  return arrayOf(values, 1);
}

export function objectOf(fields: ReadonlyMap<string, Type>, rest?: Type): Type {
  return { ...never, object: { fields, rest } };
}

export function literalType(value: unknown): Type {
  if (value === null) return { ...never, null: true };
  if (typeof value === 'boolean') return { ...never, boolean: [value] };
  if (typeof value === 'number') return { ...never, number: { integer: Number.isInteger(value), values: [value] } };
  if (typeof value === 'string') return { ...never, text: { values: [value] } };
  if (Array.isArray(value)) return arrayOf(value.map(literalType).reduce(join, never), value.length, value.length);
  if (typeof value === 'object')
    return objectOf(new Map(Object.entries(value).map(([name, one]: [string, unknown]) => [name, literalType(one)])));
  return unknownType;
}

export function mayBe(type: Type): Type {
  return type.nothing ? type : { ...type, nothing: true };
}

export function surely(type: Type): Type {
  return type.nothing ? { ...type, nothing: false } : type;
}

/** Nothing but nothing, or no value at all. */
export function isEmpty(type: Type): boolean {
  return !type.any && !type.null && !type.boolean && !type.number && !type.text && !type.object && !type.array && !type.callable;
}

/** The type as made of these values too. */
export function madeOf(type: Type, ...parts: readonly Type[]): Type {
  const origins = uniteOrigins([type.origins, ...parts.map(allOrigins)]);
  return { ...type, origins, soft: type.soft || parts.some(({ soft }) => soft) };
}

export function uniteOrigins(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter(({ length }) => length > 0);
  return filled.length <= 1 ? (filled[0] ?? []) : [...new Set(filled.flat())];
}

/** The type as chosen by a condition that asks for these: `?a.b` beside what it is made of. */
export function askedOf(type: Type, ...parts: readonly Type[]): Type {
  const asked = uniteOrigins(parts.map(allOrigins)).map((origin) => (origin.startsWith('?') ? origin : `?${origin}`));
  return { ...type, origins: uniteOrigins([type.origins, asked]) };
}

/** The path in an origin, whether a value is made of it or a condition asks for it. */
export function pathIn(origin: string): string {
  return origin.startsWith('?') ? origin.slice(1) : origin;
}

/** Of what a value is made, what is within it included. */
export function allOrigins(type: Type): readonly string[] {
  const inner = [...(type.object?.fields.values() ?? [])].map(allOrigins);
  const values = type.array ? [allOrigins(type.array.values)] : [];
  const rest = type.object?.rest ? [allOrigins(type.object.rest)] : [];
  return uniteOrigins([type.origins, ...inner, ...values, ...rest]);
}

/** A value that is of the one type or of the other. */
export function join(one: Type, other: Type): Type {
  if (one === other) return one;
  const common = {
    nothing: one.nothing || other.nothing,
    origins: uniteOrigins([one.origins, other.origins]),
    soft: one.soft || other.soft,
    at: one.at ?? other.at,
  };
  if (one.any || other.any)
    return { ...never, ...common, origins: uniteOrigins([allOrigins(one), allOrigins(other)]), any: true, soft: true };
  return {
    ...common,
    any: false,
    null: one.null || other.null,
    boolean: both(one.boolean, other.boolean, (a, b) => [...new Set([...a, ...b])]),
    number: both(one.number, other.number, (a, b) => ({ integer: a.integer && b.integer, values: united(a.values, b.values) })),
    text: both(one.text, other.text, (a, b) => ({ values: united(a.values, b.values) })),
    object: both(one.object, other.object, joinObjects),
    array: both(one.array, other.array, joinArrays),
    callable: one.callable ?? other.callable,
    ...(one.callable && other.callable ? { any: true } : {}),
  };
}

function both<T>(one: T | undefined, other: T | undefined, unite: (one: T, other: T) => T): T | undefined {
  return one && other ? unite(one, other) : (one ?? other);
}

function united<T>(one: readonly T[] | undefined, other: readonly T[] | undefined): readonly T[] | undefined {
  if (!one || !other) return undefined;
  const all = [...new Set([...one, ...other])];
  return all.length > valuesMax ? undefined : all;
}

function joinObjects(one: ObjectType, other: ObjectType): ObjectType {
  const fields = new Map<string, Type>();
  for (const name of new Set([...one.fields.keys(), ...other.fields.keys()]))
    fields.set(name, { ...join(fieldOf(one, name), fieldOf(other, name)), soft: true });
  return { fields, rest: both(one.rest, other.rest, join) };
}

function joinArrays(one: ArrayType, other: ArrayType): ArrayType {
  const values = { ...join(one.values, other.values), soft: true };
  return { values, min: Math.min(one.min, other.min), max: Math.max(one.max, other.max), plain: one.plain && other.plain };
}

/** What a field of that name holds; nothing where there is none. */
export function fieldOf({ fields, rest }: ObjectType, name: string): Type {
  return fields.get(name) ?? (rest ? mayBe(rest) : nothing);
}

/** A type as the input of another expression: where it was made, and of what, is over. */
export function asInput(type: Type, depth = 0): Type {
  if (depth > 30) return unknownType;
  const inner = (one: Type): Type => asInput(one, depth + 1);
  const { object, array } = type;
  return {
    ...type,
    origins: [],
    at: undefined,
    callable: undefined,
    any: type.any || type.callable !== undefined,
    object: object && {
      fields: new Map([...object.fields].map(([name, field]) => [name, inner(field)])),
      rest: object.rest && inner(object.rest),
    },
    array: array && { ...array, values: inner(array.values), plain: true },
  };
}
