// Reads one JSON text out of bytes: valid UTF-8 only, with a bound on nesting, and with a place for every fault.

import { formatError, positionToJson } from '@mortise/sdk';
import type { MortiseError, Position } from '@mortise/sdk';
import { findJsonFault } from './json-fault.ts';
import { keepDigits } from './json-numbers.ts';
import { surveyJson } from './json-survey.ts';

export interface JsonReading {
  readonly numbers: 'exact' | 'native';
  readonly depthMax: number;
}

/** Where the text begins in a larger body, and the number of its record there. */
export interface JsonPlace {
  readonly offsetBytes: number;
  readonly line: number;
  readonly record?: number;
}

export const wholeBody: JsonPlace = { offsetBytes: 0, line: 1 };

/** Drops a byte order mark, which RFC 8259 section 8.1 allows a reader to ignore. */
const utf8 = new TextDecoder('utf-8', { fatal: true });
const replacement = '\ufffd';

/** The value. Throws a `formatError` that says where the fault is. Keys named `__proto__` become ordinary properties. */
export function readJson(bytes: Uint8Array, { numbers, depthMax }: JsonReading, place: JsonPlace = wholeBody): unknown {
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
    const position = positionAt(bytes, invalidUtf8At(bytes), place);
    const byte = bytes[(position.offsetBytes ?? 0) - place.offsetBytes]?.toString(16);
    throw faultAt('MORTISE_FORMAT_ENCODING', `0x${byte} is no part of a UTF-8 character here; expected UTF-8`, position);
  }
}

/** The offset of the first byte that belongs to no character: decoded leniently, each of those gives a replacement character. */
function invalidUtf8At(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let offset = 0;
  for (const [index, valid] of text.split(replacement).entries()) {
    const genuine = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (index > 0 && !genuine) return offset;
    offset += (index > 0 ? 3 : 0) + Buffer.byteLength(valid);
  }
  return offset;
}

function syntaxError(bytes: Uint8Array, text: string, place: JsonPlace, cause: unknown): MortiseError {
  const { index, expected } = findJsonFault(text) ?? { index: text.length, expected: 'JSON' };
  const markBytes = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
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
