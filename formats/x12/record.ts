// A record while it is read: where its bytes and its segments stand, before anything is made of them.

import type { SegmentCutter } from './cut-segments.ts';
import type { EnvelopeState, GroupState } from './envelope-state.ts';
import type { Finding } from './findings.ts';

/** What a record is so far: an interchange that was opened becomes a group, and that a set, with what follows. */
export type RecordKind = 'ISA' | 'GS' | 'set' | 'TA1';

/** All offsets are those of the file. */
export interface OpenRecord {
  kind: RecordKind;
  readonly state: EnvelopeState;
  group: GroupState | undefined;
  /** Which transaction set of its group it is. */
  set: number | undefined;
  /** The first byte that belongs to it: of the ISA or GS before the first set of such. */
  readonly from: number;
  readonly fromLine: number;
  /** Where the segment stands that it is named for. */
  offsetBytes: number;
  line: number;
  /** Begin and end of the segments from ST to SE, or of TA1. */
  readonly spans: number[];
  /** The elements of ST, where the set could not be read. */
  begin: readonly string[];
  /** Nothing more belongs into it but trailers. */
  closed: boolean;
  /** Line breaks, padding or trailers are not as `syntax` would give them. */
  irregular: boolean;
  /** It is longer than allowed: its segments are not kept. */
  overflow: boolean;
  final: string | undefined;
  readonly findings: Finding[];
}

export function openRecord(kind: RecordKind, state: EnvelopeState, from: number, line: number): OpenRecord {
  return {
    kind,
    state,
    group: state.group,
    set: undefined,
    from,
    fromLine: line,
    offsetBytes: from,
    line,
    spans: [],
    begin: [],
    closed: false,
    irregular: false,
    overflow: false,
    final: undefined,
    findings: [],
  };
}

/** The bytes between two offsets of the file, which the cutter still holds. */
export function bytesBetween({ bytes, base }: SegmentCutter, from: number, to: number): Buffer {
  return bytes.subarray(from - base, to - base);
}

/** How many line feeds there are between two indexes. */
export function countLines(bytes: Buffer, from: number, to: number): number {
  const within = bytes.subarray(from, to);
  let count = 0;
  for (let at = within.indexOf(0x0a); at >= 0; at = within.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
