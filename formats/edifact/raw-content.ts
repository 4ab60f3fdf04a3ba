// What bytes of one message say, which came along with its value: to see whether the value still says the same.

import { MortiseError } from '@mortise/sdk';
import { SegmentCutter } from './cut-segments.ts';
import { trimmed } from './segment.ts';
import type { Segment } from './segment.ts';
import type { Place } from './check-envelope.ts';
import type { Separators } from './service-characters.ts';
import { StartReader } from './start.ts';
import type { WrittenMessage } from './written-message.ts';

export interface RawContent {
  /** Headers, and the segments of the message; no trailers, since those follow from the others. */
  readonly segments: readonly Segment[];
  /** Whether the interchange is closed behind it. */
  readonly closes: boolean;
}

/** Undefined where the bytes are none of one message. `begins`: an interchange begins with them. */
export function contentOf(bytes: Uint8Array, { separators, encoding }: WrittenMessage, begins: boolean): RawContent | undefined {
  const cutter = new SegmentCutter();
  cutter.push(bytes, 0);
  try {
    if (begins && !new StartReader(cutter).read(true)) return undefined;
  } catch (error) {
    if (error instanceof MortiseError) return undefined;
    throw error;
  }
  cutter.separators = separators;
  cutter.encoding = encoding;
  const segments: Segment[] = [];
  let inside = false;
  let messages = 0;
  let closes = false;
  for (let segment = cutter.next() ?? cutter.finish(); segment; segment = cutter.next() ?? cutter.finish()) {
    const tag = segment.nesting ? '' : segment.tag;
    if (tag === 'UNH') messages += 1;
    inside = tag === 'UNH' || (inside && tag !== 'UNT' && tag !== 'UNE' && tag !== 'UNZ');
    closes ||= tag === 'UNZ';
    // Of several groups without a message before it, the last one is the message's.
    if ((tag === 'UNG' || tag === 'UNE') && segments.at(-1)?.tag === 'UNG') segments.pop();
    if (inside || tag === 'UNB' || tag === 'UNG') segments.push(trimmed(segment));
  }
  return messages === 1 ? { segments, closes } : undefined;
}

/** Where each segment of a message begins: this is looked for only where there is something to tell of it. */
export function segmentPlaces(bytes: Uint8Array, separators: Separators): readonly Place[] {
  const cutter = new SegmentCutter();
  cutter.separators = separators;
  cutter.push(bytes, 0);
  const places: Place[] = [];
  while (cutter.pass()) places.push({ offsetBytes: cutter.offsetBytes, line: cutter.line });
  return places;
}
