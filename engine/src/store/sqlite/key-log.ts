// Finds rows of a table that only grows by keys that come in no order. An ordinary index would touch a page for nearly every
// key; here the newest keys are found in memory, and go into the index on disk as sorted runs, page after page, a few at a time.

import { BulkInsert } from './bulk-insert.ts';
import type { GenerationState } from './filter.ts';
import { Generation, generationKeysMax } from './filter.ts';
import { KeyRun } from './key-run.ts';
import type { Statements } from './statements.ts';
import { asBytes, asNumber, readJson } from './values.ts';

/** A full run is moved so much faster than the next one fills. */
const movesPerKey = 3;
const movesMin = 64;
const removedAtOnce = 512;
const loadedAtOnce = 8192;

const selectSealed = 'SELECT run, first, last, until FROM sealed_runs WHERE log = ? ORDER BY run';
const selectFilters = 'SELECT filter, filter_until FROM sealed_runs WHERE log = ? AND filter IS NOT NULL ORDER BY run';
const deleteFilter = 'UPDATE sealed_runs SET filter = NULL WHERE log = ? AND run = ?';
const insertSealed = 'INSERT INTO sealed_runs VALUES (?, ?, ?, ?, ?, ?, ?)';
const selectNumbers = 'SELECT n FROM runs WHERE log = ? AND run = ? AND hash = ? ORDER BY n DESC';
const deleteMoved = `DELETE FROM runs WHERE log = ?1 AND run = ?2
  AND (hash, n) IN (SELECT hash, n FROM runs WHERE log = ?1 AND run = ?2 LIMIT ${removedAtOnce})`;
const deleteSealed = 'DELETE FROM sealed_runs WHERE log = ? AND run = ?';

interface SealedRun {
  readonly run: number;
  readonly first: number;
  readonly last: number;
  readonly untilMs: number;
}

/** A full run on its way to the disk. */
interface MovingRun {
  readonly run: KeyRun;
  readonly sorted: ReturnType<KeyRun['sorted']>;
  moved: number;
}

export interface KeyLogOptions {
  /** What stands in the column `log` of `runs`. The numbers are in files: never change one. */
  readonly log: number;
  /** The table; it has the columns `n` and `hash`, and `until` where keys expire. */
  readonly table: string;
  readonly expires: boolean;
}

export class KeyLog {
  readonly #statements: Statements;
  readonly #options: KeyLogOptions;
  readonly #moves: BulkInsert;
  #sealed: readonly SealedRun[];
  #moving: MovingRun | undefined;
  #active: KeyRun;
  /** All keys since it was begun; it is stored with each run that is sealed, in place of the one before. */
  #filter: Generation | undefined;
  #filterRun: number | undefined;
  /** How many keys were there after the last step. */
  #countBefore = 0;

