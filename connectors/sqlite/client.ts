// Works with the database file through node:sqlite, which blocks: it lives in a thread of its own (thread.ts).

import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Ping } from '@mortise/sdk';
import type connector from './connector.ts';
import { failureOf } from './failures.ts';
import { begin } from './protocol.ts';
import type { Command, Outcome, Read, Rows, Settings, SqlValue, StagedWrite, Write, Written } from './protocol.ts';

/** Statements are kept prepared; bodies with ever new columns must not make this grow. */
const statementsMax = 200;
/** Old delivery ids are dropped every so many writes, so many at most: no transaction takes long for it. */
const writesPerSweep = 500;
const sweepRowsMax = 1000;
const pingPauseMs = 20;

const createInbox = `CREATE TABLE IF NOT EXISTS mortise_inbox (delivery_id TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mortise_inbox_at ON mortise_inbox (at)`;
const enterInbox = 'INSERT OR IGNORE INTO mortise_inbox (delivery_id, at) VALUES (?, ?)';
const sweepInbox = 'DELETE FROM mortise_inbox WHERE delivery_id IN (SELECT delivery_id FROM mortise_inbox WHERE at < ? LIMIT ?)';

export const ping: Ping<typeof connector> = async ({ file, busyTimeout, create }, signal) => {
  const deadlineMs = Date.now() + busyTimeout;
  for (;;) {
    signal.throwIfAborted();
    // It does not wait for a lock within SQLite, which would stop the whole engine.
    const connection = new Connection({ file, busyTimeoutMs: 0, create, readOnly: true });
    const outcome = connection.read({
      command: { sql: "SELECT count(*) FROM sqlite_schema WHERE type = 'table'", values: [] },
      rowsMax: 1,
    });
    connection.close();
    if ('result' in outcome) return `tables: ${String(outcome.result.rows[0]?.[0])}`;
    if (!outcome.failure.locked || Date.now() > deadlineMs) throw new Error(outcome.failure.message);
    await pause(pingPauseMs, undefined, { signal });
  }
};

/** One connection to the file: opened on first use, and anew where another file lies in its place. */
export class Connection {
  readonly #settings: Settings;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync | undefined;
  #fileIdentity: string | undefined;
  #inboxWrites = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** All in one transaction. Where one of them is at fault, each gets a transaction of its own, so that it fails alone. */
  writeAll(writes: readonly StagedWrite[]): readonly Outcome<Written>[] {
    let [database, committing]: [DatabaseSync | undefined, boolean] = [undefined, false];
    try {
      database = this.#open();
      database.exec('BEGIN IMMEDIATE');
      if (writes.some(({ inbox }) => inbox)) database.exec(createInbox);
      const outcomes = [];
      for (const write of writes) outcomes.push({ result: this.#apply(database, write) });
      committing = true;
      database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (database?.isTransaction) database.exec('ROLLBACK');
      const failure = failureOf(error, this.#settings, committing);
      return failure.kind === 'rejected' && writes.length > 1 ? this.#writeEach(writes) : writes.map(() => ({ failure }));
    }
  }

  read({ command, rowsMax }: Read): Outcome<Rows> {
    try {
      const statement = this.#prepare(this.#open(), command.sql);
      statement.setReadBigInts(true);
      statement.setReturnArrays(true);
      const rows: SqlValue[][] = [];
      for (const row of iterate(statement, command)) {
        if (rows.length === rowsMax) throw new Error(`There are more than ${rowsMax} rows.`);
        rows.push(row);
      }
      return { result: { columns: statement.columns().map(({ name }) => name), rows } };
    } catch (error) {
      return { failure: failureOf(error, this.#settings) };
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  /** What is written to a file that was moved or replaced meanwhile is lost: so it is looked at before every use. */
  #open(): DatabaseSync {
    const { file, busyTimeoutMs, create, readOnly } = this.#settings;
    if (this.#database && identityOf(file) === this.#fileIdentity) return this.#database;
    this.close();
    const url = pathToFileURL(file);
    url.searchParams.set('mode', readOnly ? 'ro' : create ? 'rwc' : 'rw');
    const database = new DatabaseSync(url, { timeout: busyTimeoutMs, readOnly });
    database.exec('PRAGMA synchronous = FULL');
    this.#fileIdentity = identityOf(file);
    this.#database = database;
    return database;
  }

  #apply(database: DatabaseSync, { commands, inbox, stage }: StagedWrite): Written {
    // Nobody waits for the result of what was withdrawn.
    if (!begin(stage)) return { changes: 0, repeated: false };
    if (inbox && !this.#enter(database, inbox)) return { changes: 0, repeated: true };
    let changes = 0;
    for (const command of commands) changes += this.#run(database, command);
    return { changes, repeated: false };
  }

  /** Notes the delivery id; false where it is there already. */
  #enter(database: DatabaseSync, { deliveryId, at, dropBefore }: NonNullable<Write['inbox']>): boolean {
    if (this.#inboxWrites++ % writesPerSweep === 0) this.#run(database, { sql: sweepInbox, values: [dropBefore, sweepRowsMax] });
    return this.#run(database, { sql: enterInbox, values: [deliveryId, at] }) > 0;
  }

  #run(database: DatabaseSync, { sql, values, missing }: Command): number {
    const statement = this.#prepare(database, sql);
    const { changes } = isList(values) ? statement.run(...values) : statement.run(values);
    if (missing !== undefined && changes === 0) throw new Error(missing);
    return Number(changes);
  }

  #writeEach(writes: readonly StagedWrite[]): readonly Outcome<Written>[] {
    const outcomes: Outcome<Written>[] = [];
    for (const write of writes) {
      const before = outcomes.at(-1);
      // Where the lock was waited for in vain, or the file is gone, the next would fare no better.
      const hopeless = before && 'failure' in before && before.failure.kind !== 'rejected';
      outcomes.push(...(hopeless ? [before] : this.writeAll([write])));
    }
    return outcomes;
  }

  #prepare(database: DatabaseSync, sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= statementsMax) this.#statements.clear();
    const statement = database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function isList(values: Command['values']): values is readonly SqlValue[] {
  return Array.isArray(values);
}

/** Rows are arrays by setReturnArrays, which the types do not know. */
function iterate(statement: StatementSync, { values }: Command): Iterable<SqlValue[]> {
  const rows: Iterable<unknown> = isList(values) ? statement.iterate(...values) : statement.iterate(values);
  return rows as Iterable<SqlValue[]>;
}

/** Undefined where it cannot be told; opening says why. */
function identityOf(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
