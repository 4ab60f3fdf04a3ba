// What is known of an interchange and of a message while it is read, and once it has been.

import type { CharacterEncoding } from '@mortise/sdk';
import type { Fault } from './faults.ts';
import type { Segment } from './segment.ts';
import type { Separators } from './service-characters.ts';
import type { Start } from './start.ts';

/** A fault of the envelope, and the bytes of the segment that has it. */
export interface EnvelopeFault {
  readonly faults: readonly Fault[];
  readonly fromBytes: number;
  readonly toBytes: number;
}

/** A message that was refused: what an acknowledgement says of it. */
export interface Refusal {
  readonly header: Segment;
  readonly group: Segment | undefined;
  readonly faults: readonly Fault[];
}

export interface ReadInterchange {
  readonly start: Start;
  separators: Separators;
  encoding: CharacterEncoding;
  /** What stands between segments; unknown until the second one. */
  breaks: string | undefined;
  /** UNB; undefined where messages stand without an interchange. */
  header: Segment | undefined;
  offsetBytes: number;
  line: number;
  messages: number;
  groups: number;
  /** Its own, of its headers and trailers; not those of messages. */
  readonly faults: Fault[];
  /** Those of its groups, by UNG. */
  readonly groupFaults: Map<Segment, Fault[]>;
  readonly refusals: Refusal[];
  /** Messages that were refused and are not among `refusals`, which has a limit. */
  unlisted: number;
  hasAcknowledgement: boolean;
}

export interface ReadGroup {
  readonly header: Segment;
  messages: number;
}

export interface ReadMessage {
  readonly interchange: ReadInterchange;
  readonly group: ReadGroup | undefined;
  readonly header: Segment;
  /** Those between UNH and UNT. */
  readonly segments: Segment[];
  readonly offsetBytes: number;
  readonly line: number;
  /** From 1: among all messages, and among those of its interchange. */
  readonly record: number;
  readonly number: number;
  /** Behind its last segment. */
  endBytes: number;
  /** All bytes that it stands for: with what stands before it since the message before; of the last one, with all behind. */
  readonly spanFrom: number;
  spanTo: number;
  readonly faults: Fault[];
  readonly leading: readonly EnvelopeFault[];
  readonly trailing: EnvelopeFault[];
  /** Whether its bytes are not those that its value would be written as. */
  irregular: boolean;
  /** Whether elements that are empty stand at ends. */
  hasEmptyEnds: boolean;
  endsGroup: boolean;
  endsInterchange: boolean;
  /** Whether a line break, as between segments, stands at the end of the interchange. */
  lastBreak: boolean;
}

export type Found =
  | { readonly message: ReadMessage }
  /** Of an interchange without messages. */
  | { readonly stray: EnvelopeFault; readonly interchange: ReadInterchange }
  | { readonly closed: ReadInterchange };
