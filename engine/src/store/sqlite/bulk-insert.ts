// Rows for one table, gathered and inserted several at a time: a third less work for SQLite than one by one.
//
// OR FAIL: what such a statement did before a row that is refused stays, and need not be kept aside for it. Whoever inserts undoes all of the
// transaction, or of its savepoint, in any case.

import type { Statements } from './statements.ts';
import type { Value } from './values.ts';

const rowsAtOnce = 16;

export class BulkInsert {
  readonly #statements: Statements;
  readonly #one: string;
  readonly #many: string;
  readonly #columns: number;
  #values: Value[] = [];

  /** `into` is the table, with its columns where not all are given; `conflict` what is done where the row is there. */
  constructor(statements: Statements, into: string, columns: number, conflict: 'OR FAIL' | 'OR IGNORE' = 'OR FAIL') {
    const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
    this.#statements = statements;
    this.#columns = columns;
    this.#one = `INSERT ${conflict} INTO ${into} VALUES ${row}`;
    this.#many = `INSERT ${conflict} INTO ${into} VALUES ${Array.from({ length: rowsAtOnce }, () => row).join(', ')}`;
  }

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  /** The list to push the next row's values to; `added` tells that they are there. */
  get next(): Value[] {
    return this.#values;
  }

  added(): void {
    if (this.#values.length === rowsAtOnce * this.#columns) this.#statements.run(this.#many, ...this.#take());
  }

  /** Inserts what has gathered. */
  flush(): void {
    if (this.#values.length === 0) return;
    const values = this.#take();
    for (let at = 0; at < values.length; at += this.#columns)
      this.#statements.run(this.#one, ...values.slice(at, at + this.#columns));
  }

  /** Drops what has gathered, after the transaction was undone. */
  clear(): void {
    this.#values = [];
  }

  #take(): readonly Value[] {
    const values = this.#values;
    this.#values = [];
    return values;
  }
}
