// What carries out the store's work: the caller's thread, or threads of its own.

import type { CoreOpened } from './core.ts';
import type { Ask } from './questions.ts';
import type { Value } from './values.ts';
import type { Outcome } from './writer.ts';

export interface Hands {
  readonly opened: CoreOpened;
  /** Writes a group of packed commits and makes it durable. One call at a time. Rejects when the disk failed. */
  apply(group: readonly (readonly Value[])[], nowMs: number, reserveSeq?: number): Promise<readonly Outcome[]>;
  readonly ask: Ask;
  /** Ends everything; a clean end where the next sequence number is named. */
  close(seq?: number): Promise<void>;
}
