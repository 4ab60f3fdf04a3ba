// The builders of schemas against TypeBox itself, whose types they have.

import fc from 'fast-check';
import { Type as TypeBox } from 'typebox';
import { expect, it } from 'vitest';
import { Type } from './schema.ts';

/** What both are told alike: a way to make the same schema with either. */
type Make = (type: typeof Type) => never;

const options = fc.record({ description: fc.string(), default: fc.jsonValue() }, { requiredKeys: [] });
const names = fc.uniqueArray(fc.constantFrom('id', 'name', 'state', 'count', 'at'), { minLength: 1 });

const { any } = fc.letrec<{ any: Make; leaf: Make; object: Make }>((tie) => ({
  leaf: fc.oneof(
    fc.tuple(fc.constantFrom('Boolean', 'Integer', 'Number', 'String', 'Unknown'), options).map(
      ([word, given]): Make =>
        (type) =>
          type[word as 'String'](given as never) as never,
    ),
    fc.tuple(names, options).map(
      ([values, given]): Make =>
        (type) =>
          type.Enum([...values], given) as never,
    ),
    fc.constantFrom('text', 7, true).map(
      (value): Make =>
        (type) =>
          type.Literal(value) as never,
    ),
  ),
  object: fc
    .tuple(
      fc.dictionary(
        names.map(([name = 'id']) => name),
        fc.tuple(tie('any'), fc.boolean()),
      ),
      options,
    )
    .map(
      ([properties, given]): Make =>
        (type) =>
          type.Object(propertiesOf(type, properties), given as never) as never,
    ),
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    tie('object'),
    fc.tuple(tie('any'), options).map(
      ([items, given]): Make =>
        (type) =>
          type.Array(items(type), given) as never,
    ),
    fc.tuple(tie('any'), options).map(
      ([value, given]): Make =>
        (type) =>
          type.Record(type.String(), value(type), given) as never,
    ),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map(
      (parts): Make =>
        (type) =>
          type.Union(parts.map((part) => part(type))) as never,
    ),
    fc.tuple(tie('object'), names).map(
      ([object, left]): Make =>
        (type) =>
          type.Omit(object(type), left as never) as never,
    ),
    fc.tuple(tie('object'), options).map(
      ([object, given]): Make =>
        (type) =>
          type.Partial(object(type), given) as never,
    ),
    fc.tuple(tie('object'), tie('any')).map(
      ([heritage, more]): Make =>
        (type) =>
          type.Interface([heritage(type)], { more: type.Optional(more(type)) }) as never,
    ),
  ),
}));

function propertiesOf(type: typeof Type, properties: Readonly<Record<string, readonly [Make, boolean]>>): never {
  const made = Object.entries(properties).map(([name, [make, isOptional]]) => {
    const schema = make(type);
    return [name, isOptional ? type.Optional(schema) : schema];
  });
  return Object.fromEntries(made) as never;
}

it('makes what TypeBox makes of the same words', () => {
  fc.assert(
    fc.property(any, (make) => {
      expect(JSON.parse(JSON.stringify(make(Type)))).toEqual(JSON.parse(JSON.stringify(make(TypeBox as never))));
    }),
    { numRuns: 200 },
  );
});
