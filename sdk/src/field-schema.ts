// JSON Schema (2020-12) of what a user may write, from field specs: editors complete by it.

import type { Field, Fields } from './field.ts';
import type { Json } from './message.ts';

export type JsonSchema = { readonly [name: string]: Json };

/** The schema of a mapping with these fields; nothing else is allowed in it. */
export function fieldsToJsonSchema(fields: Fields): JsonSchema {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, fieldToJsonSchema(spec)]));
  const required = Object.entries(fields).filter(([, spec]) => !spec.optional && spec.default === undefined);
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length > 0 ? { required: required.map(([name]) => name) } : {}),
  };
}

/** The schema of one field. `steps`, `targets`, `model` and `format` refer to `#/$defs/…`, which the caller supplies. */
export function fieldToJsonSchema(spec: Field): JsonSchema {
  return {
    ...shape(spec),
    description: spec.doc,
    ...(spec.default === undefined ? {} : { default: spec.default as Json }),
    ...(spec.example === undefined ? {} : { examples: [spec.example as Json] }),
  };
}

const duration = '\\d+(\\.\\d+)? ?(ms|s|m|h|d)';

function shape(spec: Field): JsonSchema {
  switch (spec.kind) {
    case 'text':
      return { type: ['string', 'number'], ...(spec.pattern ? { pattern: spec.pattern.source } : {}) };
    case 'path':
      return { type: 'string', minLength: 1 };
    case 'secret':
      return { type: 'string', pattern: '^(env|secret):[A-Za-z0-9_.-]+$' };
    case 'expression':
      return { $ref: '#/$defs/expression' };
    case 'integer':
    case 'number':
      return { type: spec.kind, ...bounds(spec) };
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { enum: spec.choices ?? [] };
    case 'duration':
      return { type: 'string', pattern: `^${duration}$` };
    case 'durationRange':
      return { type: 'string', pattern: `^${duration}\\.\\.${duration}$` };
    case 'size':
      return { type: 'string', pattern: '^\\d+(\\.\\d+)? ?(B|KiB|MiB|GiB|KB|MB|GB)$' };
    case 'rate':
      return { type: 'string', pattern: '^\\d+/(s|m|h|d)$' };
    case 'list':
      return { type: 'array', items: fieldToJsonSchema(spec.of as Field) };
    case 'record':
      return { type: 'object', additionalProperties: fieldToJsonSchema(spec.of as Field) };
    case 'group':
      return fieldsToJsonSchema(spec.fields as Fields);
    case 'oneOf':
      return { anyOf: (spec.forms ?? []).map(fieldToJsonSchema) };
    case 'value':
      return {};
    default:
      return { $ref: `#/$defs/${spec.kind}` };
  }
}

function bounds(spec: Field): JsonSchema {
  return {
    ...(spec.minimum === undefined ? {} : { minimum: spec.minimum }),
    ...(spec.maximum === undefined ? {} : { maximum: spec.maximum }),
  };
}
