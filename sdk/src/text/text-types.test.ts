// The types of fields that are text: what each reads, writes and refuses, and that no digit and no day is lost.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booleanType, dateType, decimalText, decimalType, integerType, scalarText } from './text-types.ts';

describe('integers', () => {
  it.each<[string, unknown]>([
    ['0', 0],
    ['-0', 0],
    ['+12', 12],
    ['-007', -7],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['-0009007199254740993', '-9007199254740993'],
  ])('%s is read as %j', (text, value) => expect(integerType.read(text)).toBe(value));

  it.each(['', ' 1', '1 ', '1.0', '1,000', '1e3', '--1', '0x10', '１', 'NaN'])('%j is none', (text) =>
    expect(integerType.read(text)).toBeUndefined(),
  );

  it('come back from their text, whatever their size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (integer) => {
        const value = integerType.read(String(integer));
        expect(BigInt(String(value))).toBe(integer);
        expect(integerType.write(value)).toBe(String(integer));
        expect(integerType.write(integer)).toBe(String(integer));
      }),
    );
  });

  it.each([1.5, 2 ** 53, NaN, '1.0', '+1', '', true, null, {}])('%j is not written', (value) =>
    expect(integerType.write(value)).toBeUndefined(),
  );
});

describe('decimals', () => {
  it.each([
    ['.', '1.50', '1.50'],
    ['.', '+001.50', '1.50'],
    ['.', '-0.10', '-0.10'],
    [',', '1,50', '1.50'],
    [',', '12', '12'],
  ] as const)('with the mark "%s": %s is read as %s', (mark, text, value) => expect(decimalType(mark).read(text)).toBe(value));

  it.each([
    ['.', '1,50'],
    [',', '1.50'],
    [',', '1.234,50'],
    ['.', '.5'],
    ['.', '5.'],
    ['.', '1e3'],
    ['.', ''],
  ] as const)('with the mark "%s": %j is none', (mark, text) => expect(decimalType(mark).read(text)).toBeUndefined());

  it('come back from their text with every digit, with either mark', () => {
    const decimal = fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,30})?$/);
    fc.assert(
      fc.property(decimal, fc.constantFrom('.' as const, ',' as const), (value, mark) => {
        const text = decimalType(mark).write(value) ?? '';
        expect(text).toBe(value.replace('.', mark));
        expect(decimalType(mark).read(text)).toBe(value);
      }),
    );
  });

  it.each<[unknown, string | undefined]>([
    [1.5, '1.5'],
    [10n, '10'],
    ['007.10', '007.10'],
    [1e21, undefined],
    [1e-7, undefined],
    [Infinity, undefined],
    ['1,5', undefined],
    [true, undefined],
  ])('%s as decimal text is %j', (value, text) => expect(decimalText(value)).toBe(text));
});

describe('booleans', () => {
  it.each<[string, unknown]>([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['False', false],
    ['0', false],
    ['yes', undefined],
    ['', undefined],
    ['truely', undefined],
  ])('%j is read as %j', (text, value) => expect(booleanType.read(text)).toBe(value));

  it('are written as words, and nothing else is', () => {
    expect([true, false, 'true', 1, null].map(booleanType.write)).toEqual(['true', 'false', undefined, undefined, undefined]);
  });
});

describe('dates', () => {
  it.each(['YYYY-MM-DD', 'DD.MM.YYYY', 'MM/DD/YYYY', 'YYYYMMDD', 'DD (MM) YYYY*'])('come back from %s', (pattern) => {
    const type = dateType(pattern);
    const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const value = day.toISOString().slice(0, 10);
        expect(type?.read(type.write(value) ?? '')).toBe(value);
      }),
    );
  });

  it.each(['', 'YYYY-MM', 'YYYY-MM-DD-DD', 'YY-MM-DD', 'yyyy-mm-dd'])('have no pattern %j', (pattern) =>
    expect(dateType(pattern)).toBeUndefined(),
  );

  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2024-02-29', true],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2026-13-01', false],
    ['2026-00-01', false],
    ['2026-01-00', false],
    ['2026-04-31', false],
    ['2026-1-01', false],
    [' 2026-01-01', false],
    ['2026-01-01T00:00:00Z', false],
  ])('%s is a day of the calendar: %s', (text, isDay) => {
    const type = dateType('YYYY-MM-DD');
    expect(type?.read(text)).toBe(isDay ? text : undefined);
    expect(type?.write(text)).toBe(isDay ? text : undefined);
  });

  it('take a point in the pattern for a point', () => expect(dateType('DD.MM.YYYY')?.read('01x01x2026')).toBeUndefined());
});

it.each<[unknown, string | undefined]>([
  ['a', 'a'],
  ['', ''],
  [1.5, '1.5'],
  [10n, '10'],
  [false, 'false'],
  [NaN, undefined],
  [-Infinity, undefined],
  [null, undefined],
  [['a'], undefined],
  [Symbol('s'), undefined],
])('%s as the text of a field without a type is %j', (value, text) => expect(scalarText(value)).toBe(text));
