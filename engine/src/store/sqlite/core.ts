// The store's work itself, synchronous: the same whether it runs in a thread of its own or in the caller's.

import type { DatabaseSync } from 'node:sqlite';
import type { FilterState } from './filter.ts';
import { filterKey, KeyFilter } from './filter.ts';
import { openWriter } from './settings.ts';
import { migrate } from './schema.ts';
import type { Opened } from './recover.ts';
import { noteCleanEnd, recover } from './recover.ts';
import type { Row, Value } from './values.ts';
import { asNumber, asText } from './values.ts';
import type { Outcome } from './writer.ts';
import { Writer } from './writer.ts';

/** How many sequence numbers one start or refill sets aside. */
export const seqReserve = 2 ** 24;

export interface CoreOpened extends Opened {
  readonly filter: FilterState;
}

/** The connection that writes, with all that happens on open and close. */
export class Core {
  readonly opened: CoreOpened;
  readonly database: DatabaseSync;
  readonly #writer: Writer;

  /** Opens, migrates, recovers. */
  constructor(file: string, nowMs: number) {
    this.database = openWriter(file);
    migrate(this.database, file);
    this.opened = { ...recover(this.database, seqReserve), filter: loadFilter(this.database, nowMs) };
    this.#writer = new Writer(this.database);
  }

  apply(group: readonly (readonly Value[])[], nowMs: number, reserveSeq?: number): readonly Outcome[] {
    return this.#writer.apply(group, nowMs, reserveSeq);
  }

  /** Closes; notes a clean end where `seq`, the next number to give, is named. */
  close(seq?: number): void {
    if (seq !== undefined) noteCleanEnd(this.database, seq);
    this.database.close();
  }
}

function loadFilter(database: DatabaseSync, nowMs: number): FilterState {
  const filter = new KeyFilter();
  const statement = database.prepare('SELECT flow, step, key, until FROM dedupe WHERE until > ?', { returnArrays: true });
  for (const row of statement.iterate(nowMs) as unknown as Iterable<Row>) {
    filter.add(filterKey(asText(row[0]), asText(row[1]), asText(row[2])), asNumber(row[3]), nowMs);
  }
  return filter.state;
}
