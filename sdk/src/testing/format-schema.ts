// A small check of JSON Schema 2020-12: the keywords that formats give, and a complaint about every other one.

import type { JsonSchema } from '../field-schema.ts';

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  number: Number.isFinite,
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: isRecord,
};

const notes = ['$schema', '$id', 'title', 'description', 'examples', 'default', 'format'];

/** Everything that is wrong with the schema itself, and with the value by it; empty where nothing is. */
export function schemaProblems(schema: JsonSchema, value: unknown, path = '$'): string[] {
  return Object.entries(schema).flatMap(([keyword, operand]) => {
    if (notes.includes(keyword)) return [];
    const check = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
    if (!check) return [`${path}: the keyword "${keyword}" is not known here; give the kit a checkSchema of your own`];
    return check(operand, value, path, schema);
  });
}

type Check = (operand: unknown, value: unknown, path: string, schema: JsonSchema) => string[];

const keywords: Readonly<Record<string, Check>> = {
  type: (operand, value, path) => {
    const types = Array.isArray(operand) ? operand : [operand];
    const unknown = types.filter((type) => !Object.hasOwn(typeTests, String(type)));
    if (unknown.length > 0) return [`${path}: "${unknown.join(', ')}" is no type`];
    return fails(
      !types.some((type) => typeTests[String(type)]?.(value)),
      `${path}: ${show(value)} is not of type ${types.join(', ')}`,
    );
  },
  properties: (operand, value, path) =>
    isRecord(operand) ? checkProperties(operand, value, path) : [`${path}: "properties" has to be a mapping of schemas`],
  required: (operand, value, path) =>
    namesIn(operand)
      .filter((name) => isRecord(value) && !Object.hasOwn(value, name))
      .map((name) => `${path}: "${name}" is missing`),
  additionalProperties: (operand, value, path, schema) => {
    if (!isRecord(value)) return [];
    const known = isRecord(schema['properties']) ? schema['properties'] : {};
    const others = Object.keys(value).filter((name) => !Object.hasOwn(known, name));
    return others.flatMap((name) => checkAny(operand, value[name], `${path}.${name}`));
  },
  items: (operand, value, path) =>
    Array.isArray(value)
      ? value.flatMap((element, index) => checkAny(operand, element, `${path}[${index}]`))
      : checkAny(operand, undefined, path, true),
  anyOf: (operand, value, path) => {
    const attempts = (Array.isArray(operand) ? operand : []).map((schema) => checkAny(schema, value, path));
    return fails(!attempts.some((attempt) => attempt.length === 0), `${path}: ${show(value)} fits none of anyOf`);
  },
  enum: (operand, value, path) =>
    fails(!(Array.isArray(operand) && operand.includes(value)), `${path}: ${show(value)} is not in enum`),
  const: (operand, value, path) => fails(operand !== value, `${path}: ${show(value)} is not ${show(operand)}`),
  pattern: (operand, value, path) =>
    fails(
      typeof value === 'string' && !new RegExp(String(operand), 'u').test(value),
      `${path}: ${show(value)} is not like ${show(operand)}`,
    ),
  minLength: (operand, value, path) => bound(path, operand, characters(value), 1),
  maxLength: (operand, value, path) => bound(path, operand, characters(value), -1),
  minItems: (operand, value, path) => bound(path, operand, Array.isArray(value) ? value.length : undefined, 1),
  maxItems: (operand, value, path) => bound(path, operand, Array.isArray(value) ? value.length : undefined, -1),
  minimum: (operand, value, path) => bound(path, operand, typeof value === 'number' ? value : undefined, 1),
  maximum: (operand, value, path) => bound(path, operand, typeof value === 'number' ? value : undefined, -1),
};

function checkProperties(properties: Readonly<Record<string, unknown>>, value: unknown, path: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const given = isRecord(value) && Object.hasOwn(value, name);
    return checkAny(schema, given ? value[name] : undefined, `${path}.${name}`, !given);
  });
}

/** A schema in a place where true and false stand as well. `shapeOnly`: there is no value, only the schema is looked at. */
function checkAny(schema: unknown, value: unknown, path: string, shapeOnly = false): string[] {
  if (typeof schema === 'boolean') return fails(!schema && !shapeOnly, `${path}: nothing may stand here`);
  if (!isRecord(schema)) return [`${path}: ${show(schema)} is no schema`];
  if (!shapeOnly) return schemaProblems(schema as JsonSchema, value, path);
  const unknown = Object.keys(schema).filter((keyword) => !notes.includes(keyword) && !Object.hasOwn(keywords, keyword));
  return unknown.map((keyword) => `${path}: the keyword "${keyword}" is not known here; give the kit a checkSchema of your own`);
}

function bound(path: string, operand: unknown, measure: number | undefined, direction: 1 | -1): string[] {
  if (typeof operand !== 'number') return [`${path}: the bound ${show(operand)} is no number`];
  return fails(
    measure !== undefined && (measure - operand) * direction < 0,
    `${path}: ${measure} is beyond the bound ${operand}`,
  );
}

function characters(value: unknown): number | undefined {
  return typeof value === 'string' ? Array.from(value).length : undefined;
}

function fails(failed: boolean, problem: string): string[] {
  return failed ? [problem] : [];
}

function namesIn(operand: unknown): string[] {
  return Array.isArray(operand) ? operand.filter((name) => typeof name === 'string') : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
