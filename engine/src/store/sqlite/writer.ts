// Carries out groups of commits, each group as one SQLite transaction.

import type { DatabaseSync } from 'node:sqlite';
import { Conflict, isConflict } from './conflict.ts';
import { Counters } from './counters.ts';
import { changeLength, deliveryLength } from './delivery-row.ts';
import { DeliveryTable, idBytes, pushPacked } from './delivery-table.ts';
import { messageColumns, messageIdCount } from './message-row.ts';
import { Names } from './names.ts';
import { parts } from './pack.ts';
import { Statements } from './statements.ts';
import { Tables } from './tables.ts';
import type { Packed, Value } from './values.ts';
import { asNumber, asText, readJson } from './values.ts';

export type PackedCommit = readonly Packed[];

/** What became of one commit: done, a duplicate of an earlier one, or refused. */
export type Outcome = null | { readonly duplicateOf: readonly string[] } | { readonly conflict: string };

/** Expired rows are removed so often, and so many at a time, that no group takes long. */
const expiryEveryMs = 1000;
const expiredAtOnce = 256;

const insertDedupe = `INSERT INTO dedupe VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET root = excluded.root, until = excluded.until WHERE root = excluded.root OR until <= ?`;

/** The connection that writes. Only `apply` changes anything; a throw of it means that the disk failed. */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #tables: Tables;
  readonly #names: Names;
  readonly #deliveries: DeliveryTable;
  readonly #counters: Counters;
  /** When expired rows were looked for last. */
  #expiryAtMs = 0;
  /** The commit under way has written something. */
  #wrote = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#tables = new Tables(this.#statements);
    this.#names = new Names(this.#statements);
    this.#deliveries = new DeliveryTable(this.#statements, this.#tables, this.#names);
    this.#counters = new Counters(this.#statements);
  }

  /** Applies all of a group and makes it durable; sequence numbers below `reserveSeq` are set aside with it. */
  apply(group: readonly PackedCommit[], nowMs: number, reserveSeq: number): readonly Outcome[] {
    try {
      return this.#transaction(group, nowMs, reserveSeq, false);
    } catch (error) {
      if (this.#database.isTransaction) this.#statements.run('ROLLBACK');
      this.#forget();
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
    this.#tables.flush();
    this.#counters.write();
    this.#removeExpired(nowMs);
    if (reserveSeq > 0) this.#statements.run(`UPDATE facts SET value = max(value, ?) WHERE name = 'seq'`, reserveSeq);
    this.#statements.run('COMMIT');
    return outcomes;
  }

  #tryOne(commit: PackedCommit, nowMs: number): Outcome {
    const restore = this.#counters.save();
    this.#statements.run('SAVEPOINT one');
    try {
      const outcome = this.#one(commit, nowMs);
      this.#tables.flush();
      this.#statements.run('RELEASE one');
      return outcome;
    } catch (error) {
      if (!isConflict(error)) throw error;
      this.#statements.run('ROLLBACK TO one');
      this.#statements.run('RELEASE one');
      this.#forget();
      restore();
      return { conflict: error.message };
    }
  }

  /** Forgets what may have been undone. */
  #forget(): void {
    this.#tables.clear();
    this.#names.forget();
  }

  #one(commit: PackedCommit, nowMs: number): Outcome {
    this.#wrote = false;
    try {
      return this.#carryOut(commit, nowMs);
    } catch (error) {
      if (error instanceof Conflict && !this.#wrote) return { conflict: error.message };
      throw error;
    }
  }

  #carryOut(commit: PackedCommit, nowMs: number): Outcome {
    let at = 0;
    if (commit[0] === parts.once) {
      const earlier = this.#earlier(commit, nowMs);
      if (earlier) return { duplicateOf: earlier };
      at = 5;
    }
    while (at < commit.length) at = this.#part(commit, at, nowMs);
    if (commit[0] === parts.once) this.#write('INSERT OR REPLACE INTO once VALUES (?, ?, ?, ?)', commit, 1, 4, -1);
    return null;
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
      case parts.dedupe:
        return this.#dedupe(commit, from, nowMs);
      default:
        return this.#rarePart(commit, at);
    }
  }

  #rarePart(commit: PackedCommit, at: number): number {
    const from = at + 1;
    switch (commit[at]) {
      case parts.call:
        return this.#write('INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?)', commit, from, 6, 0);
      case parts.reply:
        return this.#write('INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?)', commit, from, 5, 0);
      case parts.released:
        return this.#write('DELETE FROM dedupe WHERE root = ?', commit, from, 1, 0);
      case parts.key:
        return this.#write('INSERT OR IGNORE INTO keys VALUES (?, ?, ?)', commit, from, 3, 2);
      case parts.cursor:
        return this.#write('INSERT OR REPLACE INTO cursors VALUES (?, ?)', commit, from, 2, -1);
      default:
        throw new Error(`A packed commit has no part ${String(commit[at])} at ${at}.`);
    }
  }

  #earlier(commit: PackedCommit, nowMs: number): readonly string[] | undefined {
    const sql = 'SELECT messages FROM once WHERE scope = ? AND key = ? AND until > ?';
    const row = this.#statements.row(sql, commit[1] ?? null, commit[2] ?? null, nowMs);
    return row && readJson<readonly string[]>(row[0]);
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
    this.#counters.created(this.#deliveries.insert(commit, at + 1, commit[at]));
    return at + 1 + deliveryLength;
  }

  #dedupe(commit: PackedCommit, at: number, nowMs: number): number {
    this.#wrote = true;
    const [flow = null, step = null, key = null, root, until = null] = commit.slice(at, at + 5);
    const taken = this.#statements.run(insertDedupe, flow, step, key, idBytes(root), until, nowMs) === 0;
    if (taken) throw new Conflict(`Key "${String(key)}" of step ${String(step)} belongs to another message`);
    return at + 5;
  }

  /** Runs a statement with the next `count` values, of which one may be an id; returns where the next part begins. */
  #write(sql: string, commit: PackedCommit, at: number, count: number, idAt: number): number {
    this.#wrote = true;
    const values: Value[] = [];
    for (let i = 0; i < count; i++) values.push(i === idAt ? idBytes(commit[at + i]) : (commit[at + i] ?? null));
    this.#statements.run(sql, ...values);
    return at + count;
  }

  #removeExpired(nowMs: number): void {
    if (Math.abs(nowMs - this.#expiryAtMs) < expiryEveryMs) return;
    this.#expiryAtMs = nowMs;
    this.#statements.run('DELETE FROM once WHERE (scope, key) IN (SELECT scope, key FROM once WHERE until <= ? LIMIT ?)', nowMs, expiredAtOnce);
    this.#statements.run(
      'DELETE FROM dedupe WHERE (flow, step, key) IN (SELECT flow, step, key FROM dedupe WHERE until <= ? LIMIT ?)',
      nowMs,
      expiredAtOnce,
    );
  }
}
