// A clock for tests of a whole engine: short waits pass by themselves, long ones when it is set forward.

import type { Clock } from '@mortise/sdk';

/** What waits longer fires only when the clock is set forward: a slow machine changes nothing. */
const byItselfMsMax = 5000;

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
  readonly real: NodeJS.Timeout | undefined;
}

export class ForwardClock implements Clock {
  private aheadMs = 0;
  private readonly timers = new Set<Timer>();

  nowMs(): number {
    return Date.now() + this.aheadMs;
  }

  after(delayMs: number, fire: () => void): { cancel(): void } {
    const timer: Timer = {
      atMs: this.nowMs() + Math.max(0, delayMs),
      fire,
      real: delayMs > byItselfMsMax ? undefined : setTimeout(() => this.fire(timer), Math.max(0, delayMs)),
    };
    timer.real?.unref();
    this.timers.add(timer);
    return { cancel: () => this.remove(timer) };
  }

  forward(ms: number): void {
    this.aheadMs += ms;
    const due = [...this.timers].filter(({ atMs }) => atMs <= this.nowMs()).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) this.fire(timer);
  }

  private fire(timer: Timer): void {
    if (!this.timers.has(timer)) return;
    this.remove(timer);
    timer.fire();
  }

  private remove(timer: Timer): void {
    clearTimeout(timer.real);
    this.timers.delete(timer);
  }
}
