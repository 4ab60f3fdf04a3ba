// Where a store under test lies, and how tests open, close and kill it.

import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../store.ts';
import { startMs } from './samples.ts';

/** One place that a store can be opened at again and again. */
export interface StorePlace {
  /** Opens what lies there; a new store at first. */
  open(nowMs: () => number): Promise<Store>;
  /** Ends the store that is open as a killed process would, while nothing is under way. */
  kill(store: Store): Promise<void>;
  /** Closes what is open and removes everything. */
  remove(): Promise<void>;
}

export type MakePlace = () => Promise<StorePlace>;

/** A store in a place, under a clock that stands until a test moves it. */
export class Bench {
  readonly #place: StorePlace;
  readonly clock = { nowMs: startMs };
  #store: Store | undefined;

  constructor(place: StorePlace) {
    this.#place = place;
  }

  get store(): Store {
    if (!this.#store) throw new Error('The store is not open.');
    return this.#store;
  }

  async open(): Promise<Store> {
    this.#store = await this.#place.open(() => this.clock.nowMs);
    return this.#store;
  }

  async reopen(): Promise<Store> {
    await this.store.close();
    return this.open();
  }

  async killAndReopen(): Promise<Store> {
    await this.#place.kill(this.store);
    return this.open();
  }

  async remove(): Promise<void> {
    await this.#store?.close();
    await this.#place.remove();
  }
}

/** A bench with an open, empty store for each test. */
export function useBench(makePlace: MakePlace): () => Bench {
  let bench: Bench | undefined;
  beforeEach(async () => {
    bench = new Bench(await makePlace());
    await bench.open();
  });
  afterEach(async () => bench?.remove());
  return () => {
    if (!bench) throw new Error('There is a bench only inside a test.');
    return bench;
  };
}
