// Compares what a value may be with the schema that it is to fit: what never fits, and what may not.

import { describe } from './describe.ts';
import { follow, typeOfSchema } from './from-schema.ts';
import type { Placed, ResolveSchema, Schema } from './from-schema.ts';
import { fieldOf, isEmpty, surely } from './type.ts';
import type { ArrayType, ObjectType, Type } from './type.ts';

export interface Misfit {
  /** The field that does not fit: `customer.id`; `$` for the value as a whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** Whether it never fits, or only sometimes. */
  readonly always: boolean;
  /** Characters from the start of the expression that makes it, where known. */
  readonly position: number | undefined;
  /** A field that the schema does not know, with those that it knows. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

const misfitsMax = 20;
const depthMax = 24;

/** What of a value of this type does not fit a schema. What is unknown, or may be right, is not told. */
export function misfits(type: Type, schema: Schema, resolve: ResolveSchema = () => undefined): readonly Misfit[] {
  const found: Misfit[] = [];
  new Fitting(resolve, found).check(surely(type), { schema, root: schema }, { path: '$', position: type.at, depth: 0 });
  return found.slice(0, misfitsMax);
}

interface Spot {
  readonly path: string;
  readonly position: number | undefined;
  readonly depth: number;
}

class Fitting {
  private readonly resolve: ResolveSchema;
  private readonly found: Misfit[];

  constructor(resolve: ResolveSchema, found: Misfit[]) {
    this.resolve = resolve;
    this.found = found;
  }

  check(type: Type, { schema, root }: Placed, spot: Spot): void {
    if (type.any || isEmpty(type) || spot.depth > depthMax || typeof schema !== 'object' || schema === null) return;
    const said = schema as Readonly<Record<string, unknown>>;
    const { $ref: reference } = said;
    if (typeof reference === 'string') {
      const target = follow(reference, root, this.resolve);
      if (target) this.check(type, target, { ...spot, depth: spot.depth + 1 });
    }
    for (const part of listOf(said['allOf'])) this.check(type, { schema: part, root }, spot);
    for (const keyword of ['anyOf', 'oneOf']) this.choices(type, listOf(said[keyword]), root, spot);
    const expected = typeOfSchema(ownOf(said), this.resolve);
    if (!this.kinds(type, expected, spot)) return;
    if (type.object) this.object(type.object, said, root, spot, type);
    if (type.array) this.array(type.array, said, root, spot);
  }

  /** None of the choices takes it: then the first fault of each would be told; it is enough to say that none does. */
  private choices(type: Type, choices: readonly unknown[], root: unknown, spot: Spot): void {
    if (choices.length === 0) return;
    const fits = choices.some((schema) => {
      const faults: Misfit[] = [];
      new Fitting(this.resolve, faults).check(type, { schema, root }, spot);
      return !faults.some(({ always }) => always);
    });
    if (!fits)
      this.tell(type, describe(choices.map((one) => typeOfSchema(withRoot(one, root), this.resolve)).reduce(orType)), true, spot);
  }

  /** Whether the value is of a kind that is taken; where not, it is told. */
  private kinds(type: Type, expected: Type, spot: Spot): boolean {
    if (expected.any) return true;
    const taken = [
      type.null ? expected.null : undefined,
      type.boolean && (expected.boolean ? type.boolean.some((one) => expected.boolean?.includes(one)) : false),
      type.number && (expected.number ? takesNumber(type, expected) : false),
      type.text && (expected.text ? shares(type.text.values, expected.text.values) : false),
      type.object && expected.object !== undefined,
      type.array && expected.array !== undefined,
      type.callable && false,
    ].filter((one) => one !== undefined);
    if (!taken.includes(true)) this.tell(type, describe(expected), true, spot);
    else if (taken.includes(false) && !type.soft) this.tell(type, describe(expected), false, spot);
    else if (!type.soft && !within(type, expected)) this.tell(type, describe(expected), false, spot);
    return taken.includes(true);
  }

