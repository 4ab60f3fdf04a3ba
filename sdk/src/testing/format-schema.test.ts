// The small schema check of the format kit: what it accepts, what it refuses, and that it never guesses.

import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../field-schema.ts';
import { schemaProblems } from './format-schema.ts';

const order: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^[0-9]+$', maxLength: 4 },
    lines: { type: 'array', items: { type: ['integer', 'null'], minimum: 1 }, minItems: 1 },
  },
  required: ['id'],
  additionalProperties: { anyOf: [{ type: 'boolean' }, { const: 'none' }] },
};

describe('accepts', () => {
  it.each([{ id: '1' }, { id: '4711', lines: [1, null], express: true, note: 'none' }])('%j', (value) => {
    expect(schemaProblems(order, value)).toEqual([]);
  });
});

describe('refuses', () => {
  it.each([
    ['a string', 'is not of type object'],
    [{}, '"id" is missing'],
    [{ id: 'x' }, 'is not like'],
    [{ id: '12345' }, 'beyond the bound 4'],
    [{ id: '1', lines: [] }, 'beyond the bound 1'],
    [{ id: '1', lines: [0] }, '$.lines[0]: 0 is beyond'],
    [{ id: '1', lines: [1.5] }, 'is not of type integer, null'],
    [{ id: '1', other: 1 }, '$.other: 1 fits none of anyOf'],
    [JSON.parse('{"id":"1","__proto__":1}'), 'fits none of anyOf'],
  ])('%j', (value, problem) => {
    expect(schemaProblems(order, value).join('\n')).toContain(problem);
  });

  it.each<[string, JsonSchema, unknown]>([
    ['is no type', { type: 'text' }, 'a'],
    ['"typ" is not known', { typ: 'string' }, 'a'],
    ['"typ" is not known', { type: 'object', properties: { a: { typ: 'string' } } }, {}],
    ['"typ" is not known', { type: 'array', items: { typ: 'string' } }, {}],
    ['is no schema', { properties: { a: 1 } }, {}],
    ['mapping of schemas', { properties: [] }, {}],
    ['nothing may stand here', { additionalProperties: false }, { a: 1 }],
    ['is not in enum', { enum: ['a'] }, 'b'],
    ['the bound "1" is no number', { minimum: '1' }, 2],
  ])('a schema: %s', (problem, schema, value) => {
    expect(schemaProblems(schema, value).join('\n')).toContain(problem);
  });
});
