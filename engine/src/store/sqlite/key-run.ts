// The newest keys of a log, in memory: found by hash, newest first, until they are moved to the index on disk as one sorted run.

/** A run that has so many keys is full. Loading the newest two runs is most of what opening the store takes. */
export const runKeysMax = 1 << 16;

const chainMask = (1 << 14) - 1;
const roomFirst = 1 << 10;
/** More than a run ever has: a full one and what one transaction adds. */
const placesMax = 1 << 20;

/** Keys in the order of their numbers, which have no gaps: the first is `first`. */
export class KeyRun {
  readonly first: number;
  /** When the last of the keys expires. */
  untilMs = 0;
  #hashes = new Int32Array(roomFirst);
  /** The key before with the same chain, plus one. */
  #before = new Int32Array(roomFirst);
  readonly #chains = new Int32Array(chainMask + 1);
  #count = 0;

  constructor(first: number) {
    this.first = first;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= runKeysMax;
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
    this.untilMs = Math.max(this.untilMs, untilMs);
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

  /** The hashes of all keys; 0 for what was left out. */
  hashes(): Int32Array {
    return this.#hashes.subarray(0, this.#count);
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