  private object(object: ObjectType, said: Readonly<Record<string, unknown>>, root: unknown, spot: Spot, whole: Type): void {
    const properties = (said['properties'] ?? {}) as Readonly<Record<string, unknown>>;
    for (const name of listOf(said['required']).map(String)) {
      const field = fieldOf(object, name);
      const inner = { ...spot, path: pathOf(spot.path, name), position: field.at ?? spot.position };
      const expected = Object.hasOwn(properties, name)
        ? describe(typeOfSchema(withRoot(properties[name], root), this.resolve))
        : 'a value';
      if (isEmpty(field) && !field.any) this.tell(field, expected, !object.fields.has(name) || !whole.soft, inner);
      else if (field.nothing && !field.any && !field.soft && object.fields.has(name)) this.tell(field, expected, false, inner);
    }
    for (const [name, field] of object.fields) {
      const inner = { path: pathOf(spot.path, name), position: field.at ?? spot.position, depth: spot.depth + 1 };
      if (Object.hasOwn(properties, name)) this.check(surely(field), { schema: properties[name], root }, inner);
      else if (isClosed(said) && !isEmpty(field)) this.unknown(field, name, Object.keys(properties), inner);
      else if (typeof said['additionalProperties'] === 'object' && said['patternProperties'] === undefined)
        this.check(surely(field), { schema: said['additionalProperties'], root }, inner);
    }
  }

  private unknown(field: Type, name: string, known: readonly string[], { path, position }: Spot): void {
    // A field of the input that is handed on and may be absent is only perhaps too much.
    const always = field.at !== undefined || !field.nothing;
    if (always || !field.soft)
      this.found.push({ path, found: describe(field), expected: 'no such field', always, position, unknown: { name, known } });
  }

  private array(array: ArrayType, said: Readonly<Record<string, unknown>>, root: unknown, spot: Spot): void {
    if (said['prefixItems'] !== undefined || said['items'] === undefined || array.max === 0) return;
    const inner = { ...spot, position: array.values.at ?? spot.position, depth: spot.depth + 1 };
    this.check(array.values, { schema: said['items'], root }, inner);
  }

  private tell(type: Type, expected: string, always: boolean, { path, position }: Spot): void {
    if (this.found.some((known) => known.path === path)) return;
    this.found.push({ path, found: describe(type), expected, always, position: type.at ?? position });
  }
}

/** The keywords that say of which kind a value is, without what stands beside them. */
function ownOf({ type, enum: values, const: value, ...rest }: Readonly<Record<string, unknown>>): Schema {
  return {
    ...(type === undefined ? {} : { type }),
    ...(values === undefined ? {} : { enum: values }),
    ...('const' in rest || value !== undefined ? { const: value } : {}),
  };
}

/** A part of a document whose references still find it. */
function withRoot(schema: unknown, root: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || typeof root !== 'object' || root === null) return schema;
  const defs = (root as Record<string, unknown>)['$defs'];
  return defs === undefined ? schema : { ...schema, $defs: defs };
}

function isClosed(said: Readonly<Record<string, unknown>>): boolean {
  return said['additionalProperties'] === false && said['patternProperties'] === undefined;
}

function takesNumber(type: Type, expected: Type): boolean {
  const [found, wanted] = [type.number, expected.number];
  if (!found || !wanted) return false;
  if (wanted.integer && found.values) return found.values.some(Number.isInteger) && shares(found.values, wanted.values);
  return shares(found.values, wanted.values);
}

/** Of values that are all known, each is among those that are taken. */
function within(type: Type, expected: Type): boolean {
  const texts =
    !expected.text?.values || !type.text?.values || type.text.values.every((one) => expected.text?.values?.includes(one));
  const numbers =
    !expected.number?.values || !type.number?.values || type.number.values.every((one) => expected.number?.values?.includes(one));
  return texts && numbers;
}

function shares<T>(found: readonly T[] | undefined, wanted: readonly T[] | undefined): boolean {
  return !found || !wanted || found.some((one) => wanted.includes(one));
}

function orType(one: Type, other: Type): Type {
  return {
    ...one,
    any: one.any || other.any,
    null: one.null || other.null,
    boolean: one.boolean ?? other.boolean,
    number: one.number ?? other.number,
    text: one.text ?? other.text,
    object: one.object ?? other.object,
    array: one.array ?? other.array,
  };
}

function pathOf(base: string, name: string): string {
  return base === '$' ? name : `${base}.${name}`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
}
