// Writes one value as JSON text, and refuses what would silently become something else.

import { formatError } from '../format.ts';

declare global {
  interface JSON {
    /** A value that JSON.stringify writes as this text: `JSON.rawJSON('1.10')`. TypeScript's library does not know it yet. */
    rawJSON(text: string): unknown;
  }
}

/**
 * The value as JSON text; `indent` is how many spaces each level gets, 0 for one line. `bigint` values and `JSON.rawJSON` are
 * written with all their digits. Throws MORTISE_FORMAT_UNWRITABLE for bytes, NaN, infinities, cycles and what JSON has not.
 */
export function writeJson(value: unknown, indent = 0): string {
  if (ArrayBuffer.isView(value))
    throw unwritable('Bytes are no JSON value; decode them first, or send them with the format binary.');
  const text = stringify(value, indent);
  if (text === undefined) throw unwritable(`A value of type ${typeof value} cannot be written as JSON.`);
  // JSON.stringify writes NaN and Infinity as null; only a text with a null in it can hide one.
  if (text.includes('null')) JSON.stringify(value, refuseNonFinite);
  return text;
}

function stringify(value: unknown, indent: number): string | undefined {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch {
    // A bigint is refused by the plain way, which is the fast one; whatever else it was fails again.
  }
  try {
    return JSON.stringify(value, writeBigint, indent);
  } catch (error) {
    throw unwritable(`The value cannot be written as JSON: ${firstLine(error)}`, error);
  }
}

function writeBigint(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value;
}

function refuseNonFinite(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw unwritable(
      `The number ${value}${name === '' ? '' : ` of "${name}"`} cannot be written as JSON; expected a finite one.`,
    );
  }
  return typeof value === 'bigint' ? String(value) : value;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

function unwritable(message: string, cause?: unknown): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message, { cause });
}
