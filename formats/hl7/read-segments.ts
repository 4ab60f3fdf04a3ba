// Reads the segments of one message or batch header, and notes how they were written.

import { kind } from './delimiters.ts';
import type { Delimiters } from './delimiters.ts';
import type { CharacterBytes } from './escapes.ts';
import type { Header } from './header.ts';
import type { Marks } from './marks.ts';
import { SegmentReader } from './read-segment.ts';
import type { Segment } from './read-segment.ts';

/** What is wrong, at a place in the text. */
export interface SegmentFault {
  readonly what: string;
  readonly at: number;
  readonly segment?: string;
  readonly field?: string;
}

export interface ReadOptions {
  readonly names: boolean;
  readonly keepIrregular: boolean;
  readonly characters: CharacterBytes;
  /** How headers and trailers of batches end: where one ends otherwise, its text is kept. */
  readonly terminator: 'cr' | 'lf' | 'crlf';
  /** Of the first segment. */
  readonly name: string;
}

export type ReadSegments = { readonly segments: Segment[]; readonly syntax: Segment };

export const terminators = { cr: '\r', lf: '\n', crlf: '\r\n' } as const;
const terminatorNames: Readonly<Record<string, string>> = { '\r': 'cr', '\n': 'lf', '\r\n': 'crlf' };
const segmentName = /^(?!MSH|[FB](?:HS|TS))[A-Z][A-Z0-9]{2}$/i;

/** Reads the marked text, whose first segment begins at `from`. */
export function readSegments(
  text: string,
  from: number,
  header: Header,
  marks: Marks,
  options: ReadOptions,
): ReadSegments | SegmentFault {
  const reader = new SegmentReader(header.delimiters, options.characters, options.names);
  reader.begin(text, marks);
  const isTrailer = options.name === 'BTS' || options.name === 'FTS';
  const segments: Segment[] = [];
  const notes = new Notes(text, header.delimiters, options);
  let start = from;
  let spanStart = 0;
  for (let name = options.name, at = 0, position = isTrailer ? 1 : 3; ; position = 1) {
    const upper = name.toUpperCase();
    const segment = reader.read(upper, at, position);
    const end = reader.place;
    const next = reader.next();
    segments.push(segment);
    notes.add(segment, spanStart, start, end, next, reader.isIrregular || name !== upper);
    if (next >= text.length) break;
    name = text.slice(next, next + 3);
    at = reader.at;
    const fault = nameFault(text, next, name, reader);
    if (fault) return fault;
    [start, spanStart] = [next, next];
  }
  if (options.name === 'MSH' && Object.keys(segments[0] ?? {}).every((name) => name === 'segment' || name === 'irregular'))
    return {
      what: 'MSH ends behind its delimiters; expected the fields of a message header',
      at: from,
      segment: 'MSH',
      field: '3',
    };
  return { segments, syntax: notes.syntax };
}

function nameFault(text: string, at: number, name: string, reader: SegmentReader): SegmentFault | undefined {
  const isEnded = reader.place === at + 3 && (reader.kind === kind.field || reader.kind === kind.end);
  if (isEnded && segmentName.test(name)) return undefined;
  const shown = JSON.stringify(text.slice(at, Math.min(at + 20, Math.max(at + 3, reader.place))));
  return { what: `${shown} begins no segment; expected a name of three letters or digits and a field separator`, at };
}

/** Gathers how a message was written. */
class Notes {
  readonly syntax: Segment;
  readonly #text: string;
  readonly #keeps: boolean;
  readonly #isMessage: boolean;
  #terminator: string | undefined;

  constructor(text: string, delimiters: Delimiters, { keepIrregular, name, terminator }: ReadOptions) {
    this.#text = text;
    this.#keeps = keepIrregular;
    this.#isMessage = name === 'MSH';
    this.#terminator = this.#isMessage ? undefined : terminators[terminator];
    this.syntax = { delimiters: delimiters.text, terminator: 'cr' };
  }

  /** A segment that stands from `start` to `end`, in a span of the text that goes on to `next`. */
  add(segment: Segment, spanStart: number, start: number, end: number, next: number, isIrregular: boolean): void {
    const written = this.#text.slice(end, next);
    this.#terminator ??= this.#begin(written);
    const isUnterminated = this.#isMessage && written === '' && next >= this.#text.length;
    if (isUnterminated) this.syntax['unterminated'] = true;
    if (!isIrregular && spanStart === start && (written === this.#terminator || isUnterminated)) return;
    this.syntax['irregular'] = true;
    if (this.#keeps) segment['irregular'] = this.#text.slice(spanStart, next);
  }

  /** All segments end as the first one does. */
  #begin(written: string): string {
    const terminator = written === '\r' ? written : (/^(?:\r\n|\r|\n)/.exec(written)?.[0] ?? '\r');
    this.syntax['terminator'] = terminatorNames[terminator];
    return terminator;
  }
}
