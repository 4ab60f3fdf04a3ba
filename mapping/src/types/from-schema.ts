// From a JSON Schema to a type. What a schema says beyond types, fields, values and lengths is left aside: the type is wider then.

import {
  arrayOf,
  booleanType,
  integerType,
  join,
  literalType,
  mayBe,
  never,
  nothing,
  numberType,
  objectOf,
  surely,
  textType,
  unknownType,
} from './type.ts';
import type { ObjectType, Type } from './type.ts';

export type Schema = boolean | { readonly [keyword: string]: unknown };
/** The schema that a reference names, as `order@1`; undefined where there is none. */
export type ResolveSchema = (name: string) => Schema | undefined;

/** A schema and the document that `#/…` in it means. */
export interface Placed {
  readonly schema: unknown;
  readonly root: unknown;
}

const any = surely(unknownType);
const kinds: Readonly<Record<string, Type>> = {
  null: { ...never, null: true },
  boolean: booleanType,
  number: numberType,
  integer: integerType,
  string: textType,
};
/** So many parts are looked at; beyond that everything is unknown. */
const partsMax = 20_000;

export function typeOfSchema(schema: unknown, resolve: ResolveSchema = () => undefined): Type {
  return new SchemaReader(resolve).read({ schema, root: schema }, []);
}

/** What `$ref` leads to. */
export function follow(reference: string, root: unknown, resolve: ResolveSchema): Placed | undefined {
  const [document = '', pointer = ''] = reference.split('#');
  const base: unknown = document === '' ? root : resolve(document);
  let found = base;
  for (const part of pointer.split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found === undefined || (pointer !== '' && !pointer.startsWith('/')) ? undefined : { schema: found, root: base };
}

class SchemaReader {
  private readonly resolve: ResolveSchema;
  private left = partsMax;
  /** What references lead to, read once: a schema may name one data type a thousand times. */
  private readonly targets = new Map<unknown, Type>();
  /** How often reading stopped short: such a type is only right where it was read. */
  private cuts = 0;

  constructor(resolve: ResolveSchema) {
    this.resolve = resolve;
  }

  read({ schema, root }: Placed, within: readonly unknown[]): Type {
    this.left -= 1;
    if (schema === false) return never;
    if (typeof schema !== 'object' || schema === null) return any;
    if (this.left < 0 || within.length > 40 || within.includes(schema)) {
      this.cuts += 1;
      return any;
    }
    const said = schema as Readonly<Record<string, unknown>>;
    const inner = (part: unknown): Type => this.read({ schema: part, root }, [...within, schema]);
    let type = this.own(said, inner);
    const { $ref: reference } = said;
    if (typeof reference === 'string') {
      const target = follow(reference, root, this.resolve);
      type = meet(type, target ? this.readTarget(target, [...within, schema]) : any);
    }
    for (const part of listOf(said['allOf'])) type = meet(type, inner(part));
    for (const keyword of ['anyOf', 'oneOf']) {
      const choices = listOf(said[keyword]);
      if (choices.length > 0) type = meet(type, choices.map(inner).reduce(join, never));
    }
    if (Array.isArray(said['enum'])) type = meet(type, said['enum'].map(literalType).reduce(join, never));
    if ('const' in said) type = meet(type, literalType(said['const']));
    return type;
  }

  private readTarget(target: Placed, within: readonly unknown[]): Type {
    const known = this.targets.get(target.schema);
    if (known) return known;
    const { cuts } = this;
    const type = this.read(target, within);
    if (this.cuts === cuts) this.targets.set(target.schema, type);
    return type;
  }

  private own(said: Readonly<Record<string, unknown>>, inner: (part: unknown) => Type): Type {
    const { type } = said;
    if (type === undefined) return any;
    return listOf(type)
      .map((kind): Type => {
        if (kind === 'object') return objectIn(said, inner);
        if (kind === 'array') return arrayIn(said, inner);
        return kinds[String(kind)] ?? any;
      })
      .reduce(join, never);
  }
}

function objectIn(said: Readonly<Record<string, unknown>>, inner: (part: unknown) => Type): Type {
  const required = new Set(listOf(said['required']).map(String));
  const rest = restIn(said, inner);
  const fields = new Map<string, Type>();
  const properties = said['properties'];
  if (typeof properties === 'object' && properties !== null)
    for (const [name, part] of Object.entries(properties)) {
      const type = inner(part);
      fields.set(name, required.has(name) ? type : mayBe(type));
    }
  for (const name of required) if (!fields.has(name)) fields.set(name, rest ? surely(rest) : never);
  return objectOf(fields, rest);
}

function restIn(said: Readonly<Record<string, unknown>>, inner: (part: unknown) => Type): Type | undefined {
  const { additionalProperties: additional, patternProperties: patterns } = said;
  if (patterns !== undefined) return unknownType;
  if (additional === false) return undefined;
  return additional === undefined ? unknownType : mayBe(inner(additional));
}

function arrayIn(said: Readonly<Record<string, unknown>>, inner: (part: unknown) => Type): Type {
  const places = listOf(said['prefixItems']).map(inner);
  const values = said['items'] === undefined ? any : inner(said['items']);
  const isEmptyRest = values === never;
  const max = Math.min(countIn(said['maxItems'], Infinity), isEmptyRest ? places.length : Infinity);
  return arrayOf(places.reduce(join, values), Math.min(countIn(said['minItems'], 0), max), max);
}

function countIn(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
}

/** A value that fits both. */
function meet(one: Type, other: Type): Type {
  if (isTop(one)) return other;
  if (isTop(other)) return one;
  const nullable = one.null && other.null;
  return {
    ...never,
    nothing: one.nothing && other.nothing,
    null: nullable,
    soft: one.soft || other.soft,
    boolean: met(one.boolean, other.boolean, (a, b) => a.filter((value) => b.includes(value))),
    number: met(one.number, other.number, (a, b) => ({ integer: a.integer || b.integer, values: shared(a.values, b.values) })),
    text: met(one.text, other.text, (a, b) => ({ values: shared(a.values, b.values) })),
    object: met(one.object, other.object, meetObjects),
    array: met(one.array, other.array, (a, b) => ({
      values: meet(a.values, b.values),
      min: Math.max(a.min, b.min),
      max: Math.min(a.max, b.max),
      plain: true,
    })),
  };
}

function isTop(type: Type): boolean {
  return type.any;
}

function met<T>(one: T | undefined, other: T | undefined, unite: (one: T, other: T) => T): T | undefined {
  return one && other ? unite(one, other) : undefined;
}

function shared<T>(one: readonly T[] | undefined, other: readonly T[] | undefined): readonly T[] | undefined {
  return one && other ? one.filter((value) => other.includes(value)) : (one ?? other);
}

function meetObjects(one: ObjectType, other: ObjectType): ObjectType {
  const fields = new Map<string, Type>();
  for (const name of new Set([...one.fields.keys(), ...other.fields.keys()])) {
    const [a, b] = [one, other].map(({ fields: own, rest }) => own.get(name) ?? rest) as [Type | undefined, Type | undefined];
    fields.set(name, a && b ? meetFields(a, b) : nothing);
  }
  return { fields, rest: one.rest && other.rest ? meetFields(one.rest, other.rest) : undefined };
}

function meetFields(one: Type, other: Type): Type {
  const type = meet(surely(one), surely(other));
  return one.nothing && other.nothing ? mayBe(type) : type;
}
