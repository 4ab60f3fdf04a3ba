// Keeps the digits of JSON numbers that a JavaScript number would change.

/** Shorter numbers without an exponent have at most 15 significant digits, which a double always keeps. */
const numberCharactersMin = 16;

/** The bytes that JSON numbers are made of: digits, sign, point and exponent. */
const numberBytes = byteSet('0123456789+-.eE');

/** What may stand before and behind a number that is no part of a text. */
const boundaryBytes = byteSet(' \t\r\n:,[]{}');

/**
 * Whether some number in this JSON text might lose digits. Says yes too often rather than too seldom, and is cheap: every
 * such number is at least four bytes long (`1e16`), so that it is enough to look at every fourth byte.
 */
export function mayLoseDigits(bytes: Uint8Array): boolean {
  for (let at = 3; at < bytes.length; at += 4) {
    if (numberBytes[bytes[at] as number] === 0) continue;
    let from = at;
    while (from > 0 && numberBytes[bytes[from - 1] as number] === 1) from -= 1;
    while (at < bytes.length && numberBytes[bytes[at] as number] === 1) at += 1;
    if (isSuspect(bytes, from, at)) return true;
    at -= 1;
  }
  return false;
}

/** A reviver for `JSON.parse`: numbers that would change become their text. */
export function keepDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const source = context?.source;
  return source === undefined || keepsDigits(source, value) ? value : source;
}

function isSuspect(bytes: Uint8Array, from: number, to: number): boolean {
  if (from > 0 && boundaryBytes[bytes[from - 1] as number] === 0) return false;
  if (to < bytes.length && boundaryBytes[bytes[to] as number] === 0) return false;
  return to - from >= numberCharactersMin || hasExponent(bytes, from, to);
}

function hasExponent(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (((bytes[at] as number) | 0x20) === 0x65) return true;
  return false;
}

function keepsDigits(source: string, value: number): boolean {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  const printed = String(value);
  return printed === source || canonical(printed) === canonical(source);
}

/** A decimal number as its significant digits and the power of ten behind them, so that `1.50`, `15e-1` and `1.5` are the same. */
function canonical(decimal: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const digits = whole + fraction;
  let from = 0;
  while (digits[from] === '0') from += 1;
  let to = digits.length;
  while (to > from && digits[to - 1] === '0') to -= 1;
  if (from === to) return whole === '' ? 'not finite' : '0';
  return `${digits.slice(from, to)}e${Number(exponent) - fraction.length + digits.length - to}`;
}

function byteSet(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const character of characters) set[character.charCodeAt(0)] = 1;
  return set;
}
