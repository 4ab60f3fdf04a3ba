// Where the segments and elements of a transaction set stand in the file: worked out only where something is found.

import { characterEncodings } from '@mortise/sdk';
import type { SegmentCutter } from './cut-segments.ts';
import type { Finding, FindingName } from './findings.ts';
import type { X12Options } from './options.ts';
import { countLines } from './record.ts';
import type { OpenRecord } from './record.ts';

/** What a finding says besides where it is. */
export interface FindingFacts {
  readonly loop?: string | undefined;
  /** The segment's name, where it is another than the one that stands there: one that is missing. */
  readonly segment?: string;
  readonly element?: number;
  readonly component?: number;
  readonly repetition?: number;
  readonly reference?: string;
  readonly value?: string;
}

export class SetPlaces {
  readonly #record: OpenRecord;
  readonly #cutter: SegmentCutter;
  readonly #encoding: X12Options['encoding'];

  constructor(record: OpenRecord, cutter: SegmentCutter, encoding: X12Options['encoding']) {
    this.#record = record;
    this.#cutter = cutter;
    this.#encoding = encoding;
  }

  /** About the segment at this index (ST is 0) or one of its elements. */
  finding(name: FindingName, index: number, segment: readonly string[], message: string, facts: FindingFacts = {}): Finding {
    const start = this.#record.spans[2 * index] ?? this.#record.offsetBytes;
    const before = facts.element === undefined ? 0 : this.#widthOf(segment.slice(0, facts.element));
    // Where an element is missing at the end of a segment, no separator stands before it.
    const offsetBytes = Math.min(start + before, this.#record.spans[2 * index + 1] ?? start + before);
    const { base, bytes } = this.#cutter;
    const line = this.#record.line + countLines(bytes, this.#record.offsetBytes - base, offsetBytes - base);
    const { loop, value, segment: other, ...rest } = facts;
    return {
      name,
      message,
      offsetBytes,
      line,
      segment: other ?? segment[0] ?? '',
      segmentNumber: index + 1,
      ...(loop === undefined ? {} : { loop }),
      ...rest,
      ...(value === undefined ? {} : { value: value.slice(0, 99) }),
    };
  }

  /** How many bytes the elements take with the separator behind each. */
  #widthOf(elements: readonly string[]): number {
    const { element } = this.#record.state.syntax;
    const encode = (text: string): number => characterEncodings[this.#encoding].encode(text)?.length ?? text.length;
    return elements.reduce((sum, text) => sum + encode(text) + encode(element), 0);
  }
}
