// What the parts of delivery share: the store by way of the marks, time, chance, and the turn of suspects.

import type { Clock, Logger } from '@mortise/sdk';
import type { Commit, CommitResult, Store } from '../store/store.ts';
import type { SuspectTurns } from './suspects.ts';
import type { Tracer } from './tracer.ts';
import type { Traffic } from './traffic.ts';
import type { Work } from './work.ts';

export interface Dispatching {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly stopping: boolean;
  /**
   * Writes, with the marks of what will run soon; then dispatches the new deliveries that are waiting. Their numbers are
   * given here, at once before the store is asked, so that they ascend in the order of commits.
   */
  commit(commit: Commit): Promise<CommitResult>;
  readonly suspects: SuspectTurns;
  readonly traffic: Traffic;
  /** Where the project has traces. */
  readonly tracer: Tracer | undefined;
  /** A delivery of this destination is about to be made waiting and will be inserted: to be told before that is committed. */
  announce(destination: string, seq: number): void;
  /** Takes in a delivery whose time has come, or that a person wants tried again. */
  insert(work: Work): void;
}
