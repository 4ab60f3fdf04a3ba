// Schemas, and values that fit them: what the laws of inference are tested on.

import * as fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;

const names = ['a', 'b', 'c', 'd', 'order', 'lines'];
const texts = ['', 'x', 'a', 'ab c', 'A-12', '12'];

const scalar: fc.Arbitrary<Schema> = fc.oneof(
  fc.constantFrom<Schema>({ type: 'string' }, { type: 'number' }, { type: 'integer' }, { type: 'boolean' }, { type: 'null' }),
  fc.constant<Schema>({ type: ['string', 'null'] }),
  fc
    .uniqueArray(fc.constantFrom(...texts, 1, 2, true, null), { minLength: 1, maxLength: 3 })
    .map((values): Schema => ({ enum: values })),
);

/** A schema of objects, arrays and scalars: with fields that may be absent, others besides, and choices. */
export const schema: fc.Arbitrary<Schema> = fc.letrec<{ object: Schema; any: Schema }>((tie) => ({
  object: fc
    .record({
      properties: fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 5 }),
      required: fc.subarray(names),
      more: fc.constantFrom(true, false, false),
    })
    .map(({ properties, required, more }) => ({
      type: 'object',
      properties,
      required: required.filter((name) => Object.hasOwn(properties, name)),
      ...(more ? {} : { additionalProperties: false }),
    })),
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('object'),
    fc
      .record({ items: tie('any'), min: fc.nat({ max: 2 }), more: fc.option(fc.nat({ max: 2 }), { nil: undefined }) })
      .map(({ items, min, more }) => ({
        type: 'array',
        items,
        minItems: min,
        ...(more === undefined ? {} : { maxItems: min + more }),
      })),
    fc.tuple(tie('any'), tie('any')).map((choices) => ({ anyOf: choices })),
  ),
})).object;

/** A value that fits a schema of the kind above. */
export function valueOf(of: Schema): fc.Arbitrary<unknown> {
  if (Array.isArray(of['anyOf'])) return fc.oneof(...(of['anyOf'] as Schema[]).map(valueOf));
  if (Array.isArray(of['enum'])) return fc.constantFrom(...(of['enum'] as unknown[]));
  const kinds = Array.isArray(of['type']) ? (of['type'] as string[]) : [String(of['type'])];
  return fc.oneof(...kinds.map((kind) => ofKind(kind, of)));
}

function ofKind(kind: string, of: Schema): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'string':
      return fc.constantFrom(...texts);
    case 'number':
      return fc.constantFrom(0, 1, 2, -1, 1.5, 10);
    case 'integer':
      return fc.constantFrom(0, 1, 2, -1, 10);
    case 'boolean':
      return fc.boolean();
    case 'array': {
      const minLength = Number(of['minItems'] ?? 0);
      return fc.array(valueOf(of['items'] as Schema), { minLength, maxLength: Number(of['maxItems'] ?? minLength + 2) });
    }
    case 'object':
      return objectOf(of);
    default:
      return fc.constant(null);
  }
}

function objectOf(of: Schema): fc.Arbitrary<unknown> {
  const required = of['required'] as string[];
  const fields = Object.entries(of['properties'] as Record<string, Schema>).map(([name, field]) => {
    const value = valueOf(field);
    return [name, required.includes(name) ? value : fc.option(value, { nil: undefined, freq: 1 })] as const;
  });
  const extra =
    of['additionalProperties'] === false
      ? fc.constant({})
      : fc.dictionary(fc.constantFrom(...names), fc.constantFrom(1, 'x', null, [1]), { maxKeys: 2 });
  return fc.tuple(fc.record(Object.fromEntries(fields)), extra).map(([own, more]) => {
    const known = new Set(fields.map(([name]) => name));
    const others = Object.entries(more).filter(([name]) => !known.has(name));
    return Object.fromEntries([...Object.entries(own).filter(([, value]) => value !== undefined), ...others]);
  });
}
