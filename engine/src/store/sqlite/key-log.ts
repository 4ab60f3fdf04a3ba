// Finds rows of a table that only grows by keys that come in no order. An ordinary index would touch a page for nearly every
// key; here the newest keys are found in memory, and are written to the index as sorted runs, page after page, a few at a time.

import { BulkInsert } from './bulk-insert.ts';
import { Generation, generationKeysMax } from './filter.ts';
import type { GenerationState } from './filter.ts';
import { KeyRun } from './key-run.ts';
import type { Statements } from './statements.ts';
import { asBytes, asNumber } from './values.ts';

/** A full run is moved at least so much faster than the next one fills: it is done long before. */
const movesPerKey = 3;
const removesPerStep = 512;

interface SealedRun {
  readonly run: number;
  readonly first: number;
  readonly last: number;
  readonly untilMs: number;
}

export interface KeyLogOptions {
  /** What stands in `runs.log`. The numbers are in files. */
  readonly log: number;
  /** The table; its columns `n`, `hash` and, where keys expire, `until`. */
  readonly table: string;
  readonly expires: boolean;
}

export class KeyLog {
  readonly #statements: Statements;
  readonly #options: KeyLogOptions;
  readonly #runs: BulkInsert;
  #sealed: SealedRun[];
  #active: KeyRun;
  /** A full run that is being moved, sorted, and how far it is. */
  #moving: { readonly run: KeyRun; readonly sorted: ReturnType<KeyRun['sorted']>; moved: number } | undefined;
  #added = 0;

  /** Loads what was not yet moved. */
  constructor(statements: Statements, options: KeyLogOptions) {
    this.#statements = statements;
    this.#options = options;
    this.#runs = new BulkInsert(statements, 'runs', 4, 'OR IGNORE ');
    const sealed = statements.rows('SELECT run, first, last, until FROM sealed_runs WHERE log = ? ORDER BY run', options.log);
    this.#sealed = sealed.map((row) => ({
      run: asNumber(row[0]),
      first: asNumber(row[1]),
      last: asNumber(row[2]),
      untilMs: asNumber(row[3]),
    }));
    this.#active = new KeyRun((this.#sealed.at(-1)?.last ?? 0) + 1, options.expires);
    this.#load();
  }

  /** How many keys are in memory only, so that `restore` can go back to it. */
  get count(): number {
    return this.#active.count;
  }

  /** The filters of all keys, for the thread that asks what was never seen. */
  filters(): readonly GenerationState[] {
    const rows = this.#statements.rows('SELECT filter, until FROM sealed_runs WHERE log = ? ORDER BY run', this.#options.log);
    const sealed = rows.map((row) => {
      const bytes = asBytes(row[0]);
      const bits = new Uint32Array(bytes.slice().buffer, 0, bytes.byteLength / 4);
      return Object.assign(new Generation(generationKeysMax, bits), { keys: generationKeysMax, untilMs: asNumber(row[1]) });
    });
    const fresh = [this.#moving?.run.filter, this.#active.filter].filter((filter) => filter !== undefined && filter.keys > 0);
    return [...sealed, ...(fresh as Generation[])].map(({ bits, keysMax, keys, untilMs }) => ({ bits, keysMax, keys, untilMs }));
  }

  /** Goes through the rows with this hash, newest first, until `read` gives something for a row's number. */
  find<T>(hash: number, read: (n: number) => T | undefined): T | undefined {
    for (const n of this.#numbers(hash)) {
      const found = read(n);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Notes a key; gives the number for its row, which the caller writes in the same transaction. */
  add(hash: number, untilMs: number): number {
    if (this.#active.isFull) this.#seal();
    this.#active.add(hash, untilMs);
    this.#added++;
    return this.#active.last;
  }

  /** Goes back to a `count`, after what was added was undone. Nothing is sealed within a transaction that may be undone. */
  restore(count: number): void {
    this.#active.truncate(count);
  }

  /** At the end of each transaction: moves, seals and removes what it is time for. */
  step(nowMs: number): void {
    if (this.#moving) this.#move(movesPerKey * this.#added + 64);
    else if (this.#active.isFull) this.#seal();
    this.#added = 0;
    if (this.#options.expires) this.#removeExpired(nowMs);
  }
}
