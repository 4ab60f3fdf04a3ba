// Names: what is taken, what may be written, and what lies near.

import fc from 'fast-check';
import { posix } from 'node:path';
import { Rejected } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { isWanted, namesNear, pathWithin, temporaryNameOf, withSuffix } from './names.ts';

describe('a file is taken', () => {
  it.each([
    ['orders.csv', '*'],
    ['orders.csv', '*.csv'],
    ['ORDERS-7.CSV', 'ORDERS-*.{csv,CSV}'],
    ['tmp', '*'],
    ['partial.csv', '*'],
  ])('where its name is %s and the pattern %s', (name, pattern) => expect(isWanted(name, pattern)).toBe(true));

  it.each([
    ['orders.csv', '*.xml'],
    ['.orders.csv', '*'],
    ['.orders.csv', '.*'],
    ['orders.csv.tmp', '*'],
    ['orders.PART', '*'],
    ['orders.csv.filepart', '*.filepart'],
  ])('but not where its name is %s and the pattern %s', (name, pattern) => expect(isWanted(name, pattern)).toBe(false));
});

describe('a name to be written', () => {
  it.each(['orders.csv', 'a b.txt', '..orders', 'Bestellung-ä.csv', '…'])('may be %s', (name) =>
    expect(pathWithin(name, false)).toBe(name),
  );

  it.each(['', '.', '..', '../passwd', '/etc/passwd', 'a/b', 'a\\b', 'a\nb', 'a\u0000b', 'a/../../b'])(
    'may not be %j',
    (name) => {
      expect(() => pathWithin(name, false)).toThrow(Rejected);
      expect(() => pathWithin(name, false)).toThrow(JSON.stringify(name));
    },
  );

  it('may lead into subfolders where that is allowed', () => {
    expect(pathWithin('2026/01/orders.csv', true)).toBe('2026/01/orders.csv');
    for (const name of ['../a', 'a/../b', 'a//b', '/a', 'a/', './a']) expect(() => pathWithin(name, true)).toThrow(Rejected);
  });

  it('never leads out of the folder', () => {
    const anyName = fc
      .array(fc.constantFrom('..', '.', '/', '\\', 'a', '', '\u0000', '%2e'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(anyName, fc.string()), fc.boolean(), (name, subfolders) => {
        const resolved = posix.resolve('/top', pathOrNothing(name, subfolders) ?? 'refused');
        expect(resolved.startsWith('/top/')).toBe(true);
        expect(subfolders || posix.dirname(resolved) === '/top').toBe(true);
      }),
    );
  });
});

describe('other names', () => {
  it('are found as long as it takes', () => {
    const names = namesNear('orders.csv', Date.UTC(2026, 0, 1, 6));
    const first = Array.from({ length: 4 }, () => names.next().value);
    expect(first).toEqual([
      'orders.csv',
      'orders.20260101T060000000Z.csv',
      'orders.20260101T060000000Z-2.csv',
      'orders.20260101T060000000Z-3.csv',
    ]);
  });

  it('depend on the delivery, and on nothing else', () => {
    expect(withSuffix('orders.csv', 'd-1')).toMatch(/^orders-[0-9a-f]{8}\.csv$/);
    expect(withSuffix('orders', 'd-1')).toMatch(/^orders-[0-9a-f]{8}$/);
    expect(withSuffix('orders.csv', 'd-1')).toBe(withSuffix('orders.csv', 'd-1'));
    expect(withSuffix('orders.csv', 'd-1')).not.toBe(withSuffix('orders.csv', 'd-2'));
  });

  it('of files that are not whole are never taken', () => {
    expect(temporaryNameOf('../../d-1')).toMatch(/^\.mortise-[0-9a-f]{32}\.tmp$/);
    expect(isWanted(temporaryNameOf('d-1'), '*')).toBe(false);
  });
});

function pathOrNothing(name: string, subfolders: boolean): string | undefined {
  try {
    return pathWithin(name, subfolders);
  } catch (error) {
    if (error instanceof Rejected) return undefined;
    throw error;
  }
}
