// The tables that every message goes through, with rows that are gathered before they are inserted.

import { BulkInsert } from './bulk-insert.ts';
import { outcomeColumns, stateAt } from './delivery-row.ts';
import { messageColumns } from './message-row.ts';
import type { Statements } from './statements.ts';

const outcome = outcomeColumns.join(', ');

export class Tables {
  readonly messages: BulkInsert;
  readonly links: BulkInsert;
  readonly deliveries: BulkInsert;
  /** Deliveries that wait and have no outcome yet. */
  readonly plain: BulkInsert;
  readonly open: BulkInsert;
  readonly ended: BulkInsert;
  readonly #all: readonly BulkInsert[];

  constructor(statements: Statements) {
    this.messages = new BulkInsert(
      statements,
      `messages (seq, ${messageColumns.join(', ')}, checksum)`,
      messageColumns.length + 2,
    );
    this.links = new BulkInsert(statements, 'links', 4);
    this.deliveries = new BulkInsert(statements, 'deliveries', stateAt + 1);
    this.plain = new BulkInsert(statements, 'open (destination, seq, state, attempts, plain)', 5);
    this.open = new BulkInsert(
      statements,
      `open (destination, seq, state, suspect, marked, ${outcome})`,
      5 + outcomeColumns.length,
    );
    this.ended = new BulkInsert(statements, `ended (seq, destination, state, ${outcome})`, 3 + outcomeColumns.length);
    this.#all = [this.messages, this.links, this.deliveries, this.plain, this.open, this.ended];
  }

  /** Inserts all that has gathered: before the end, and before anything is read. */
  flush(): void {
    for (const table of this.#all) table.flush();
  }

  clear(): void {
    for (const table of this.#all) table.clear();
  }
}
