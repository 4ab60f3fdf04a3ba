// The syntax of an interchange: its delimiters and line breaks, which its ISA segment tells, and nothing else does.

import { characterEncodings } from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';

/** What is known of the delimiters, as bytes. */
export interface CutSyntax {
  readonly element: Buffer;
  readonly terminator: Buffer;
  readonly newline: Buffer;
}

/** Each delimiter is one character. `newline` stands behind every terminator, `final` behind the last one where that differs. */
export interface Syntax {
  readonly element: string;
  readonly component: string;
  readonly repetition?: string;
  readonly terminator: string;
  readonly newline: string;
  readonly final?: string;
  readonly bom?: true;
}

/** What was read of the beginning of an interchange. */
export interface IsaHeader {
  readonly syntax: Syntax;
  /** ISA01 to ISA15 as they stand; ISA16 is the component separator. */
  readonly elements: readonly string[];
  /** Where the segment ends: behind its terminator. */
  readonly endBytes: number;
}

/** An ISA has 106 characters; one that is padded wrongly, or written in characters of several bytes, may have some more. */
export const isaBytesMax = 512;

const isaElements = 16;
const firstRepetitionVersion = '00402';

/**
 * Reads the ISA that begins at `from`. Undefined where there is none; 'more' where the bytes end too early to tell. `isLast` says that
 * no more are to come.
 */
export function readIsa(
  bytes: Uint8Array,
  from: number,
  to: number,
  encoding: CharacterEncoding,
  isLast: boolean,
): IsaHeader | 'more' | undefined {
  const decode = (start: number, end: number): string => characterEncodings[encoding].decode(bytes.subarray(start, end)) ?? '';
  const limit = Math.min(to, from + isaBytesMax);
  const wanting = isLast || limit < to || to - from >= isaBytesMax ? undefined : 'more';
  const separator = characterAt(bytes, from + 3, limit, encoding);
  if (!separator) return wanting;
  const element = decode(from + 3, from + 3 + separator);
  if (!isDelimiter(element)) return undefined;
  const starts = elementStarts(bytes, from + 3, limit, separator);
  if (starts.length < isaElements) return starts.length > 0 ? wanting : undefined;
  const componentAt = starts[isaElements - 1] as number;
  const componentBytes = characterAt(bytes, componentAt, limit, encoding);
  const terminatorAt = componentAt + (componentBytes ?? 0);
  const terminatorBytes = componentBytes && characterAt(bytes, terminatorAt, limit, encoding);
  if (!terminatorBytes) return wanting;
  const component = decode(componentAt, terminatorAt);
  const endBytes = terminatorAt + terminatorBytes;
  const terminator = decode(terminatorAt, endBytes);
  if (!isDelimiter(component) || !isDelimiter(terminator)) return undefined;
  const elements = starts.slice(0, -1).map((start, index) => decode(start, (starts[index + 1] as number) - separator));
  const repetition = repetitionOf(elements);
  const delimiters = [element, component, terminator, ...(repetition === undefined ? [] : [repetition])];
  if (new Set(delimiters).size < delimiters.length) return undefined;
  const newline = breakAt(bytes, endBytes, limit, terminator);
  if (newline === undefined) return wanting ?? header('');
  return header(newline);

  function header(newlineText: string): IsaHeader {
    const syntax = { element, component, terminator, newline: newlineText, ...(repetition === undefined ? {} : { repetition }) };
    return { syntax, elements, endBytes };
  }
}

/** ISA11 is the repetition separator from 00402 on, and only where it can be one: before that it names a standard, mostly "U". */
function repetitionOf(elements: readonly string[]): string | undefined {
  const [standard = '', version = ''] = elements.slice(10, 12);
  return version >= firstRepetitionVersion && /^\d{5}$/.test(version) && isDelimiter(standard) && standard !== ' '
    ? standard
    : undefined;
}

/** Where the elements of the segment begin; a separator that is repeated by another's first byte does not occur in UTF-8. */
function elementStarts(bytes: Uint8Array, from: number, limit: number, separator: number): number[] {
  const mark = Buffer.from(bytes.subarray(from, from + separator));
  const window = Buffer.from(bytes.buffer, bytes.byteOffset, limit);
  const starts: number[] = [];
  for (let at = from; at >= 0 && starts.length < isaElements; at = window.indexOf(mark, at + separator))
    starts.push(at + separator);
  return starts;
}

/** The blanks and line breaks behind a terminator; undefined where the bytes end before something else comes. */
function breakAt(bytes: Uint8Array, from: number, limit: number, terminator: string): string | undefined {
  let at = from;
  while (at < limit && isBlank(bytes[at] as number) && String.fromCharCode(bytes[at] as number) !== terminator) at += 1;
  return at < limit ? Buffer.from(bytes.subarray(from, at)).toString('latin1') : undefined;
}

/** The delimiters as bytes. */
export function cutBytes({ element, terminator, newline }: Syntax, encoding: CharacterEncoding): CutSyntax {
  const encode = (text: string): Buffer => Buffer.from(characterEncodings[encoding].encode(text) ?? []);
  return { element: encode(element), terminator: encode(terminator), newline: encode(newline) };
}

/** Blank, tab, line feed, carriage return: what may stand between segments. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** How many bytes the character has that begins there; undefined where it is not complete. */
function characterAt(bytes: Uint8Array, from: number, limit: number, encoding: CharacterEncoding): number | undefined {
  const first = bytes[from];
  if (first === undefined || from >= limit) return undefined;
  const length = encoding !== 'utf-8' || first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return from + length <= limit ? length : undefined;
}

/** One character that is no letter and no digit; controls may be, as those that mainframes end lines with. */
export function isDelimiter(text: unknown): text is string {
  return typeof text === 'string' && /^[^A-Za-z0-9]$/u.test(text) && text !== '\0' && text !== '\ufeff' && text.isWellFormed();
}
