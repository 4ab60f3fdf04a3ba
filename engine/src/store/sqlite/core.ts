// The store's work itself, synchronous: the same whether it runs in a thread of its own or in the caller's.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Applied, CoreOpened, DedupeQuestion, Group } from './calls.ts';
import { requireWholeLog } from './log-check.ts';
import { openWriter } from './settings.ts';
import { migrate } from './schema.ts';
import { scrub } from './scrub.ts';
import { noteCleanEnd, readFact, recover } from './recover.ts';
import type { Row } from './values.ts';
import { asNumber } from './values.ts';
import { Writer } from './writer.ts';

/** How many sequence numbers one start or refill sets aside. */
export const seqReserve = 2 ** 24;

/** The connection that writes, with all that happens on open and close. */
export class Core {
  readonly opened: CoreOpened;
  readonly database: DatabaseSync;
  readonly #writer: Writer;
  readonly #countLog: StatementSync;
  #failure: unknown;

  /** Opens, migrates, recovers. `copies`: who copies the write-ahead log into the database. */
  constructor(file: string, copies: 'here' | 'elsewhere') {
    this.database = openWriter(file, copies);
    this.#countLog = this.database.prepare('PRAGMA wal_checkpoint(NOOP)', { returnArrays: true });
    if (this.database.location() !== null) requireWholeLog(file, this.#logPages());
    migrate(this.database, file);
    const recovered = recover(this.database, seqReserve);
    this.#writer = new Writer(this.database);
    this.opened = { ...recovered, seen: { secret: readFact(this.database, 'secret'), ...this.#writer.seenKeys() } };
  }

  /** Applies the groups as one transaction. A throw means that the disk failed, and that nothing may be applied any more. */
  apply(groups: readonly Group[]): readonly Applied[] {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#apply(groups);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  findDedupe({ key, hash, nowMs }: DedupeQuestion): { readonly root: string } | undefined {
    return this.#writer.findDedupe(key, hash, nowMs);
  }

  checkpoint(): void {
    this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  scrub(): void {
    scrub(this.database);
  }

  /** Closes; notes a clean end where `seq`, the next number to give, is named. */
  close(seq?: number): void {
    if (seq !== undefined) noteCleanEnd(this.database, seq);
    this.database.close();
  }

  #apply(groups: readonly Group[]): readonly Applied[] {
    const last = groups.at(-1);
    const commits = groups.length === 1 && last ? last.commits : groups.flatMap((group) => group.commits);
    const reserveSeq = groups.reduce((most, group) => Math.max(most, group.reserveSeq ?? 0), 0);
    const outcomes = this.#writer.apply(commits, last?.nowMs ?? 0, reserveSeq);
    const logPages = this.#logPages();
    let at = 0;
    return groups.map((group) => ({ outcomes: outcomes.slice(at, (at += group.commits.length)), logPages }));
  }

  #logPages(): number {
    const row = this.#countLog.get() as unknown as Row | undefined;
    return asNumber(row?.[1]);
  }
}
