// A clock that stands still until it is told to go on, and then goes to the next timer at once.

import type { Clock } from '@mortise/sdk';

interface Timer {
  readonly atMs: number;
  /** Timers of the same time fire in the order in which they were set. */
  readonly ordinal: number;
  readonly fire: () => void;
}

export class VirtualClock implements Clock {
  private timeMs: number;
  private ordinal = 0;
  private readonly timers = new Set<Timer>();

  constructor(startMs: number) {
    this.timeMs = startMs;
  }

  nowMs(): number {
    return this.timeMs;
  }

  /** What is never due needs no timer: the clock would go there. */
  after(delayMs: number, fire: () => void): { cancel(): void } {
    if (delayMs === Infinity) return { cancel: () => undefined };
    const timer = { atMs: this.timeMs + Math.max(0, delayMs), ordinal: this.ordinal++, fire };
    this.timers.add(timer);
    return { cancel: () => void this.timers.delete(timer) };
  }

  /** Lets the time pass in which nothing is to happen; what was due meanwhile fires with the next `advance`. */
  pass(untilMs: number): void {
    this.timeMs = Math.max(this.timeMs, untilMs);
  }

  /** Goes to the time of the next timer and fires it; false where there is none until then. */
  advance(untilMs = Infinity): boolean {
    let next: Timer | undefined;
    for (const timer of this.timers)
      if (!next || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.ordinal < next.ordinal)) next = timer;
    if (!next || next.atMs > untilMs) return false;
    this.timers.delete(next);
    this.timeMs = Math.max(this.timeMs, next.atMs);
    next.fire();
    return true;
  }
}
