// The body of a transaction set as the elements of its segments: out of a document, or of segments as they stand.

import type { CompleteValue, FunctionalCodeOf } from './complete-value.ts';
import { flatElements, unwritable } from './flat-segments.ts';
import type { X12Options } from './options.ts';

/** The elements of a segment, its name first; binary data as bytes. */
export type WrittenSegment = readonly (string | Uint8Array)[];

export function functionalCodeOf(_options: X12Options): FunctionalCodeOf {
  return () => undefined;
}

/** `strict` is false where the segments are only compared with what once stood there. */
export function writeBody(value: CompleteValue, _options: X12Options, strict = true): WrittenSegment[] {
  const { segments, syntax, set } = value;
  if (set === 'ISA' || set === 'GS') return [];
  if (!Array.isArray(segments)) throw unwritable('"segments" is no list; expected the segments of the transaction set.');
  return segments.map((segment: unknown, index) => {
    const name = Array.isArray(segment) ? (segment[0] as unknown) : undefined;
    return name === 'BIN' || name === 'BDS' ? binaryElements(segment as unknown[], index) : plain(flatElements(segment, syntax, `segments/${index}`, strict));
  });
}

function plain(elements: string[]): string[] {
  while (elements.length > 1 && elements.at(-1) === '') elements.pop();
  return elements;
}

/** The length is counted, whatever the value says. */
function binaryElements(segment: readonly unknown[], index: number): WrittenSegment {
  const data = segment.at(-1);
  const isBds = segment[0] === 'BDS';
  if (typeof data !== 'string' || segment.length !== (isBds ? 4 : 3) || !/^[A-Za-z0-9+/]*={0,2}$/.test(data))
    throw unwritable(`segments/${index} is no binary segment; expected its data as base64 behind the length.`);
  const bytes = Buffer.from(data, 'base64');
  return isBds ? ['BDS', String(segment[1]), String(bytes.length), bytes] : ['BIN', String(bytes.length), bytes];
}
