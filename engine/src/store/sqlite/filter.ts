// Tells from memory that a key was surely never seen: Bloom filters in generations, which grow with the keys and go with them.

import { rehash } from './key-hash.ts';

/** Sixteen bits a key and seven hash functions: about one false alarm in 1500. */
const bitsPerKey = 16;
const hashCount = 7;
const keysFirst = 1 << 12;
/** A generation holds no more. */
export const generationKeysMax = 1 << 18;

/** One Bloom filter. The number of keys it is made for is a power of two. */
export class Generation {
  readonly bits: Uint32Array;
  readonly keysMax: number;
  keys = 0;
  /** When the last of its keys expires. */
  untilMs = 0;

  constructor(keysMax: number, bits: Uint32Array = new Uint32Array((keysMax * bitsPerKey) / 32)) {
    this.keysMax = keysMax;
    this.bits = bits;
  }

  add(hash: number, untilMs: number): void {
    const step = rehash(hash) | 1;
    const mask = this.bits.length * 32 - 1;
    for (let i = 0, at = hash; i < hashCount; i++, at += step) {
      const bit = (at >>> 0) & mask;
      this.bits[bit >>> 5] = (this.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
    this.keys++;
    this.untilMs = Math.max(this.untilMs, untilMs);
  }

  get state(): GenerationState {
    return { bits: this.bits, keysMax: this.keysMax, keys: this.keys, untilMs: this.untilMs };
  }

  mayHave(hash: number): boolean {
    const step = rehash(hash) | 1;
    const mask = this.bits.length * 32 - 1;
    for (let i = 0, at = hash; i < hashCount; i++, at += step) {
      const bit = (at >>> 0) & mask;
      if (!((this.bits[bit >>> 5] ?? 0) & (1 << (bit & 31)))) return false;
    }
    return true;
  }
}

/** A generation as it passes between threads. */
export interface GenerationState {
  readonly bits: Uint32Array;
  readonly keysMax: number;
  readonly keys: number;
  readonly untilMs: number;
}

/** All keys that were ever added and may not have expired. */
export class KeyFilter {
  #generations: Generation[];

  constructor(states: readonly GenerationState[] = []) {
    this.#generations = states.map(({ bits, keysMax, keys, untilMs }) =>
      Object.assign(new Generation(keysMax, bits), { keys, untilMs }),
    );
  }

  /** Notes a key by its hash; tells whether it may have been noted before. Generations that have expired go on the way. */
  add(hash: number, untilMs: number, nowMs: number): boolean {
    const known = this.mayHave(hash);
    this.#open(nowMs).add(hash, untilMs);
    return known;
  }

  /** False where the key was surely never added. */
  mayHave(hash: number): boolean {
    for (const generation of this.#generations) if (generation.mayHave(hash)) return true;
    return false;
  }

  #open(nowMs: number): Generation {
    const last = this.#generations.at(-1);
    if (last && last.keys < last.keysMax) return last;
    this.#generations = this.#generations.filter((generation) => generation.untilMs > nowMs);
    const opened = new Generation(last ? Math.min(generationKeysMax, last.keysMax * 2) : keysFirst);
    this.#generations.push(opened);
    return opened;
  }
}
