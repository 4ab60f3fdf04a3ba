// One state as it stands in memory: who has it, who waits for it, and what is known of it.

import type { Json } from '@mortise/sdk';
import type { StateKey } from '../store/store.ts';
import type { Bodies } from './state-bodies.ts';

/** Who may have states. */
export interface Holder {
  /** Whether it may wait for the state of this name: it has none, or only such as come before. */
  mayWaitFor(name: string): boolean;
}

/** What the next attempt begins with. */
export interface Known {
  /** 0 where nothing is kept. */
  readonly version: number;
  readonly value: Json | undefined;
  readonly untilMs?: number;
}

/** The state of a step under a key. */
export interface StateEntry {
  readonly name: string;
  readonly key: StateKey;
  holder: Holder | undefined;
  readonly queue: { readonly session: Holder; readonly begin: () => void }[];
  /** Undefined where it is to be read. */
  known: Known | undefined;
  /** The members' bodies where they are few. */
  bodies: Bodies | undefined;
  /** Commits that are handed over and not on disk yet. */
  writing: number;
  written: Promise<unknown>;
  /** Raised when a commit failed: what was built on it fails too, and must not be taken for known. */
  epoch: number;
}

/**
 * Deadlock is not possible: an attempt waits only while it has nothing, or for a name behind all those that it has. Where it
 * would have to wait otherwise, it gives back everything and starts again with all of them, in order.
 */
export class OutOfOrder extends Error {
  readonly key: StateKey;

  constructor(key: StateKey) {
    super('The attempt starts again, with all that it needs.');
    this.key = key;
  }
}

/** States are taken in the order of these. */
export function nameOf({ flow, step, key }: StateKey): string {
  return `${flow}\0${step}\0${key}`;
}
