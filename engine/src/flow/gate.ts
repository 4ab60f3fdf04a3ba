// The limits of a system: how many requests at a time, and how many in a time, over all flows that use it.

import { Unavailable } from '@mortise/sdk';
import type { Clock, Rate } from '@mortise/sdk';
import { Fifo } from '../delivery/fifo.ts';

export interface GateLimits {
  readonly concurrency?: number;
  readonly rate?: Rate;
}

export class Gate {
  private readonly clock: Clock;
  private limits: GateLimits = {};
  private inside = 0;
  private nextAtMs = 0;
  private readonly waiting = new Fifo<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Takes the limits of now; those who wait are let in by them. */
  limit(limits: GateLimits): void {
    if (limits === this.limits) return;
    this.limits = limits;
    this.letIn();
  }

  /** Waits for a place, then for the rate, where there is something to wait for. `leave` frees the place. */
  enter(signal: AbortSignal): Promise<void> | undefined {
    const mustWait = this.isFull || this.waiting.size > 0;
    if (!mustWait) this.inside += 1;
    return mustWait || this.limits.rate || signal.aborted ? this.waitToEnter(mustWait, signal) : undefined;
  }

  leave(): void {
    this.inside -= 1;
    this.letIn();
  }

  private async waitToEnter(forPlace: boolean, signal: AbortSignal): Promise<void> {
    if (forPlace) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.limits.rate) await this.pace(this.limits.rate);
    if (!signal.aborted) return;
    this.leave();
    throw new Unavailable('The engine stopped while the delivery waited for the limits of its system.');
  }

  private letIn(): void {
    while (!this.isFull) {
      const next = this.waiting.shift();
      if (!next) return;
      this.inside += 1;
      next();
    }
  }

  /** Spreads the rate evenly: a system that allows fifty a second gets one every twenty milliseconds. */
  private async pace(rate: Rate): Promise<void> {
    const nowMs = this.clock.nowMs();
    const everyMs = rate.perMs / rate.count;
    // Nobody waits for more than those before: a clock that is set back lets nobody wait longer.
    const atMs = Math.min(Math.max(nowMs, this.nextAtMs), nowMs + this.inside * everyMs);
    this.nextAtMs = atMs + everyMs;
    if (atMs > nowMs) await new Promise<void>((resolve) => this.clock.after(atMs - nowMs, resolve));
  }

  private get isFull(): boolean {
    return this.inside >= (this.limits.concurrency ?? Infinity);
  }
}
