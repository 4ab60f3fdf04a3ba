// Held deliveries: lets them go on when their time has come. The rows of the store are the timers; this only looks in time.

import { MortiseError } from '@mortise/sdk';
import type { Dispatching } from './dispatching.ts';
import type { Work } from './work.ts';

/** A clock that was set back or forward is noticed within this. */
const lookMsMax = 60_000;
const batch = 500;

export class HeldDeliveries {
  private readonly dispatcher: Dispatching;
  private timer: { readonly atMs: number; cancel(): void } | undefined;
  private looking = false;
  private again = false;

  constructor(dispatcher: Dispatching) {
    this.dispatcher = dispatcher;
  }

  /** One is held until then: looks not later. */
  until(dueAtMs: number): void {
    const { clock } = this.dispatcher;
    const atMs = Math.min(dueAtMs, clock.nowMs() + lookMsMax);
    if (this.timer && this.timer.atMs <= atMs) return;
    this.timer?.cancel();
    const timer = clock.after(Math.max(1, atMs - clock.nowMs()), () => {
      this.timer = undefined;
      void this.look();
    });
    this.timer = { atMs, cancel: () => timer.cancel() };
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** Lets go what is due, and sets the timer for the next. */
  async look(): Promise<void> {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    try {
      do {
        this.again = false;
        await this.release();
      } while (this.again && !this.dispatcher.stopping);
    } catch (error) {
      if (!this.dispatcher.stopping)
        this.dispatcher.log.error({ event: 'held.unread', err: error }, 'Held deliveries could not be looked for.');
    } finally {
      this.looking = false;
    }
  }

  private async release(): Promise<void> {
    const { store, clock } = this.dispatcher;
    const { due, nextAtMs } = await store.read.heldDue(clock.nowMs(), batch);
    // All are handed to the store at once, so that they share its writes, and go on in the order in which they were due.
    const freeing = due.map((seq) => this.free(seq));
    // Where one fails, it is told of; the others that fail with it are not left unheard.
    for (const freed of freeing) freed.catch(() => undefined);
    for (const freed of freeing) {
      const work = await freed;
      if (work) this.dispatcher.insert(work);
    }
    if (due.length === batch) this.again = true;
    else if (nextAtMs !== undefined) this.until(nextAtMs);
  }

  /** Undefined where something else has become of it meanwhile. */
  private async free(seq: number): Promise<Work | undefined> {
    const { store } = this.dispatcher;
    const found = await store.read.delivery({ seq });
    if (found?.delivery.state !== 'held' || this.dispatcher.stopping) return undefined;
    const { dueAtMs, ...delivery } = found.delivery;
    // It was put off meanwhile, or the clock was set back: its time will come again.
    if (dueAtMs !== undefined && dueAtMs > this.dispatcher.clock.nowMs()) this.until(dueAtMs);
    if (dueAtMs === undefined || dueAtMs > this.dispatcher.clock.nowMs()) return undefined;
    this.dispatcher.announce(delivery.destination, seq);
    try {
      await store.commit({ changes: [{ seq, from: ['held'], state: 'waiting', dueAtMs: null }] });
    } catch (error) {
      if (error instanceof MortiseError && error.code === 'MORTISE_STORE_CONFLICT') return undefined;
      throw error;
    }
    return { ...found, delivery: { ...delivery, state: 'waiting' } };
  }
}
