// JSON values through SQLite and back.

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SqlValue } from './protocol.ts';
import { fromSql, fromStored, toSql, toStored } from './values.ts';

/** What comes back when it was stored in a column without a type, which changes nothing. */
function throughDatabase(value: SqlValue): SqlValue {
  const database = new DatabaseSync(':memory:');
  const statement = database.prepare('SELECT ? AS value');
  statement.setReadBigInts(true);
  const stored = statement.get(value)?.['value'] ?? null;
  database.close();
  return stored;
}

describe('a JSON value', () => {
  it.each([
    [null, null],
    [undefined, null],
    ['text', 'text'],
    [true, 1n],
    [false, 0n],
    [5, 5n],
    [-0, 0n],
    [5.5, 5.5],
    [1e20, 1e20],
    [[1, 'a'], '[1,"a"]'],
    [{ a: { b: null } }, '{"a":{"b":null}}'],
    [JSON.rawJSON('12345678901234567890.5'), '12345678901234567890.5'],
  ])('%j is stored as %s', (value, stored) => expect(toSql(value)).toEqual(stored));

  it('that is text, null or a number comes back as it was', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constant(null),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(scalar, (value) => {
        const expected = Object.is(value, -0) ? 0 : value;
        expect(fromSql(throughDatabase(toSql(value)))).toBe(expected);
      }),
    );
  });
});

describe('a stored value', () => {
  it.each([
    [9007199254740991n, 9007199254740991],
    [9007199254740992n, '9007199254740992'],
    [-9223372036854775808n, '-9223372036854775808'],
    [Infinity, 'Infinity'],
    [new Uint8Array([1, 2, 255]), 'AQL/'],
  ])('%s is %j', (stored, value) => expect(fromSql(stored)).toBe(value));

  it('keeps its kind in a cursor, which is JSON', () => {
    const stored = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(stored, (value) => {
        const back = fromStored(JSON.parse(JSON.stringify(toStored(value))));
        expect(back instanceof Uint8Array ? new Uint8Array(back) : back).toEqual(value);
      }),
    );
  });
});
