// Schemas in which the same data type is named very often, as those of message standards.

import { expect, it } from 'vitest';
import { analyse, inferSchema, typeFrom } from '../index.ts';

const fields = (count: number, of: object): object =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, of]));
const object = (properties: object): object => ({ type: 'object', properties, additionalProperties: false });

/** 15,000 references to a type of 30 fields. */
const large = {
  ...object(fields(150, object(fields(100, { $ref: '#/$defs/name' })))),
  $defs: { name: object(fields(30, { type: 'string' })) },
};

it('are followed to the end', () => {
  const input = typeFrom(large as never);
  expect(inferSchema('f149.f99.f29', { input })).toEqual({ schema: { type: 'string' }, optional: true });
  expect(analyse('f149.f99.f30', { input }).findings).toMatchObject([{ kind: 'unknown-path', name: 'f30' }]);
});

it('may refer to themselves', () => {
  const tree = object({ name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/tree' } } });
  const input = typeFrom({
    ...object({ left: { $ref: '#/$defs/tree' }, right: { $ref: '#/$defs/tree' } }),
    $defs: { tree },
  } as never);
  for (const side of ['left', 'right']) {
    expect(inferSchema(`${side}.name`, { input })).toEqual({ schema: { type: 'string' }, optional: true });
    expect(analyse(`${side}.nam`, { input }).findings).toMatchObject([{ kind: 'unknown-path', name: 'nam' }]);
  }
});
