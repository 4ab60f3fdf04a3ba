// What is said to be sure to compile does compile, whatever schemas say; what does not is told when the project is loaded.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '@mortise/sdk';
import { ModelSchemas } from './model-schemas.ts';
import { plainReferences, sureModels } from './schema-walk.ts';

const leaf = fc.oneof(
  fc.constantFrom(
    '#',
    '#/$defs/a',
    '#/$defs/b',
    '#/properties/a',
    'a@1',
    'b@1',
    'gone@1',
    'a@1#/$defs/a',
    'string',
    '(',
    '^a',
    true,
    1,
  ),
  fc.jsonValue({ maxDepth: 1 }),
);
const words = [
  '$ref',
  'pattern',
  'patternProperties',
  'properties',
  '$defs',
  'allOf',
  'not',
  'items',
  'type',
  'enum',
  'examples',
];
const rare = ['$id', 'id', '$anchor', '$dynamicRef', 'nullable', 'if', 'then', 'format', 'x-more', 'dependentSchemas', '(', 'a'];
const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof({ depthSize: 'small' }, leaf, tie('object'), fc.array(tie('schema'), { maxLength: 2 })),
  object: fc.dictionary(fc.constantFrom(...words, ...rare), tie('schema'), { maxKeys: 4, noNullPrototype: true }),
}));
const object = fc.dictionary(fc.constantFrom(...words, ...rare), schema, { maxKeys: 4, noNullPrototype: true });

/** Why a schema did not compile. One that is nothing but itself compiles, and keeps its check busy until the stack is full. */
function refusalOf(check: ((value: unknown) => unknown) | undefined): unknown {
  try {
    check?.(1);
    return undefined;
  } catch (error) {
    return error instanceof RangeError ? undefined : error;
  }
}

describe('a schema that is sure to compile', () => {
  it('compiles, whatever it says', () => {
    let sure = 0;
    fc.assert(
      fc.property(object, object, (a, b) => {
        const models = new ModelSchemas();
        const all = Object.entries({ 'a@1': a, 'b@1': b }) as [string, JsonSchema][];
        const valid = new Map(all.filter(([, one]) => models.faultsOf(one).length === 0));
        for (const [name, one] of valid) models.add(name, one);
        const results = [...valid.keys()].map((name) => models.compile(name));
        sure += sureModels(valid).size;
        expect(results.map(({ check }) => refusalOf(check))).toEqual(results.map(() => undefined));
        expect(results.filter(({ check, fault }) => (check === undefined) === (fault === undefined))).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(sure).toBeGreaterThan(0);
  });

  it.each([
    ['{ "properties": { "id": { "$ref": "b@1" }, "$id": true } }', ['b@1']],
    ['{ "$id": "https://x.example/a", "$defs": { "a": true }, "items": { "$ref": "#/$defs/a" } }', []],
    ['{ "examples": [{ "$ref": "nothing", "id": 1 }], "const": { "pattern": "(" } }', []],
    ['{ "$ref": "#/$defs/gone" }', undefined],
    ['{ "properties": { "kind": { "enum": [] } } }', undefined],
    ['{ "items": { "$id": "b@1" } }', undefined],
    ['{ "items": { "nullable": true } }', undefined],
    ['{ "patternProperties": { "(": {} } }', undefined],
    ['{ "$ref": "b@1#/$defs/a" }', undefined],
  ])('%s', (text, expected) => {
    const found = plainReferences(JSON.parse(text) as JsonSchema);
    expect(found && [...found]).toEqual(expected);
  });

  it('refers to none that is not', () => {
    const schemas = {
      'a@1': { $ref: 'b@1' },
      'b@1': { items: { $ref: 'c@1' } },
      'c@1': { $ref: 'gone@1' },
      'd@1': { $ref: '#' },
    };
    expect([...sureModels(new Map(Object.entries(schemas)))]).toEqual(['d@1']);
  });
});
