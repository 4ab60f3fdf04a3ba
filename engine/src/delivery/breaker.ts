// Circuit breaker: a system that fails again and again is left alone, and probed by one delivery at a time.

import { Busy, InDoubt, Rejected, Unavailable } from '@mortise/sdk';
import type { Clock } from '@mortise/sdk';
import { wasNotMade } from './not-made.ts';

/** So many failures in a row open it: fewer would let one slow answer stop a system, more would hammer a dead one. */
const failuresToOpen = 5;
/** The first pause, and the longest: short enough that a recovered system is at full rate within a minute. */
const pauseMsFirst = 1000;
const pauseMsMax = 30_000;

/** `pass`: go. `probe`: go, alone, and tell what came of it. A number: not before that time. */
export type Permission = 'pass' | 'probe' | { readonly untilMs: number };

export class Breaker {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly turned: (isOpen: boolean) => void;
  private failures = 0;
  private pauseMs = pauseMsFirst;
  private openUntilMs = 0;
  /** How long it is left alone, from when that was said. */
  private openForMs = 0;
  private open = false;
  private probing = false;
  private readonly listeners = new Set<() => void>();

  /** `turned` is told when it opens and when it closes. */
  constructor(clock: Clock, random: () => number, turned: (isOpen: boolean) => void = () => undefined) {
    this.turned = turned;
    this.clock = clock;
    this.random = random;
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (!this.open) return 'closed';
    return this.clock.nowMs() >= this.untilMs() ? 'half-open' : 'open';
  }

  /** Called when something changed that may let deliveries go on, until the function that is given back is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks before an attempt. A probe must end in `succeeded`, `failed` or `released`. */
  ask(): Permission {
    if (!this.open) return 'pass';
    if (this.probing || this.clock.nowMs() < this.untilMs())
      return { untilMs: Math.max(this.untilMs(), this.clock.nowMs() + 50) };
    this.probing = true;
    return 'probe';
  }

  succeeded(): void {
    this.failures = 0;
    this.pauseMs = pauseMsFirst;
    this.probing = false;
    if (!this.open) return;
    this.open = false;
    this.turned(false);
    this.tellListeners();
  }

  failed(): void {
    this.failures += 1;
    const wasProbe = this.probing;
    this.probing = false;
    if (wasProbe) this.pauseMs = Math.min(this.pauseMs * 2, pauseMsMax);
    if (wasProbe || this.failures >= failuresToOpen) this.openFor(this.pauseMs * (1 - 0.25 * this.random()));
  }

  /** The system itself said how long it wants to be left alone. */
  pause(forMs: number): void {
    this.probing = false;
    this.openFor(forMs);
  }

  /** The probe ended without telling anything about the system. Nobody is told: who was refused meanwhile asks again by itself. */
  released(): void {
    this.probing = false;
  }

  /** What an attempt came to that did not succeed. One that was not made tells nothing about the system. */
  tell(error: unknown, permission: Permission): void {
    if (wasNotMade(error)) {
      if (permission === 'probe') this.released();
    } else if (error instanceof Rejected) this.succeeded();
    else if (error instanceof Busy) this.pause(error.retryAfterMs);
    else if (error instanceof Unavailable || error instanceof InDoubt) this.failed();
    else if (permission === 'probe') this.released();
  }

  private openFor(forMs: number): void {
    if (!this.open) this.turned(true);
    this.open = true;
    this.openUntilMs = Math.max(this.untilMs(), this.clock.nowMs() + forMs);
    this.openForMs = this.openUntilMs - this.clock.nowMs();
    this.clock.after(this.openForMs, () => this.tellListeners());
  }

  /** A clock that is set back makes no pause longer than it was meant to be. */
  private untilMs(): number {
    this.openUntilMs = Math.min(this.openUntilMs, this.clock.nowMs() + this.openForMs);
    return this.openUntilMs;
  }

  private tellListeners(): void {
    for (const listener of this.listeners) listener();
  }
}
