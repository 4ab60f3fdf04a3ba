// Functions of numbers.

import { expressionError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';

type Numbers = readonly number[] | undefined;

export function sum(_cx: Context, values: Numbers): number | undefined {
  if (values === undefined) return undefined;
  let total = 0;
  for (const value of values) total += value;
  return total;
}

export function count(_cx: Context, values: readonly unknown[] | undefined): number {
  return values === undefined ? 0 : values.length;
}

export function max(_cx: Context, values: Numbers): number | undefined {
  if (values === undefined || values.length === 0) return undefined;
  let most = -Infinity;
  for (const value of values) if (value > most || Number.isNaN(value)) most = value;
  return most;
}

export function min(_cx: Context, values: Numbers): number | undefined {
  if (values === undefined || values.length === 0) return undefined;
  let least = Infinity;
  for (const value of values) if (value < least || Number.isNaN(value)) least = value;
  return least;
}

export function average(cx: Context, values: Numbers): number | undefined {
  if (values === undefined || values.length === 0) return undefined;
  return (sum(cx, values) as number) / values.length;
}

const decimalNumber = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
/** JSONata anchors only the first and the last of the three. */
const prefixedNumber = /^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/;

export function number(_cx: Context, value: unknown): number | undefined {
  if (value === undefined || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    if (decimalNumber.test(value) && Number.isFinite(Number(value))) return Number(value);
    if (prefixedNumber.test(value)) return Number(value);
  }
  throw expressionError('D3030', { value });
}

type OneNumber = (cx: Context, value: number | undefined) => number | undefined;

export const abs: OneNumber = (_cx, value) => (value === undefined ? undefined : Math.abs(value));
export const floor: OneNumber = (_cx, value) => (value === undefined ? undefined : Math.floor(value));
export const ceil: OneNumber = (_cx, value) => (value === undefined ? undefined : Math.ceil(value));

export function sqrt(_cx: Context, value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value < 0) throw expressionError('D3060', { value });
  return Math.sqrt(value);
}

export function power(_cx: Context, value: number | undefined, exponent: number): number | undefined {
  if (value === undefined) return undefined;
  const result = value ** exponent;
  if (!Number.isFinite(result)) throw expressionError('D3061', { value, other: exponent });
  return result;
}

/** Rounds half to even, at so many decimal places. */
export function round(_cx: Context, value: number | undefined, places = 0): number | undefined {
  if (value === undefined) return undefined;
  const shifted = shift(value, places);
  const nearest = Math.round(shifted);
  const isTie = Math.abs(nearest - shifted) === 0.5 && Math.abs(nearest % 2) === 1;
  const result = shift(isTie ? nearest - 1 : nearest, -places);
  return Object.is(result, -0) ? 0 : result;
}

/** Moves the decimal point in the digits, where multiplication would lose some. */
function shift(value: number, places: number): number {
  if (places === 0) return value;
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

export function random(): number {
  return Math.random();
}

export function formatBase(cx: Context, value: number | undefined, base?: number): string | undefined {
  if (value === undefined) return undefined;
  const radix = base === undefined ? 10 : (round(cx, base) as number);
  if (radix < 2 || radix > 36) throw expressionError('D3100', { value: radix });
  return (round(cx, value) as number).toString(radix);
}
