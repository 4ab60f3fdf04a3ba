// The rows that were there when the slot was made, read in the very snapshot that the stream of changes begins behind.

import type { Incoming } from '@mortise/sdk';
import { openSession } from './client.ts';
import type { OwnSession, Rows } from './client.ts';
import { formatLsn } from './lsn.ts';
import type { Lsn } from './lsn.ts';
import { subjectOf } from './progress.ts';
import { keysOf } from './slot.ts';
import type { ChangesContext, Made } from './slot.ts';
import { literal, quoted, tableName } from './statements.ts';
import { fromText, recordsOf } from './values.ts';

export interface PublishedTable {
  readonly schema: string;
  readonly table: string;
  /** None: all. */
  readonly columns: readonly string[];
  readonly where: string | undefined;
  /** The columns that rows are read in the order of; none where nothing that is published tells them apart. */
  readonly key: readonly string[];
}

/** How far a copy has come: whole tables by `schema.table`; and one of which the rows up to that key are handed over, in its order. */
export interface Copied {
  readonly tables: readonly string[];
  readonly begun?: {
    readonly table: string;
    /** The server's text of each column of the key. None where the table has no key. */
    readonly upTo: readonly string[];
  };
}

export interface CopyBatch {
  readonly incoming: readonly Incoming[];
  /** What tells this batch from every other of the same copy. */
  readonly range: string;
  /** Undefined where it has ended. */
  readonly copied: Copied | undefined;
}

export class Copy {
  readonly position: Lsn;
  readonly reader: OwnSession;
  readonly #batch: number;
  readonly #tables: PublishedTable[];
  #copied: Copied;
  #opened = false;
  #number = 0;

  private constructor(position: Lsn, reader: OwnSession, tables: readonly PublishedTable[], copied: Copied, batch: number) {
    [this.position, this.reader, this.#copied, this.#batch] = [position, reader, copied, batch];
    const left = tables.filter((table) => !copied.tables.includes(nameOf(table)));
    const isBegun = (table: PublishedTable) => nameOf(table) === copied.begun?.table;
    this.#tables = [...left.filter(isBegun), ...left.filter((table) => !isBegun(table))];
  }

  /** The session that made the snapshot has to stay as it is until this has taken it over. */
  static async open({ position, snapshot }: Made, context: ChangesContext, copied: Copied = { tables: [] }): Promise<Copy> {
    const { connection, options, signal } = context;
    const reader = await openSession(connection, signal);
    try {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await reader.query(`SET TRANSACTION SNAPSHOT ${literal(snapshot)}`);
      return new Copy(position, reader, await publishedTables(reader, options.publication), copied, options.batch);
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** The table that was begun, where it is still published. */
  get begun(): PublishedTable | undefined {
    const [table] = this.#tables;
    return table && nameOf(table) === this.#copied.begun?.table ? table : undefined;
  }

  /** The next rows; of one table, in the order of its key. */
  async next(): Promise<CopyBatch> {
    const [table] = this.#tables;
    if (!table) return { incoming: [], range: String(this.#number), copied: undefined };
    if (!this.#opened) {
      const again = this.begun && table.key.length === 0;
      await this.#openTable(table);
      if (again) return this.#voided(table);
    }
    const rows = await this.reader.query(`FETCH ${this.#batch} FROM rows`);
    const first = this.#number;
    const incoming = this.#messages(table, rows);
    if (rows.rows.length < this.#batch) await this.#closeTable(table);
    else this.#copied = { ...this.#copied, begun: { table: nameOf(table), upTo: lastKey(table, rows) } };
    return { incoming, range: `${first}-${this.#number}`, copied: this.#tables.length === 0 ? undefined : this.#copied };
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  async #openTable(table: PublishedTable): Promise<void> {
    const key = table.key.map(quoted).join(', ');
    const upTo = this.begun && table.key.length > 0 ? this.#copied.begun?.upTo.map(literal).join(', ') : undefined;
    const conditions = [
      ...(table.where === undefined ? [] : [`(${table.where})`]),
      ...(upTo === undefined ? [] : [`(${key}) > (${upTo})`]),
    ];
    const columns = table.columns.length === 0 ? '*' : table.columns.map(quoted).join(', ');
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const order = key === '' ? '' : ` ORDER BY ${key}`;
    await this.reader.query(`DECLARE rows NO SCROLL CURSOR FOR SELECT ${columns} FROM ${tableName(table)}${where}${order}`);
    this.#opened = true;
  }

  async #closeTable(table: PublishedTable): Promise<void> {
    await this.reader.query('CLOSE rows');
    this.#opened = false;
    this.#tables.shift();
    this.#copied = { tables: [...this.#copied.tables, nameOf(table)] };
  }

  /** Rows that nothing tells apart can only come all again: so what was handed over of them is taken back first. */
  #voided(table: PublishedTable): CopyBatch {
    const { schema } = table;
    const index = this.#number++;
    const body = { operation: 'truncate', schema, table: table.table, key: null, before: null, after: null };
    const incoming = [{ body: { ...body, ...this.#origin(index) }, subject: nameOf(table) }];
    return { incoming, range: `${index}-${this.#number}`, copied: this.#copied };
  }

  #messages({ schema, table, key: names }: PublishedTable, rows: Rows): Incoming[] {
    return recordsOf(rows).map((after) => {
      const key = names.length > 0 ? Object.fromEntries(names.map((name) => [name, after[name]])) : null;
      const body = { operation: 'copy', schema, table, key, before: null, after, ...this.#origin(this.#number++) };
      return { body, subject: subjectOf({ schema, table }, key) };
    });
  }

  #origin(index: number) {
    return { lsn: formatLsn(this.position), index, xid: null, committedAt: null };
  }
}

function lastKey({ key }: PublishedTable, { rows, columns }: Rows): readonly string[] {
  return key.map((name) => String(rows.at(-1)?.[columns.findIndex((column) => column.name === name)]));
}

export function nameOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${schema}.${table}`;
}

/** With the columns and the condition that the publication has for a table, from PostgreSQL 15 on. */
async function publishedTables(session: OwnSession, publication: string): Promise<readonly PublishedTable[]> {
  const keys = await keysOf(session, publication);
  const rows = await session.query(`SELECT * FROM pg_publication_tables WHERE pubname = ${literal(publication)} ORDER BY 2, 3`);
  return recordsOf(rows).map(({ schemaname, tablename, attnames, rowfilter }) => {
    const name = { schema: String(schemaname), table: String(tablename) };
    const columns = columnsOf(attnames);
    const key = keys.get(nameOf(name)) ?? [];
    const hasKey = columns.length === 0 || key.every((column) => columns.includes(column));
    return { ...name, columns, where: typeof rowfilter === 'string' ? rowfilter : undefined, key: hasKey ? key : [] };
  });
}

/** The names come as an array of the type `name`, or not at all. */
function columnsOf(attnames: unknown): readonly string[] {
  const list = typeof attnames === 'string' ? fromText(attnames, arrayOfText) : undefined;
  return Array.isArray(list) ? list.map(String) : [];
}

const arrayOfText = 1009;
