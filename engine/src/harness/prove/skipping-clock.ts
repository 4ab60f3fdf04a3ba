// A clock that goes as the real one does, and can be put forward to where something is due: so a delay of days takes no time.

import type { Clock } from '@mortise/sdk';

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
  real?: NodeJS.Timeout;
}

/** setTimeout holds 31 bits; what is due later is reached by skipping. */
const timeoutMsMax = 2 ** 31 - 1;

export class SkippingClock implements Clock {
  aheadMs: number;
  private readonly timers = new Set<Timer>();

  constructor(aheadMs: number) {
    this.aheadMs = aheadMs;
  }

  nowMs(): number {
    return Date.now() + this.aheadMs;
  }

  after(delayMs: number, fire: () => void): { cancel(): void } {
    if (delayMs === Infinity) return { cancel: () => undefined };
    const timer: Timer = { atMs: this.nowMs() + Math.max(0, delayMs), fire };
    this.timers.add(timer);
    this.arm(timer);
    return { cancel: () => this.drop(timer) };
  }

  /** Goes on to that time, where it is not past. */
  skipTo(timeMs: number): void {
    const byMs = timeMs - this.nowMs();
    if (byMs <= 0) return;
    this.aheadMs += byMs;
    for (const timer of this.timers) this.arm(timer);
  }

  /** Goes on to when the next timer is due; false where there is none. */
  skip(): boolean {
    if (this.timers.size === 0) return false;
    this.skipTo(Math.min(...[...this.timers].map(({ atMs }) => atMs)));
    return true;
  }

  private arm(timer: Timer): void {
    clearTimeout(timer.real);
    const leftMs = Math.min(timeoutMsMax, Math.max(0, Math.ceil(timer.atMs - this.nowMs())));
    timer.real = setTimeout(() => this.ring(timer), leftMs);
  }

  private ring(timer: Timer): void {
    if (timer.atMs > this.nowMs()) return this.arm(timer);
    this.timers.delete(timer);
    timer.fire();
  }

  private drop(timer: Timer): void {
    clearTimeout(timer.real);
    this.timers.delete(timer);
  }
}
