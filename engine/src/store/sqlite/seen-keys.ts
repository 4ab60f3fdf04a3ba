// What the main thread knows of keys: their hashes, and whether they may have been seen before.

import type { DedupeKey } from '../store.ts';
import type { GenerationState } from './filter.ts';
import { KeyFilter } from './filter.ts';
import { hashKey } from './key-hash.ts';

/** What is read from the file on open. */
export interface SeenState {
  /** The secret of the store's hashes. */
  readonly secret: number;
  readonly once: readonly GenerationState[];
  readonly dedupe: readonly GenerationState[];
}

/** A key on its way to the store: 1 where it may have been seen. */
export interface SeenKey {
  readonly hash: number;
  readonly known: 0 | 1;
}

export class SeenKeys {
  readonly #secret: number;
  readonly #once: KeyFilter;
  readonly #dedupe: KeyFilter;

  constructor({ secret, once, dedupe }: SeenState) {
    this.#secret = secret;
    this.#once = new KeyFilter(once);
    this.#dedupe = new KeyFilter(dedupe);
  }

  addOnce(scope: string, key: string, untilMs: number, nowMs: number): SeenKey {
    const hash = hashKey(this.#secret, scope, key);
    return { hash, known: this.#once.add(hash, untilMs, nowMs) ? 1 : 0 };
  }

  addDedupe(key: DedupeKey, untilMs: number, nowMs: number): SeenKey {
    const hash = this.#hashDedupe(key);
    return { hash, known: this.#dedupe.add(hash, untilMs, nowMs) ? 1 : 0 };
  }

  /** The hash of a dedupe key that may have been seen; undefined where it surely never was. */
  findDedupe(key: DedupeKey): number | undefined {
    const hash = this.#hashDedupe(key);
    return this.#dedupe.mayHave(hash) ? hash : undefined;
  }

  hashBusinessKey(name: string, value: string): number {
    return hashKey(this.#secret, name, value);
  }

  #hashDedupe({ flow, step, key }: DedupeKey): number {
    return hashKey(this.#secret, flow, step, key);
  }
}
