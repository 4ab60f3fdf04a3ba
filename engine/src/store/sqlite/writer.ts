// Carries out groups of commits, each group as one SQLite transaction.

import type { DatabaseSync } from 'node:sqlite';
import type { DedupeKey, Dropped, ErasableJourney } from '../store.ts';
import { BusinessKeyTable } from './business-key-table.ts';
import { checksumOf } from './checksum.ts';
import { Conflict, conflictText, isConflict } from './conflict.ts';
import { Counters } from './counters.ts';
import { DedupeTable } from './dedupe-table.ts';
import { changeLength, deliveryLength, fixedColumns } from './delivery-row.ts';
import { DeliveryTable, idBytes, pushPacked } from './delivery-table.ts';
import { Dropper } from './dropper.ts';
import { Eraser } from './eraser.ts';
import { messageColumns, messageIdCount } from './message-row.ts';
import { Names } from './names.ts';
import { OnceTable } from './once-table.ts';
import { parts } from './pack.ts';
import type { SeenState } from './seen-keys.ts';
import { StateTable } from './state-table.ts';
import { Statements } from './statements.ts';
import { Tables } from './tables.ts';
import type { Packed, Value } from './values.ts';
import { asNumber, asText, readJson } from './values.ts';

export type PackedCommit = readonly Packed[];

/** What became of one commit: done, a duplicate of an earlier one, or refused. */
export type Outcome =
  | null
  | { readonly dropped: Dropped }
  | { readonly duplicateOf: readonly string[] }
  | { readonly conflict: string };

/** Where behind the word that opens a delivery its time stands. */
const createdAtAt = 1 + fixedColumns.indexOf('created_at');

const writeFile = `INSERT INTO files (scope, id, at, name, read, accepted, invalid, whole) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET read = read + excluded.read, accepted = accepted + excluded.accepted,
  invalid = invalid + excluded.invalid, whole = max(whole, excluded.whole)`;

/** How many values the part `once` has, with the word that opens it. */
const onceLength = 7;

