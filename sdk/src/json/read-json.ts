// Reads one JSON text out of bytes: valid UTF-8 only, with a bound on nesting, and with a place for every fault.

import type { MortiseError } from '../errors.ts';
import { formatError, positionToJson } from '../format.ts';
import type { Position } from '../format.ts';
import { firstUndecodableByte, hasByteOrderMark } from '../text/character-encodings.ts';
import { findJsonFault } from './json-fault.ts';
import { keepDigits } from './json-numbers.ts';
import { surveyJson } from './json-survey.ts';

export interface JsonReadOptions {
  /**
   * What becomes of numbers that a JavaScript number would change: integers beyond 2^53 - 1, and decimals of too many digits.
   * `exact` gives them as text, as they were written; `native` rounds them.
   */
  readonly numbers: 'exact' | 'native';
  /** How deep arrays and objects may be nested; a few thousand at most, as `JSON.parse` works on the stack. */
  readonly depthMax: number;
}

/** Where a JSON text begins in a larger body, and the number of its record there. */
export interface JsonPlace {
  readonly offsetBytes: number;
  readonly line: number;
  readonly record?: number;
}

const wholeBody: JsonPlace = { offsetBytes: 0, line: 1 };

/** Drops a byte order mark, which RFC 8259 section 8.1 allows a reader to ignore. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The value of a JSON text (RFC 8259) in UTF-8; a byte order mark is skipped. Throws MORTISE_FORMAT_SYNTAX or
 * MORTISE_FORMAT_ENCODING with the offset, line and column of the fault. A key `__proto__` becomes an ordinary property.
 */
export function readJson(bytes: Uint8Array, { numbers, depthMax }: JsonReadOptions, place: JsonPlace = wholeBody): unknown {
  const text = decodeUtf8(bytes, place);
  const { tooDeepAt, hasLongNumbers } = surveyJson(bytes, depthMax);
  if (tooDeepAt !== undefined) {
    throw faultAt(
      'MORTISE_FORMAT_SYNTAX',
      `values are nested more than ${depthMax} deep (depthMax)`,
      positionAt(bytes, tooDeepAt, place),
    );
  }
  try {
    return numbers === 'exact' && hasLongNumbers ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (error) {
    throw syntaxError(bytes, text, place, error);
  }
}

function decodeUtf8(bytes: Uint8Array, place: JsonPlace): string {
  try {
    return utf8.decode(bytes);
  } catch {
    const position = positionAt(bytes, firstUndecodableByte(bytes, 'utf-8'), place);
    const byte = bytes[(position.offsetBytes ?? 0) - place.offsetBytes]?.toString(16);
    throw faultAt('MORTISE_FORMAT_ENCODING', `0x${byte} is no part of a UTF-8 character here; expected UTF-8`, position);
  }
}

function syntaxError(bytes: Uint8Array, text: string, place: JsonPlace, cause: unknown): MortiseError {
  const { index, expected } = findJsonFault(text) ?? { index: text.length, expected: 'JSON' };
  const markBytes = hasByteOrderMark(bytes, 'utf-8') ? 3 : 0;
  const position = positionAt(bytes, markBytes + Buffer.byteLength(text.slice(0, index)), place);
  const found = index < text.length ? JSON.stringify(String.fromCodePoint(text.codePointAt(index) ?? 0)) : 'the end';
  return faultAt('MORTISE_FORMAT_SYNTAX', `found ${found}, expected ${expected}`, position, cause);
}

/** Columns count characters, as editors do; a byte order mark is none. */
function positionAt(bytes: Uint8Array, offset: number, place: JsonPlace): Position {
  const before = new TextDecoder().decode(bytes.subarray(0, offset));
  const lines = before.split('\n');
  return {
    offsetBytes: place.offsetBytes + offset,
    line: place.line + lines.length - 1,
    column: Array.from(lines.at(-1) ?? '').length + 1,
    ...(place.record === undefined ? {} : { record: place.record }),
  };
}

function faultAt(
  code: 'MORTISE_FORMAT_SYNTAX' | 'MORTISE_FORMAT_ENCODING',
  what: string,
  position: Position,
  cause?: unknown,
): MortiseError {
  return formatError(code, `Line ${position.line}, column ${position.column}: ${what}.`, {
    cause,
    details: positionToJson(position),
  });
}
