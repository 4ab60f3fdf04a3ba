// Numbers with a fixed point: digits as they are stored, to values and back, with every digit kept.

import { decimalText, excerpt } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';

/** So many digits are always exact in a JavaScript number. */
export const exactDigits = 15;

const zero = 0x30;

/** A number that is stored as digits: how many, and how many of them are behind the point (below zero: zeros that are not stored). */
export interface Shape {
  readonly digits: number;
  readonly scale: number;
  readonly signed: boolean;
}

/** Digits as they are to be stored. */
export interface Digits {
  readonly negative: boolean;
  /** As many as the shape has, leading zeros included. */
  readonly text: string;
}

/** The value of an integer that is stored: a number, or a text where there is a point or a number would not be exact. */
export function valueOfInteger(stored: number, scale: number): number | string {
  if (scale === 0) return stored;
  if (scale > 0) return stored < 0 ? `-${pointed(String(-stored), scale)}` : pointed(String(stored), scale);
  const value = stored * 10 ** -scale;
  return Number.isSafeInteger(value) ? value : `${stored}${'0'.repeat(-scale)}`;
}

/** The same for digits that are too many for a number. */
export function valueOfDigits(negative: boolean, digits: string, scale: number): number | string {
  const significant = withoutZeros(digits);
  if (significant.length <= exactDigits) {
    const stored = Number(significant);
    return valueOfInteger(negative && stored !== 0 ? -stored : stored, scale);
  }
  const sign = negative ? '-' : '';
  if (scale > 0) return sign + pointed(significant, scale);
  const text = sign + significant + '0'.repeat(-scale);
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

function withoutZeros(digits: string): string {
  let from = 0;
  while (digits.charCodeAt(from) === zero) from += 1;
  return digits.slice(from);
}

function pointed(digits: string, scale: number): string {
  if (digits.length <= scale) return `0.${'0'.repeat(scale - digits.length)}${digits}`;
  const point = digits.length - scale;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** What is to be stored, or what is wrong with the value. */
export function digitsOf(value: unknown, shape: Shape): Digits | string {
  const plain = storedDigits(value, shape);
  if (plain === undefined) return `holds ${excerpt(value)}; expected ${expectedNumber(shape)}`;
  const { negative, text } = plain;
  if (text.length > shape.digits) return `holds ${excerpt(value)}, which is too large; expected ${expectedNumber(shape)}`;
  if (negative && !shape.signed) return `holds ${excerpt(value)}; expected no sign`;
  return { negative, text: text.padStart(shape.digits, '0') };
}

/** Without leading zeros; undefined where the value is no decimal, or has digits behind those that are stored. */
export function storedDigits(value: unknown, { scale }: Pick<Shape, 'scale'>): Digits | undefined {
  if (scale === 0 && typeof value === 'number' && Number.isSafeInteger(value))
    return { negative: value < 0, text: value === 0 ? '' : String(Math.abs(value)) };
  const decimal = decimalText(value);
  if (decimal === undefined) return undefined;
  const isMinus = decimal.startsWith('-');
  const unsigned = isMinus ? decimal.slice(1) : decimal;
  const point = unsigned.indexOf('.');
  const decimals = point < 0 ? 0 : unsigned.length - point - 1;
  const all =
    (point < 0 ? unsigned : unsigned.slice(0, point) + unsigned.slice(point + 1)) + '0'.repeat(Math.max(scale - decimals, 0));
  const kept = Math.max(all.length - Math.max(decimals - scale, 0), 0);
  for (let at = kept; at < all.length; at += 1) if (all.charCodeAt(at) !== zero) return undefined;
  const text = withoutZeros(all.slice(0, kept));
  return { negative: isMinus && text !== '', text };
}

export function expectedNumber({ digits, scale, signed }: Shape): string {
  const sign = signed ? 'a number' : 'a number that is not negative';
  if (scale === 0) return `${sign} of up to ${digits} digits`;
  if (scale < 0) return `${sign} of up to ${digits} digits and ${-scale} zeros behind them`;
  return `${sign} of up to ${digits} digits, ${scale} of them behind the point`;
}

const integerText: JsonSchema = { type: 'string', pattern: '^-?[0-9]+$' };

/** Decimals are texts, integers are numbers as long as all of them are exact. */
export function schemaOfNumber({ digits, scale, signed }: Shape): JsonSchema {
  if (scale > 0) return { type: 'string', pattern: `^${signed ? '-?' : ''}[0-9]+[.][0-9]{${scale}}$` };
  if (digits - scale > exactDigits) return { anyOf: [{ type: 'integer' }, integerText] };
  const maximum = Number(`${'9'.repeat(digits)}${'0'.repeat(-scale)}`);
  return { type: 'integer', minimum: signed ? -maximum : 0, maximum };
}
