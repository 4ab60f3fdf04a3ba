// The one thread of time of a simulation: what is to happen lies on it, and happens one after the other.

import type { Clock } from '@mortise/sdk';
import { VirtualClock } from '../../engine/src/harness/virtual-clock.ts';

/** Some day, the same in each run. */
const startMs = Date.UTC(2030, 0, 15);
/** So much passes with a step in which nothing happens. */
const idleMs = 50;

export class Timeline {
  /** How far the clock on the wall is off: it may be set, while what waits for so many milliseconds is not moved by that. */
  offsetMs = 0;
  /** Things that have happened. */
  steps = 0;
  private readonly virtual = new VirtualClock(startMs);

  /** Without the offset. */
  get trueMs(): number {
    return this.virtual.nowMs();
  }

  after(delayMs: number, happen: () => void): { cancel(): void } {
    return this.virtual.after(delayMs, happen);
  }

  /** The clock of one life of an engine: after its end nothing of it happens any more. */
  life(): Clock & { end(): void } {
    let isOver = false;
    return {
      nowMs: () => this.virtual.nowMs() + this.offsetMs,
      after: (delayMs, fire) => this.virtual.after(delayMs, () => void (isOver || fire())),
      end: () => (isOver = true),
    };
  }

  /** Lets the next thing happen, and all that follows from it at once; where nothing is to happen, time only passes. */
  async step(): Promise<void> {
    this.steps += 1;
    if (!this.virtual.advance()) this.virtual.pass(this.trueMs + idleMs);
    await settled();
  }
}

/** Microtasks have all run when this resolves: nothing of a simulation waits for the disk, the network or a thread. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
