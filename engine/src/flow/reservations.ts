// Dedupe keys that are reserved by attempts under way: a second one with the same key waits for the first to settle.

import { Unavailable } from '@mortise/sdk';
import type { Clock } from '@mortise/sdk';
import type { DedupeKey, Store } from '../store/store.ts';

interface Reservation {
  readonly root: string;
  readonly settled: Promise<void>;
  release(): void;
}

/** Longer than any settle takes. Two attempts that wait for each other's keys get apart by it. */
const waitMsMax = 30_000;

export class Reservations {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly held = new Map<string, Reservation>();

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Reserves the key for this journey; the function that is given back releases it after the settle. Undefined if taken. */
  async reserve(key: DedupeKey, root: string): Promise<(() => void) | undefined> {
    const name = `${key.flow}\0${key.step}\0${key.key}`;
    for (let other = this.held.get(name); other; other = this.held.get(name)) {
      if (other.root === root) return () => undefined;
      await this.settledOf(other, key);
    }
    const reservation = newReservation(root, () => this.held.delete(name));
    this.held.set(name, reservation);
    try {
      const known = await this.store.findDedupe(key, this.clock.nowMs());
      if (!known || known.root === root) return () => reservation.release();
    } catch (error) {
      reservation.release();
      throw error;
    }
    reservation.release();
    return undefined;
  }

  private async settledOf(other: Reservation, key: DedupeKey): Promise<void> {
    let timer: { cancel(): void } | undefined;
    const late = new Promise<'late'>((resolve) => (timer = this.clock.after(waitMsMax, () => resolve('late'))));
    const first = await Promise.race([other.settled, late]);
    timer?.cancel();
    if (first === 'late')
      throw new Unavailable(`The dedupe key "${key.key}" of step ${key.step} was held by ${other.root} for ${waitMsMax} ms.`);
  }
}

function newReservation(root: string, onRelease: () => void): Reservation {
  let resolve: () => void = () => undefined;
  const settled = new Promise<void>((done) => (resolve = done));
  return {
    root,
    settled,
    release() {
      onRelease();
      resolve();
    },
  };
}
