// How values are compared, and what is said of their differences.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, shown } from './compare.ts';

describe('differences', () => {
  it('are told with their paths, nearest first', () => {
    const expected = { id: '4711', lines: [{ sku: 'A' }, { sku: 'B' }], 'odd name': 1 };
    const found = { id: 4711, lines: [{ sku: 'A' }, { sku: 'C' }], more: true };
    expect(differences(expected, found, 'body', false)).toEqual([
      'body.id: expected "4711", found 4711',
      'body.lines[1].sku: expected "B", found "C"',
      'body["odd name"]: expected 1, found nothing',
    ]);
  });

  it('allow a mapping to have more, unless it is to be exact; never a list', () => {
    expect(differences({ a: 1 }, { a: 1, b: 2 }, 'body', false)).toEqual([]);
    expect(differences({ a: 1 }, { a: 1, b: 2 }, 'body', true)).toEqual(['body.b: expected nothing, found 2']);
    expect(differences([1], [1, 2], 'body', false)).toEqual(['body: expected 1 element, found 2']);
    expect(differences([1, 2, 3], [1], 'body', false)).toEqual(['body: expected 3 elements, found 1']);
  });

  it('tell a list from a mapping, null from nothing, and bytes from both', () => {
    expect(differences([], {}, 'body', false)).toEqual(['body: expected [], found {}']);
    expect(differences(null, undefined, 'body', false)).toEqual(['body: expected null, found nothing']);
    expect(differences({}, new Uint8Array(3), 'body', false)).toEqual(['body: expected {}, found 3 bytes']);
  });

  it('read own properties only', () => {
    expect(differences({ toString: 1 }, {}, 'body', false)).toEqual(['body.toString: expected 1, found nothing']);
  });

  it('are cut where nobody would read them all', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`p${index}`, 1]));
    const lines = differences(many, {}, 'body', false);
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('… and 20 more');
    expect(shown('x'.repeat(500))).toHaveLength(121);
  });

  it('are none between a value and itself, exactly or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, exact) => {
        expect(differences(value, structuredClone(value), 'body', exact)).toEqual([]);
      }),
    );
  });

  it('are found, exactly, between any two values that JSON writes differently', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        fc.pre(canonical(a) !== canonical(b));
        expect(differences(a, b, 'body', true)).not.toEqual([]);
      }),
    );
  });
});

/** JSON with sorted names; -0 and 0 are the same to JSON and not to Object.is. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join()}}`;
}
