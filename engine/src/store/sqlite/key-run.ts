// The newest keys of a log, in memory: found by hash, newest first, until they are moved to the index on disk as one sorted run.

import { Generation, generationKeysMax } from './filter.ts';

const chainMask = (1 << 16) - 1;
const roomFirst = 1 << 10;
/** More than a run ever has: a little over `generationKeysMax`. */
const placesMax = 1 << 20;

/** Keys in the order of their numbers, which have no gaps: the first is `first`. */
export class KeyRun {
  readonly first: number;
  /** For what is kept once or deduplicated: tells the main thread, after a restart, what was never seen. */
  readonly filter: Generation | undefined;
  #hashes = new Int32Array(roomFirst);
  /** The key before with the same chain, plus one. */
  #before = new Int32Array(roomFirst);
  readonly #chains = new Int32Array(chainMask + 1);
  #count = 0;

  constructor(first: number, filtered: boolean) {
    this.first = first;
    this.filter = filtered ? new Generation(generationKeysMax) : undefined;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= generationKeysMax;
  }

  /** The number of the last key. */
  get last(): number {
    return this.first + this.#count - 1;
  }

  add(hash: number, untilMs: number): void {
    if (this.#count === this.#hashes.length) this.#grow();
    const chain = hash & chainMask;
    this.#hashes[this.#count] = hash;
    this.#before[this.#count] = this.#chains[chain] ?? 0;
    this.#chains[chain] = ++this.#count;
    this.filter?.add(hash, untilMs);
  }

  /** Leaves out a number whose row is gone. */
  skip(): void {
    if (this.#count === this.#hashes.length) this.#grow();
    this.#hashes[this.#count++] = 0;
  }

  /** Takes back all keys behind the first `count`. */
  truncate(count: number): void {
    while (this.#count > count) {
      this.#count--;
      this.#chains[(this.#hashes[this.#count] ?? 0) & chainMask] = this.#before[this.#count] ?? 0;
    }
  }

  /** The numbers of the keys with this hash, newest first. */
  *find(hash: number): Generator<number> {
    for (let at = this.#chains[hash & chainMask] ?? 0; at > 0; at = this.#before[at - 1] ?? 0) {
      if (this.#hashes[at - 1] === hash) yield this.first + at - 1;
    }
  }

  /** Hash and number of every key, in the order of both. */
  sorted(): { readonly hashes: Int32Array; readonly numbers: Float64Array } {
    const both = new Float64Array(this.#count);
    for (let i = 0; i < this.#count; i++) both[i] = (this.#hashes[i] ?? 0) * placesMax + i;
    both.sort();
    const hashes = Int32Array.from(both, (value) => Math.floor(value / placesMax));
    const numbers = both.map((value, i) => this.first + value - (hashes[i] ?? 0) * placesMax);
    return { hashes, numbers };
  }

  #grow(): void {
    const [hashes, before] = [this.#hashes, this.#before];
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#before = new Int32Array(before.length * 2);
    this.#hashes.set(hashes);
    this.#before.set(before);
  }
}
