// The rows that were there when the slot was made, read in the very snapshot that the stream of changes begins behind.

import type { Incoming } from '@mortise/sdk';
import { openSession } from './client.ts';
import type { OwnSession, Rows } from './client.ts';
import { formatLsn } from './lsn.ts';
import type { Lsn } from './lsn.ts';
import { subjectOf } from './progress.ts';
import type { KeyOf } from './progress.ts';
import { primaryKeysOf } from './slot.ts';
import type { ChangesContext, Made } from './slot.ts';
import { literal, quoted, tableName } from './statements.ts';
import { fromText, recordsOf } from './values.ts';

interface PublishedTable {
  readonly schema: string;
  readonly table: string;
  readonly columns: string;
  readonly where: string;
}

export interface CopyBatch {
  readonly incoming: readonly Incoming[];
  /** What tells this batch from every other of the same copy. */
  readonly range: string;
  readonly ended: boolean;
}

export class Copy {
  readonly position: Lsn;
  readonly #reader: OwnSession;
  readonly #tables: PublishedTable[];
  readonly #keyOf: KeyOf;
  readonly #batch: number;
  #opened = false;
  #number = 0;

  private constructor(position: Lsn, reader: OwnSession, tables: readonly PublishedTable[], keyOf: KeyOf, batch: number) {
    [this.position, this.#reader, this.#keyOf, this.#batch] = [position, reader, keyOf, batch];
    this.#tables = [...tables];
  }

  /** The session that made the slot has to stay as it is until this has taken its snapshot over. */
  static async open({ position, snapshot }: Made, { connection, options, signal }: ChangesContext): Promise<Copy> {
    const reader = await openSession(connection, signal);
    try {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await reader.query(`SET TRANSACTION SNAPSHOT ${literal(snapshot)}`);
      const keys = await primaryKeysOf(reader, options.publication);
      const keyOf: KeyOf = ({ schema, table }) => keys.get(`${schema}.${table}`);
      return new Copy(position, reader, await publishedTables(reader, options.publication), keyOf, options.batch);
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** The next rows; of one table, as the server has them. */
  async next(): Promise<CopyBatch> {
    const [table] = this.#tables;
    if (!table) return { incoming: [], range: String(this.#number), ended: true };
    if (!this.#opened) {
      const name = tableName(table);
      await this.#reader.query(`DECLARE rows NO SCROLL CURSOR FOR SELECT ${table.columns} FROM ${name}${table.where}`);
      this.#opened = true;
    }
    const rows = await this.#reader.query(`FETCH ${this.#batch} FROM rows`);
    const first = this.#number;
    const incoming = this.#messages(table, rows);
    if (rows.rows.length < this.#batch) await this.#closeTable();
    return { incoming, range: `${first}-${this.#number}`, ended: this.#tables.length === 0 };
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async #closeTable(): Promise<void> {
    await this.#reader.query('CLOSE rows');
    this.#opened = false;
    this.#tables.shift();
  }

  #messages({ schema, table }: PublishedTable, rows: Rows): Incoming[] {
    const names = this.#keyOf({ schema, table, identity: 'default', columns: [] }) ?? [];
    return recordsOf(rows).map((after) => {
      const complete = names.length > 0 && names.every((name) => Object.hasOwn(after, name));
      const key = complete ? Object.fromEntries(names.map((name) => [name, after[name]])) : null;
      const index = this.#number++;
      const body = { operation: 'copy', schema, table, key, before: null, after, lsn: formatLsn(this.position), index };
      return { body: { ...body, xid: null, committedAt: null }, subject: subjectOf({ schema, table }, key) };
    });
  }
}

/** With the columns and the condition that the publication has for a table, from PostgreSQL 15 on. */
async function publishedTables(session: OwnSession, publication: string): Promise<readonly PublishedTable[]> {
  const rows = await session.query(`SELECT * FROM pg_publication_tables WHERE pubname = ${literal(publication)} ORDER BY 2, 3`);
  return recordsOf(rows).map(({ schemaname, tablename, attnames, rowfilter }) => ({
    schema: String(schemaname),
    table: String(tablename),
    columns: columnsOf(attnames),
    where: typeof rowfilter === 'string' ? ` WHERE ${rowfilter}` : '',
  }));
}

/** The names come as an array of the type `name`, or not at all. */
function columnsOf(attnames: unknown): string {
  const list = typeof attnames === 'string' ? fromText(attnames, arrayOfText) : undefined;
  return Array.isArray(list) ? list.map((name) => quoted(String(name))).join(', ') : '*';
}

const arrayOfText = 1009;
