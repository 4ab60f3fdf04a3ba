// What carries out the store's work: the caller's thread, or threads of its own.

import type { CoreOpened, DedupeQuestion, Group } from './calls.ts';
import type { Ask } from './questions.ts';
import type { Outcome } from './writer.ts';

export interface Hands {
  readonly opened: CoreOpened;
  /** How many groups may be under way at a time. */
  readonly groupsMax: number;
  /** Writes a group, which it has taken when the call returns, and makes it durable; groups take effect in the order of the calls. Rejects when the disk failed. */
  apply(group: Group): Promise<readonly Outcome[]>;
  /** By the thread that writes, which has the newest keys in memory. */
  findDedupe(question: DedupeQuestion): Promise<{ readonly root: string } | undefined>;
  readonly ask: Ask;
  /** Writes a copy of the database into a new file. */
  copyTo(file: string): Promise<void>;
  /** Overwrites what is left of rows that are gone. */
  scrub(): Promise<void>;
  /** Ends everything; a clean end where the next sequence number is named. */
  close(seq?: number): Promise<void>;
}
