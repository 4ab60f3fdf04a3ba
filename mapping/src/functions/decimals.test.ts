// Decimal functions: exact, and laws of arithmetic that binary floating point breaks.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpressionError } from '../errors.ts';
import { compileExpression } from '../index.ts';

const evaluate = (text: string, input: unknown = {}): unknown => compileExpression(text).evaluate(input, {}, 0);

/** Cents as an integer, and the same as a decimal text. */
const cents = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const text = (units: bigint): string => {
  const digits = String(units < 0n ? -units : units).padStart(3, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

describe('decimals', () => {
  it.each([
    ['$decimalAdd("0.1", "0.2")', '0.3'],
    ['$decimalSubtract("99.90", 100)', '-0.10'],
    ['$decimalMultiply("19.99", "1.19")', '23.7881'],
    ['$decimalDivide("10", "3", 2)', '3.33'],
    ['$decimalDivide("-1", "8", 2, "half-even")', '-0.12'],
    ['$decimalRound("2.345", 2)', '2.35'],
    ['$decimalRound("-2.345", 2, "half-down")', '-2.34'],
    ['$decimalRound("2.5", 0, "half-even")', '2'],
    ['$decimalRound("1.001", 2, "ceiling")', '1.01'],
    ['$decimalRound("-1.001", 2, "floor")', '-1.01'],
    ['$decimalRound("7", 2)', '7.00'],
    ['$decimalSum(["12345678901234567890.12", "0.88", 1])', '12345678901234567892.00'],
    ['$decimalSum([])', '0'],
    ['$decimalCompare("1.50", "1.5")', 0],
    ['$decimalCompare("9007199254740993", "9007199254740992")', 1],
    ['$decimalAdd("1.5e3", "0")', '1500'],
    ['$decimalAdd(missing, "1")', undefined],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  it.each([
    ['$decimalAdd("1,5", "1")', 'D3200'],
    ['$decimalAdd("1e9999", "1")', 'D3200'],
    ['$decimalDivide("1", "0.00", 2)', 'D3201'],
    ['$decimalDivide("1", "3", -1)', 'D3202'],
    ['$decimalRound("1", 2, "bankers")', 'D3203'],
  ])('%s fails with %s', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }) as ExpressionError);
  });

  it('adds as integers of cents do', () => {
    fc.assert(
      fc.property(cents, cents, (one, other) => {
        expect(evaluate('$decimalAdd(a, b)', { a: text(one), b: text(other) })).toBe(text(one + other));
      }),
    );
  });

  it('sums in any order to the same', () => {
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1 }), (all) => {
        const forward = evaluate('$decimalSum(all)', { all: all.map(text) });
        expect(evaluate('$decimalSum($reverse(all))', { all: all.map(text) })).toBe(forward);
        expect(forward).toBe(text(all.reduce((sum, one) => sum + one, 0n)));
      }),
    );
  });

  it('divides to within half a unit of the last place', () => {
    const divisor = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(cents, divisor, (one, other) => {
        const quotient = evaluate('$decimalDivide(a, b, 2, "half-even")', { a: String(one), b: String(other) }) as string;
        const hundredths = BigInt(quotient.replace('.', ''));
        const error = 2n * (one * 100n - hundredths * other);
        expect(error <= other && error >= -other).toBe(true);
      }),
    );
  });
});

describe('identities', () => {
  it.each([
    ['$hash("abc")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['$hash("abc", "md5")', '900150983cd24fb0d6963f7d28e17f72'],
    // RFC 9562, appendix A.4: the name www.example.com in the DNS namespace.
    ['$uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  it.each([
    ['$hash("abc", "crc32")', 'D3204'],
    ['$uuid5("none", "x")', 'D3205'],
  ])('%s fails with %s', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }) as ExpressionError);
  });
});
