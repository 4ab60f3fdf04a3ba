// Writing JSON: every digit, and a refusal of whatever would silently become something else.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MortiseError } from '../errors.ts';
import { writeJson } from './write-json.ts';

describe('writing', () => {
  it('gives what JSON.stringify gives, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        expect(writeJson(value, indent)).toBe(JSON.stringify(value, undefined, indent));
      }),
    );
  });

  it('keeps the digits of bigint and raw JSON', () => {
    const value = { id: 12345678901234567890n, price: JSON.rawJSON('1.10'), missing: null };
    expect(writeJson(value)).toBe('{"id":12345678901234567890,"price":1.10,"missing":null}');
  });

  it('leaves out properties without a value', () => expect(writeJson({ a: undefined, b: 1 })).toBe('{"b":1}'));
});

describe('refusing', () => {
  const loop: unknown[] = [];
  loop.push({ loop });

  it.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /type undefined/],
    ['a function', () => 1, /type function/],
    ['a symbol', Symbol('s'), /type symbol/],
    ['bytes', Uint8Array.of(1), /Bytes are no JSON value/],
    ['NaN alone', NaN, /The number NaN cannot be written/],
    ['NaN within', { total: [NaN] }, /NaN of "0"/],
    ['an infinity beside a bigint and a null', { a: 1n, b: null, total: -Infinity }, /-Infinity of "total"/],
    ['a cycle', loop, /circular/i],
    ['what throws when it is asked', { toJSON: () => fail('no JSON today\nsecond line') }, /no JSON today$/],
  ])('%s', (_, value, says) => {
    const error = thrownBy(() => writeJson(value));
    expect(error.code).toBe('MORTISE_FORMAT_UNWRITABLE');
    expect(error.message).toMatch(says);
  });

  it('stands a nesting that is too deep for the stack', () => {
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(thrownBy(() => writeJson(deep)).message).toContain('cannot be written as JSON');
  });
});

function fail(message: string): never {
  throw new Error(message);
}

function thrownBy(run: () => unknown): MortiseError {
  try {
    run();
  } catch (error) {
    if (error instanceof MortiseError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}