/** The connection that writes. Only `apply` changes anything; a throw of it means that the disk failed. */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #tables: Tables;
  readonly #names: Names;
  readonly #deliveries: DeliveryTable;
  readonly #counters: Counters;
  readonly #once: OnceTable;
  readonly #dedupe: DedupeTable;
  readonly #keys: BusinessKeyTable;
  readonly #dropper: Dropper;
  /** What the commit under way dropped. */
  #dropped: Dropped | undefined;
  readonly #states: StateTable;
  readonly #eraser: Eraser;
  /** The commit under way has written something. */
  #wrote = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#tables = new Tables(this.#statements);
    this.#names = new Names(this.#statements);
    this.#deliveries = new DeliveryTable(this.#statements, this.#tables, this.#names);
    this.#counters = new Counters(this.#statements);
    this.#once = new OnceTable(this.#statements);
    this.#dedupe = new DedupeTable(this.#statements);
    this.#keys = new BusinessKeyTable(this.#statements);
    this.#dropper = new Dropper(this.#statements);
    this.#states = new StateTable(this.#statements, this.#tables);
    this.#eraser = new Eraser(database, this.#statements, this.#names);
  }

  /** What is known of keys that may be asked for. */
  seenKeys(): Omit<SeenState, 'secret'> {
    return { once: this.#once.log.filters(), dedupe: this.#dedupe.log.filters() };
  }

  findDedupe(key: DedupeKey, hash: number, nowMs: number): { readonly root: string } | undefined {
    return this.#dedupe.find(key, hash, nowMs);
  }

  /** Applies all of a group and makes it durable; sequence numbers below `reserveSeq` are set aside with it. */
  apply(group: readonly PackedCommit[], nowMs: number, reserveSeq: number): readonly Outcome[] {
    const undo = this.#savepoint();
    try {
      return this.#transaction(group, nowMs, reserveSeq, false);
    } catch (error) {
      if (this.#database.isTransaction) this.#statements.run('ROLLBACK');
      undo();
      if (!isConflict(error)) throw error;
      return this.#transaction(group, nowMs, reserveSeq, true);
    }
  }

  /**
   * First without savepoints, because they cost as much as the rows: a conflict that shows before the commit has written
   * anything needs none; any other (rare) throws, and the group is done again with one savepoint for each commit.
   */
  #transaction(group: readonly PackedCommit[], nowMs: number, reserveSeq: number, careful: boolean): readonly Outcome[] {
    this.#statements.run('BEGIN IMMEDIATE');
    this.#counters.begin();
    const outcomes = group.map((commit) => (careful ? this.#tryOne(commit, nowMs) : this.#one(commit, nowMs)));
    this.#flush();
    this.#counters.write();
    for (const { log } of this.#keyTables()) log.step(nowMs);
    this.#states.sweep(nowMs);
    if (reserveSeq > 0) this.#statements.run(`UPDATE facts SET value = max(value, ?) WHERE name = 'seq'`, reserveSeq);
    this.#statements.run('COMMIT');
    return outcomes;
  }

  #tryOne(commit: PackedCommit, nowMs: number): Outcome {
    const undo = this.#savepoint();
    this.#statements.run('SAVEPOINT one');
    try {
      const outcome = this.#one(commit, nowMs);
      this.#flush();
      this.#statements.run('RELEASE one');
      return outcome;
    } catch (error) {
      if (!isConflict(error)) throw error;
      this.#statements.run('ROLLBACK TO one');
      this.#statements.run('RELEASE one');
      undo();
      return { conflict: conflictText(error) };
    }
  }

  /** Remembers what is only in memory; what it gives goes back to that, and forgets what may have been undone. */
  #savepoint(): () => void {
    const undoCounters = this.#counters.save();
    const logs = this.#keyTables().map(({ log }) => ({ log, count: log.count }));
    return () => {
      undoCounters();
      for (const { log, count } of logs) log.restore(count);
      for (const { rows } of this.#keyTables()) rows.clear();
      this.#tables.clear();
      this.#names.forget();
    };
  }

  /** Inserts all that has gathered. */
  #flush(): void {
    this.#tables.flush();
    for (const { rows } of this.#keyTables()) rows.flush();
  }

  #keyTables(): readonly [OnceTable, DedupeTable, BusinessKeyTable] {
    return [this.#once, this.#dedupe, this.#keys];
  }

  #one(commit: PackedCommit, nowMs: number): Outcome {
    this.#wrote = false;
    this.#dropped = undefined;
    try {
      return this.#carryOut(commit, nowMs);
    } catch (error) {
      if (error instanceof Conflict && !this.#wrote) return { conflict: conflictText(error) };
      throw error;
    }
  }

  #carryOut(commit: PackedCommit, nowMs: number): Outcome {
    const isOnce = commit[0] === parts.once;
    const earlier = isOnce ? this.#once.find(commit, 1, nowMs) : undefined;
    if (earlier) return { duplicateOf: earlier };
    for (let at = isOnce ? onceLength : 0; at < commit.length; ) at = this.#part(commit, at, nowMs);
    if (isOnce) this.#once.add(commit, 1);
    return this.#dropped ? { dropped: this.#dropped } : null;
  }

  /** Carries out the part that begins at `at`; returns where the next begins. */
  #part(commit: PackedCommit, at: number, nowMs: number): number {
    const from = at + 1;
    switch (commit[at]) {
      case parts.change:
        this.#deliveries.change(commit, from);
        this.#wrote = true;
        return from + changeLength;
      case parts.message:
        return this.#message(commit, from);
      case parts.delivery:
        return this.#delivery(commit, from);
      case parts.mark:
        this.#counters.mark(this.#names.idOf(asText(commit[from])), asNumber(commit[from + 1]));
        return from + 2;
      default:
        return this.#key(commit, at, nowMs);
    }
  }

  #key(commit: PackedCommit, at: number, nowMs: number): number {
    const from = at + 1;
    switch (commit[at]) {
      case parts.dedupe:
        this.#wrote = true;
        this.#dedupe.add(commit, from, nowMs);
        return from + 7;
      case parts.key:
        this.#wrote = true;
        this.#keys.add(commit, from);
        return from + 4;
      case parts.released:
        this.#wrote = true;
        this.#dedupe.release(asText(commit[from]), asText(commit[from + 1]));
        return from + 2;
      default:
        return this.#state(commit, at, nowMs);
    }
  }

  #state(commit: PackedCommit, at: number, nowMs: number): number {
    const from = at + 1;
    switch (commit[at]) {
      case parts.state:
        this.#states.change(commit, from, nowMs);
        this.#wrote = true;
        return from + 7;
      case parts.join:
        this.#states.join(asNumber(commit[from]), asNumber(commit[from + 1]));
        return from + 2;
      case parts.leave:
        this.#states.leave(commit, from);
        return from + 5;
      case parts.forget:
        this.#states.forget();
        return from;
      default:
        return this.#rarePart(commit, at);
    }
  }

  #rarePart(commit: PackedCommit, at: number): number {
    const from = at + 1;
    switch (commit[at]) {
      case parts.call:
        return this.#writeChecked('INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?)', commit, from, 6, 0);
      case parts.reply:
        return this.#writeChecked('INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)', commit, from, 5, 0);
      case parts.cursor:
        return this.#writeChecked('INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)', commit, from, 2, -1);
      case parts.pause:
        return this.#write('INSERT OR REPLACE INTO pauses VALUES (?, ?, ?, ?, ?)', commit, from, 5);
      case parts.resume:
        return this.#write('DELETE FROM pauses WHERE kind = ? AND name = ?', commit, from, 2);
      case parts.file:
        return this.#write(writeFile, commit, from, 8);
      case parts.drop:
        return this.#drop(commit, from);
      case parts.hold:
        return this.#write('INSERT INTO holds VALUES (?, ?, ?, ?, ?)', commit, from, 5);
      case parts.lift:
        return this.#write('DELETE FROM holds WHERE id = ?', commit, from, 1);
      case parts.erase:
        return this.#erase(asText(commit[from]), from);
      default:
        throw new Error(`A packed commit has no part ${String(commit[at])} at ${at}.`);
    }
  }

  #drop(commit: PackedCommit, at: number): number {
    this.#wrote = true;
    this.#flush();
    this.#dropped = this.#dropper.drop(asText(commit[at]), asNumber(commit[at + 1]));
    this.#keys.remove(asText(commit[at + 2]));
    return at + 3;
  }

  #erase(text: string, at: number): number {
    this.#flush();
    const journey = readJson<ErasableJourney>(text);
    this.#eraser.require(journey);
    this.#wrote = true;
    this.#eraser.erase(journey);
    this.#keys.remove(JSON.stringify(journey.keys));
    return at + 1;
  }

  #message(commit: PackedCommit, at: number): number {
    this.#wrote = true;
    const { messages, links } = this.#tables;
    const [end, ids] = [at + 1 + messageColumns.length, at + 1 + messageIdCount];
    const seq = commit[at] ?? this.#numberBelowZero();
    const [id, root] = [idBytes(commit[at + 1]), idBytes(commit[at + 2])];
    messages.next.push(seq, id, root);
    for (let i = at + 3; i < ids; i++) messages.next.push(idBytes(commit[i]));
    pushPacked(messages.next, commit, ids, end);
    messages.next.push(checksumOf(commit.slice(at + 1, end)));
    messages.added();
    links.next.push(id, 0, seq, root);
    links.added();
    return end;
  }

  /** For a message that comes with no delivery. */
  #numberBelowZero(): number {
    this.#tables.flush();
    return Math.min(0, asNumber(this.#statements.row('SELECT ifnull(min(seq), 0) FROM messages')?.[0])) - 1;
  }

  #delivery(commit: PackedCommit, at: number): number {
    this.#wrote = true;
    const destination = this.#deliveries.insert(commit, at + 1, commit[at]);
    this.#counters.created(destination, asNumber(commit[at + 1]), asNumber(commit[at + createdAtAt]));
    return at + 1 + deliveryLength;
  }

  /** Runs a statement with the next `count` values; returns where the next part begins. */
  #write(sql: string, commit: PackedCommit, at: number, count: number): number {
    this.#wrote = true;
    const values: Value[] = [];
    pushPacked(values, commit, at, at + count);
    this.#statements.run(sql, ...values);
    return at + count;
  }

  /** The same, with the checksum of the values behind them; one may be an id. */
  #writeChecked(sql: string, commit: PackedCommit, at: number, count: number, idAt: number): number {
    this.#wrote = true;
    const packed = commit.slice(at, at + count);
    const values = packed.map((value, i): Value => (i === idAt ? idBytes(value) : (value ?? null)));
    this.#statements.run(sql, ...values, checksumOf(packed));
    return at + count;
  }
}
