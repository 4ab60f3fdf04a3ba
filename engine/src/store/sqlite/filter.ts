// Tells from memory that a key was surely never seen: Bloom filters in generations, which grow with the keys and go with them.

/** Sixteen bits a key and seven hash functions: about one false alarm in 1500. */
const bitsPerKey = 16;
const hashCount = 7;
const keysFirst = 1 << 14;
const keysMax = 1 << 20;

interface Generation {
  readonly bits: Uint32Array;
  readonly keysMax: number;
  keys: number;
  /** When the last of its keys expires. */
  untilMs: number;
}

/** A filter as it passes from one thread to another. */
export type FilterState = readonly Generation[];

export class KeyFilter {
  #generations: Generation[];

  constructor(state: FilterState = []) {
    this.#generations = [...state];
  }

  get state(): FilterState {
    return this.#generations;
  }

  /** Notes a key. Generations of which every key has expired are dropped on the way. */
  add(key: string, untilMs: number, nowMs: number): void {
    const generation = this.#open(nowMs);
    const [first, second] = hashes(key);
    for (let i = 0; i < hashCount; i++) {
      const bit = bitAt(first, second, i, generation.bits.length);
      generation.bits[bit >>> 5] = (generation.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
    generation.keys++;
    generation.untilMs = Math.max(generation.untilMs, untilMs);
  }

  /** False where the key was surely never added. */
  mayHave(key: string): boolean {
    const [first, second] = hashes(key);
    return this.#generations.some((generation) => holds(generation.bits, first, second));
  }

  #open(nowMs: number): Generation {
    const last = this.#generations.at(-1);
    if (last && last.keys < last.keysMax) return last;
    this.#generations = this.#generations.filter((generation) => generation.untilMs > nowMs);
    const keys = last ? Math.min(keysMax, last.keysMax * 2) : keysFirst;
    const opened: Generation = { bits: new Uint32Array((keys * bitsPerKey) / 32), keysMax: keys, keys: 0, untilMs: 0 };
    this.#generations.push(opened);
    return opened;
  }
}

/** The text under which a dedupe key is noted. */
export function filterKey(flow: string, step: string, key: string): string {
  return `${flow}\n${step}\n${key}`;
}

function holds(bits: Uint32Array, first: number, second: number): boolean {
  for (let i = 0; i < hashCount; i++) {
    const bit = bitAt(first, second, i, bits.length);
    if (!((bits[bit >>> 5] ?? 0) & (1 << (bit & 31)))) return false;
  }
  return true;
}

/** The i-th bit of a key (double hashing, Kirsch and Mitzenmacher 2006). The number of words is a power of two. */
function bitAt(first: number, second: number, i: number, words: number): number {
  return ((first + Math.imul(i, second)) >>> 0) & (words * 32 - 1);
}

/** Two hashes of 32 bits: FNV-1a forwards, each with its own start, mixed at the end as in MurmurHash3. */
function hashes(key: string): readonly [number, number] {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x85ebca6b);
  }
  return [mix(first), mix(second) | 1];
}

function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
