// Decimal numbers as text, exact: money never passes through binary floating point. Beyond JSONata.

import { expressionError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';

/** A decimal number: `units` divided by ten to the power of `places`. */
interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

type Given = string | number | undefined;

/** How what does not fit is rounded. `half-even` is the banker's. */
const roundings = ['half-up', 'half-down', 'half-even', 'up', 'down', 'ceiling', 'floor'] as const;
type Rounding = (typeof roundings)[number];

const written = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Digits and places of one number: no sum of money has more, and no expression may fill memory by them. */
const digitsMax = 1000;

/** Reads a decimal number. Throws D3200 where it is none. */
function read(value: string | number): Decimal {
  const text = String(value).trim();
  const found = text.length <= digitsMax ? written.exec(text) : null;
  if (!found) throw expressionError('D3200', { value });
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const places = fraction.length - Number(exponent);
  if (Math.abs(places) > digitsMax) throw expressionError('D3200', { value });
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return places < 0 ? { units: units * 10n ** BigInt(-places), places: 0 } : { units, places };
}

function write({ units, places }: Decimal): string {
  const digits = String(units < 0n ? -units : units);
  if (digits.length > 2 * digitsMax) throw expressionError('D3200', { value: `${digits.slice(0, 20)}…` });
  const padded = digits.padStart(places + 1, '0');
  const sign = units < 0n ? '-' : '';
  return places === 0 ? sign + padded : `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** Both with the same number of places. */
function aligned(one: Decimal, other: Decimal): readonly [bigint, bigint, number] {
  const places = Math.max(one.places, other.places);
  return [scaled(one, places), scaled(other, places), places];
}

function scaled({ units, places }: Decimal, to: number): bigint {
  return units * 10n ** BigInt(to - places);
}

type Combine = (one: Decimal, other: Decimal) => Decimal;

const plus: Combine = (one, other) => {
  const [left, right, places] = aligned(one, other);
  return { units: left + right, places };
};

const minus: Combine = (one, other) => {
  const [left, right, places] = aligned(one, other);
  return { units: left - right, places };
};

const times: Combine = (one, other) => ({ units: one.units * other.units, places: one.places + other.places });

function combining(combine: Combine) {
  return (_cx: Context, one: Given, other: Given): string | undefined =>
    one === undefined || other === undefined ? undefined : write(combine(read(one), read(other)));
}

export const decimalAdd = combining(plus);
export const decimalSubtract = combining(minus);
export const decimalMultiply = combining(times);

/** To so many places. Throws D3201 for a divisor of zero. */
export function decimalDivide(_cx: Context, one: Given, other: Given, places: number, rounding = 'half-up'): string | undefined {
  if (one === undefined || other === undefined) return undefined;
  const [left, right] = aligned(read(one), read(other));
  if (right === 0n) throw expressionError('D3201');
  const to = requirePlaces(places);
  return write({ units: quotient(left * 10n ** BigInt(to), right, requireRounding(rounding)), places: to });
}

export function decimalRound(_cx: Context, value: Given, places: number, rounding = 'half-up'): string | undefined {
  if (value === undefined) return undefined;
  const decimal = read(value);
  const [to, how] = [requirePlaces(places), requireRounding(rounding)];
  if (decimal.places <= to) return write({ units: scaled(decimal, to), places: to });
  return write({ units: quotient(decimal.units, 10n ** BigInt(decimal.places - to), how), places: to });
}

export function decimalSum(cx: Context, values: readonly (string | number)[] | undefined): string | undefined {
  if (values === undefined) return undefined;
  cx.spend(values.length);
  return write(values.map(read).reduce(plus, { units: 0n, places: 0 }));
}

/** Below zero, zero, or above: -1, 0 or 1. */
export function decimalCompare(_cx: Context, one: Given, other: Given): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  const [left, right] = aligned(read(one), read(other));
  return left < right ? -1 : left > right ? 1 : 0;
}

function requirePlaces(places: number): number {
  if (!Number.isInteger(places) || places < 0 || places > digitsMax) throw expressionError('D3202', { value: places });
  return places;
}

function requireRounding(rounding: string): Rounding {
  const known = roundings.find((one) => one === rounding);
  if (!known) throw expressionError('D3203', { value: rounding, other: roundings.join(', ') });
  return known;
}

function quotient(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const whole = dividend / divisor;
  const rest = dividend % divisor;
  if (rest === 0n) return whole;
  const isNegative = dividend < 0n !== divisor < 0n;
  const twice = compare(2n * magnitude(rest), magnitude(divisor));
  return isAway(rounding, twice, isNegative, whole % 2n !== 0n) ? whole + (isNegative ? -1n : 1n) : whole;
}

/** Whether a result that does not come out is rounded away from zero. `half`: the rest against a half. */
function isAway(rounding: Rounding, half: number, isNegative: boolean, isOdd: boolean): boolean {
  switch (rounding) {
    case 'up':
      return true;
    case 'down':
      return false;
    case 'ceiling':
      return !isNegative;
    case 'floor':
      return isNegative;
    case 'half-up':
      return half >= 0;
    case 'half-down':
      return half > 0;
    case 'half-even':
      return half > 0 || (half === 0 && isOdd);
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
