// Whether a kept text still says what a segment or a message holds: then it is written as it came.

import { isDeepStrictEqual } from 'node:util';
import { segmentStart } from './delimiters.ts';
import type { Delimiters } from './delimiters.ts';
import type { CharacterBytes } from './escapes.ts';
import { readHeader } from './header.ts';
import { Marks, codesOf } from './marks.ts';
import { SegmentReader } from './read-segment.ts';

const marks = new Marks();
/** Longer than any text that could be read. */
const marksMax = 50_000_000;

interface ReadBackOptions {
  readonly names: boolean;
  readonly segmentEnd: 'any' | 'cr';
}

/** The text of one segment, with whatever stands around it, where it is read to just these values; else undefined. */
export function keptText(
  values: Readonly<Record<string, unknown>>,
  delimiters: Delimiters,
  characters: CharacterBytes,
  options: ReadBackOptions,
): string | undefined {
  if (typeof values['irregular'] !== 'string') return undefined;
  const { irregular: text, ...segment } = values as { readonly irregular: string };
  const from = segmentStart(text);
  const name = text.slice(from, from + 3);
  const isHeader = name === 'MSH' || name === 'FHS' || name === 'BHS';
  const header = isHeader ? readHeader(text, from, options.segmentEnd === 'any') : { delimiters, end: from + 3 };
  if (typeof header === 'string' || header.delimiters.text !== delimiters.text) return undefined;
  if (name.length < 3 || !marks.mark(codesOf(text), header.end, delimiters.kinds, marksMax)) return undefined;
  const reader = new SegmentReader(delimiters, characters, options.names);
  reader.begin(text, marks);
  const read = reader.read(name.toUpperCase(), 0, isHeader ? 3 : 1);
  const isOne = reader.next() >= text.length;
  return isOne && isDeepStrictEqual(read, segment) ? text : undefined;
}
