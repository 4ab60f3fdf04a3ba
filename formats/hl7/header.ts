// Reads what a header segment says before anything else can be read: its delimiters, and the character sets of MSH-18.

import { delimitersOf, kind } from './delimiters.ts';
import type { Delimiters } from './delimiters.ts';

export interface Header {
  readonly delimiters: Delimiters;
  /** Where the second field ends. */
  readonly end: number;
}

const nameLength = 3;
const characterSetField = 18;

/** The header segment that begins at `from`; a text that says what is wrong where its delimiters cannot be read. */
export function readHeader(text: string, from: number, lineFeedEnds: boolean): Header | string {
  const field = text[from + nameLength] ?? '';
  let end = from + nameLength + 1;
  while (end < text.length && text[end] !== field && !isControl(text.charCodeAt(end)) && end - from < 16) end += 1;
  const written = text.slice(from + nameLength, end);
  const delimiters = delimitersOf(written, lineFeedEnds);
  if (delimiters) return { delimiters, end };
  return `names ${JSON.stringify(written)} as its delimiters; expected two to six different signs such as "|^~\\&"`;
}

/** The repetitions of MSH-18, in a header whose bytes were read as Latin-1. */
export function declaredSetNames(text: string, { delimiters, end }: Header): readonly string[] {
  let position = 2;
  let from = end;
  for (let at = end; at <= text.length; at += 1) {
    const met = at < text.length ? (delimiters.kinds[text.charCodeAt(at)] as number) : kind.end;
    if (met !== kind.field && met !== kind.end) continue;
    if (position === characterSetField) return text.slice(from, at).split(delimiters.repetition || '~');
    if (met === kind.end) return [];
    position += 1;
    from = at + 1;
  }
  return [];
}

function isControl(code: number): boolean {
  return code < 0x20;
}
