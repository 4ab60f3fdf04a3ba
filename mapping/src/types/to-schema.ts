// From a type to a JSON Schema that every value of the type fits.

import type { ArrayType, NumberType, ObjectType, TextType, Type } from './type.ts';

export type OutSchema = Readonly<Record<string, unknown>>;

const depthMax = 30;

export function schemaOf(type: Type, depth = 0): OutSchema {
  if (type.any || type.callable || depth > depthMax) return {};
  const choices = [
    ...(type.null ? [{ type: 'null' }] : []),
    ...(type.boolean ? [booleans(type.boolean)] : []),
    ...(type.number ? [numbers(type.number)] : []),
    ...(type.text ? [texts(type.text)] : []),
    ...(type.object ? [objects(type.object, depth)] : []),
    ...(type.array ? [arrays(type.array, depth)] : []),
  ];
  const [only] = choices;
  if (!only) return { not: {} };
  return choices.length === 1 ? only : { anyOf: choices };
}

function booleans(values: readonly boolean[]): OutSchema {
  return values.length === 1 ? { const: values[0] } : { type: 'boolean' };
}

function numbers({ integer, values }: NumberType): OutSchema {
  return values ? { enum: values } : { type: integer ? 'integer' : 'number' };
}

function texts({ values }: TextType): OutSchema {
  return values ? { enum: values } : { type: 'string' };
}

function objects({ fields, rest }: ObjectType, depth: number): OutSchema {
  const all = [...fields];
  const required = all.filter(([, type]) => !type.nothing).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(all.map(([name, type]) => [name, schemaOf(type, depth + 1)])),
    ...(required.length > 0 ? { required } : {}),
    ...(rest ? (rest.any ? {} : { additionalProperties: schemaOf(rest, depth + 1) }) : { additionalProperties: false }),
  };
}

function arrays({ values, min, max }: ArrayType, depth: number): OutSchema {
  return {
    type: 'array',
    items: schemaOf(values, depth + 1),
    ...(min > 0 ? { minItems: min } : {}),
    ...(Number.isFinite(max) ? { maxItems: max } : {}),
  };
}