  /** Loads what was not moved yet. */
  constructor(statements: Statements, options: KeyLogOptions) {
    this.#statements = statements;
    this.#options = options;
    this.#moves = new BulkInsert(statements, 'runs', 4, 'OR IGNORE');
    this.#sealed = statements.rows(selectSealed, options.log).map(([run, first, last, untilMs]) => ({
      run: asNumber(run),
      first: asNumber(first),
      last: asNumber(last),
      untilMs: asNumber(untilMs),
    }));
    this.#active = new KeyRun((this.#sealed.at(-1)?.last ?? 0) + 1);
    this.#filter = options.expires ? new Generation(generationKeysMax) : undefined;
    this.#load();
  }

  /** How many keys there are that are not sealed: `restore` goes back to it. */
  get count(): number {
    return this.#active.count;
  }

  /** The filters of all keys, for the thread that asks what was never seen. */
  filters(): readonly GenerationState[] {
    const sealed = this.#statements.rows(selectFilters, this.#options.log).map(([filter, until]): GenerationState => {
      const bits = new Uint32Array(asBytes(filter).slice().buffer);
      return { bits, keysMax: generationKeysMax, keys: generationKeysMax, untilMs: asNumber(until) };
    });
    return this.#filter && this.#filter.keys > 0 ? [...sealed, this.#filter.state] : sealed;
  }

  /** Goes through the numbers of rows with this hash, newest first, until `read` gives something for one. */
  find<T>(hash: number, read: (n: number) => T | undefined): T | undefined {
    for (const n of this.#numbers(hash)) {
      const found = read(n);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Notes a key; gives the number for its row, which the caller writes in the same transaction. */
  add(hash: number, untilMs: number): number {
    this.#active.add(hash, untilMs);
    this.#filter?.add(hash, untilMs);
    return this.#active.last;
  }

  /** Goes back to an earlier `count`, when what was added since was undone. */
  restore(count: number): void {
    this.#active.truncate(count);
  }

  /** At the end of each transaction, when nothing in it can be undone any more but all of it: moves, seals, removes. */
  step(nowMs: number): void {
    const added = this.#active.count - this.#countBefore;
    if (this.#moving) this.#move(this.#active.isFull ? Number.POSITIVE_INFINITY : movesPerKey * added + movesMin);
    if (this.#active.isFull && !this.#moving) this.#fill();
    this.#countBefore = this.#active.count;
    if (this.#options.expires) this.#removeExpired(nowMs);
  }

  /** The index of one run goes, a few rows at a time, when all its rows were removed; never that of the last, which says where numbers go on. */
  removeEmptied(): void {
    const { log, table } = this.#options;
    const some = `SELECT 1 FROM ${table} WHERE n BETWEEN ? AND ? LIMIT 1`;
    const emptied = this.#sealed.slice(0, -1).find(({ first, last }) => !this.#statements.row(some, first, last));
    if (!emptied || this.#statements.run(deleteMoved, log, emptied.run) > 0) return;
    this.#statements.run(deleteSealed, log, emptied.run);
    this.#sealed = this.#sealed.filter((run) => run !== emptied);
  }

  *#numbers(hash: number): Generator<number> {
    yield* this.#active.find(hash);
    if (this.#moving) yield* this.#moving.run.find(hash);
    for (const { run } of this.#sealed.toReversed()) {
      for (const [n] of this.#statements.rows(selectNumbers, this.#options.log, run, hash)) yield asNumber(n);
    }
  }

  /** Reads the newest rows in a few large pieces: row by row would take several times as long. */
  #load(): void {
    const { table, expires } = this.#options;
    const sql = `SELECT json_group_array(n), json_group_array(hash), max(until) FROM
      (SELECT n, hash, ${expires ? 'until' : '0 AS until'} FROM ${table} WHERE n > ? ORDER BY n LIMIT ${loadedAtOnce})`;
    for (;;) {
      const [numbers, hashes, untilMs = null] = this.#statements.row(sql, this.#active.last) ?? [];
      if (untilMs === null) break;
      this.#loadPiece(readJson<readonly number[]>(numbers), readJson<readonly number[]>(hashes), asNumber(untilMs));
    }
    this.#countBefore = this.#active.count;
  }

  #loadPiece(numbers: readonly number[], hashes: readonly number[], untilMs: number): void {
    for (const [i, n] of numbers.entries()) {
      if (this.#active.isFull && !this.#moving) this.#fill();
      while (this.#active.last + 1 < n) this.#active.skip();
      this.add(hashes[i] ?? 0, untilMs);
    }
  }

  /** Begins to move the run that is full, and another one. */
  #fill(): void {
    this.#moving = { run: this.#active, sorted: this.#active.sorted(), moved: 0 };
    this.#active = new KeyRun(this.#active.last + 1);
  }

  #move(keysMax: number): void {
    const moving = this.#moving;
    if (!moving) return;
    const { hashes, numbers } = moving.sorted;
    const number = this.#nextRun();
    const end = Math.min(hashes.length, moving.moved + keysMax);
    for (; moving.moved < end; moving.moved++) {
      this.#moves.next.push(this.#options.log, number, hashes[moving.moved] ?? 0, numbers[moving.moved] ?? 0);
      this.#moves.added();
    }
    this.#moves.flush();
    if (end === hashes.length) this.#sealMoved(moving.run, number);
  }

  #sealMoved({ first, last, untilMs }: KeyRun, run: number): void {
    const { log } = this.#options;
    const bits = this.#filter ? new Uint8Array(this.#filter.bits.buffer) : null;
    if (this.#filterRun !== undefined) this.#statements.run(deleteFilter, log, this.#filterRun);
    this.#statements.run(insertSealed, log, run, first, last, untilMs, bits, this.#filter?.untilMs ?? 0);
    this.#sealed = [...this.#sealed, { run, first, last, untilMs }];
    this.#moving = undefined;
    const isFull = this.#filter !== undefined && this.#filter.keys >= generationKeysMax;
    this.#filterRun = isFull ? undefined : run;
    if (isFull) this.#beginFilter();
  }

  /** The filter that is full goes with the run that was just sealed: so the keys behind that run must be in the next. */
  #beginFilter(): void {
    const filter = new Generation(generationKeysMax);
    for (const hash of this.#active.hashes()) filter.add(hash, this.#active.untilMs);
    this.#filter = filter;
  }

  #nextRun(): number {
    return (this.#sealed.at(-1)?.run ?? 0) + 1;
  }

  /** Runs of which every key has expired go, the oldest first, rows and index a few at a time. */
  #removeExpired(nowMs: number): void {
    const [oldest] = this.#sealed;
    if (!oldest || oldest.untilMs > nowMs || this.#sealed.length === 1) return;
    const { log, table } = this.#options;
    const sql = `DELETE FROM ${table} WHERE n IN (SELECT n FROM ${table} WHERE n BETWEEN ? AND ? LIMIT ${removedAtOnce})`;
    const removed = this.#statements.run(sql, oldest.first, oldest.last) + this.#statements.run(deleteMoved, log, oldest.run);
    if (removed > 0) return;
    this.#statements.run(deleteSealed, log, oldest.run);
    this.#sealed = this.#sealed.slice(1);
  }
}
