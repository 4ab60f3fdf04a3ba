// What "mortise new model" writes: a JSON Schema, from a sample where there is one.

import type { JsonSchema } from '@mortise/sdk';

const dialect = 'https://json-schema.org/draft/2020-12/schema';
const depthMax = 64;

/** The text of `models/<name>.schema.json`. */
export function modelText(name: string, sample?: unknown): string {
  const schema = sample === undefined ? beginning : schemaOf(sample, 0);
  return `${JSON.stringify({ $schema: dialect, title: name, ...schema }, null, 2)}\n`;
}

/** A beginning that shows what is needed most. */
const beginning = {
  description: 'Say what one of these is. "required" names what is never absent; what is not listed is refused.',
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', minLength: 1, description: 'What it is known by.' },
    total: { type: 'string', pattern: '^[0-9]+\\.[0-9]{2}$', description: 'Money as text, so that no digit is lost.' },
    createdAt: { type: 'string', format: 'date-time' },
    lines: { type: 'array', items: { type: 'object', properties: { quantity: { type: 'integer', minimum: 1 } } } },
  },
};

/** What fits `value`, and others like it: everything that is there is required, and more may be. */
function schemaOf(value: unknown, depth: number): JsonSchema {
  if (depth > depthMax || value === null || value === undefined) return {};
  if (Array.isArray(value)) return { type: 'array', ...(value.length === 0 ? {} : { items: merged(value, depth + 1) }) };
  if (typeof value === 'object') {
    const properties = Object.entries(value).map(([name, inner]) => [name, schemaOf(inner, depth + 1)]);
    return { type: 'object', required: Object.keys(value), properties: Object.fromEntries(properties) };
  }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: typeof value };
}

/** Of the elements of a list: required is what all of them have. */
function merged(values: readonly unknown[], depth: number): JsonSchema {
  const schemas = values.slice(0, 100).map((value) => schemaOf(value, depth));
  const [first = {}] = schemas;
  const types = new Set(schemas.map(({ type }) => type));
  if (types.size > 1) return types.has('integer') && types.has('number') && types.size === 2 ? { type: 'number' } : {};
  if (first['type'] !== 'object') return first;
  const names = schemas.map(({ required }) => required as readonly string[]);
  const properties = Object.assign({}, ...schemas.toReversed().map((schema) => schema['properties'])) as JsonSchema;
  return { type: 'object', required: (names[0] ?? []).filter((name) => names.every((some) => some.includes(name))), properties };
}
