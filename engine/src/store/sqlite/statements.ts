// Prepared statements of one connection, each prepared once, with rows as arrays.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Row, Value } from './values.ts';

export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Runs a statement; tells how many rows it changed. */
  run(sql: string, ...values: readonly Value[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** The first row, if there is one. */
  row(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#prepare(sql).get(...values) as unknown as Row | undefined;
  }

  rows(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#prepare(sql).all(...values) as unknown as readonly Row[];
  }

  /** Rows one by one, for those who may stop early. */
  iterate(sql: string, ...values: readonly Value[]): Iterable<Row> {
    return this.#prepare(sql).iterate(...values) as unknown as Iterable<Row>;
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql, { returnArrays: true });
    this.#prepared.set(sql, statement);
    return statement;
  }
}
