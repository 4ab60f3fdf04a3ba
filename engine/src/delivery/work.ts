// What the dispatcher and its destinations say to each other.

import type { MortiseError } from '@mortise/sdk';
import type { Commit, StoredDelivery, StoredMessage } from '../store/store.ts';
import type { Breaker } from './breaker.ts';
import type { RetryPolicy } from './retry.ts';

/** A delivery in memory, with its message. */
export interface Work {
  readonly delivery: StoredDelivery;
  readonly message: StoredMessage;
  /** It may have begun to run when the process died. */
  readonly suspect: boolean;
  /** Why it must not be delivered: what the store holds of it is not what was written. */
  readonly damage?: string;
}

/**
 * What an attempt came to. `settled` is called when it is on disk, or could not be written; `handedOver` before, as soon as the
 * store has it: commits take effect in the order in which they are handed over.
 */
export type Outcome = { readonly settled?: () => void; readonly handedOver?: (written: Promise<void>) => void } & (
  | {
      readonly kind: 'ended';
      readonly state: 'done' | 'filtered' | 'abandoned';
      readonly revision?: string;
      readonly detail?: string;
      /** What is written in the same commit. Its `deliveries` in state waiting are dispatched after it. */
      readonly also?: Commit;
    }
  /** `also` is written with a retry and with a dead letter, not with an invalid message. */
  | { readonly kind: 'failed'; readonly error: MortiseError; readonly revision?: string; readonly also?: Commit }
);

/** What an attempt gets from the loop. */
export interface AttemptContext {
  readonly signal: AbortSignal;
  /** Notes durably that it may have taken effect from now on; called once, before the first effect outside. Undefined where that is noted. */
  begin(): Promise<unknown> | undefined;
  /**
   * Commits outputs so far; should the process die now, the next attempt goes on from `position` (by step id). The store has the
   * commit when the call returns. Resolves with the delivery as it is now.
   */
  checkpoint(also: Commit, position: Readonly<Record<string, number>>): Promise<Work>;
}

/** Where deliveries go: a flow, or an outbound. */
export interface Destination {
  /** `flow:NAME` or `outbound:SYSTEM.OUTBOUND`. */
  readonly name: string;
  readonly concurrency: number;
  /** Asked before an attempt where the whole destination is one system. */
  readonly breaker?: Breaker;
  /** Whether nothing of it may begin now: it is paused, or its system is. Who changes that wakes the dispatcher. */
  standsStill(): boolean;
  /** Whether running a suspect again is safe, or only a person can know. */
  readonly suspects: 'run' | 'doubt';
  retryPolicy(delivery: StoredDelivery): RetryPolicy;
  /** Whether those behind it in its lane wait when it is dead or in doubt. */
  holdsLane(delivery: StoredDelivery): boolean;
  /** What is written besides when a delivery ends badly: copies for `onDead`, released dedupe keys. */
  onEnd(work: Work, state: 'dead' | 'invalid', error: MortiseError): Commit | Promise<Commit>;
  /** Whether an error says that it is not sure whether the message took effect, and only a person can decide. */
  staysInDoubt(error: MortiseError): boolean;
  /** Never rejects: what is thrown becomes `failed`. */
  attempt(work: Work, context: AttemptContext): Promise<Outcome>;
}
