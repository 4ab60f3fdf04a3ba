// The inbound `query`: reads the row versions that were committed since the last look, by the numbers of their transactions.

import { createHash } from 'node:crypto';
import type { Inbound, InboundContextOf, Json } from '@mortise/sdk';
import { Database } from './client.ts';
import type { Rows } from './client.ts';
import type connector from './connector.ts';
import { postgresError } from './errors.ts';
import { openListener } from './listener.ts';
import type { Listener } from './listener.ts';
import { quoted, tableName } from './statements.ts';
import { recordsOf } from './values.ts';

type Context = InboundContextOf<typeof connector, 'query'>;

interface Pass {
  readonly upTo: string;
  readonly at: readonly (string | null)[];
}

/**
 * How far the inbound has read. Transaction numbers are 64 bits wide, so text. Every version of a row whose transaction is
 * below `seen` has been handed over. A pass reads what lies from there up to `pass.upTo`, below which every transaction had
 * ended when it began; `pass.at` is the last row of it. `newest` is the greatest watermark that was read.
 */
interface Position {
  readonly of: string;
  readonly seen: string;
  readonly pass?: Pass;
  readonly newest?: string;
}

/** With a channel, it looks without a notification too: the one that came while the connection was down is lost. */
const lookAnywayMs = 10_000;

/**
 * The full number of the transaction that wrote the row: `xmin` holds its lower 32 bits. It is not above the next one to be
 * given, so the upper bits follow.
 */
const transaction = '(n.next - ((n.next - t.xmin::text::bigint) & 4294967295))';
const numbered = '(SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next) AS n';
const horizon = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text, pg_snapshot_xmax(pg_current_snapshot())::text`;

const typeOfColumn = `SELECT format_type(a.atttypid, NULL), t.typcategory FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = $1::regclass AND a.attname = $2 AND NOT a.attisdropped`;

export async function openQuery(context: Context): Promise<Inbound> {
  const database = new Database(context.connection);
  const reader = new Reader(context, database);
  let listener: Listener | undefined;
  return {
    async poll() {
      const { notifyChannel } = context.options;
      if (notifyChannel === undefined) return reader.look();
      // It listens before it looks: what is sent in between is not missed.
      if (!listener || listener.lost) {
        await listener?.close();
        listener = await openListener(context.connection, notifyChannel, context.signal);
      }
      listener.done(Number.POSITIVE_INFINITY);
      if ((await reader.look()) === 'idle') await listener.wait(lookAnywayMs, context);
      return 'more';
    },
    async close() {
      await listener?.close();
      await database.close();
    },
  };
}

class Reader {
  readonly #context: Context;
  readonly #database: Database;
  #position: Position;

  constructor(context: Context, database: Database) {
    this.#context = context;
    this.#database = database;
    this.#position = positionIn(context.cursor, identityOf(context.options));
  }

  /** One batch of a pass; a pass begins where the last one has ended and something was written since. */
  async look(): Promise<'more' | 'idle'> {
    const pass = this.#position.pass ?? (await this.#begin());
    if (!pass) return 'idle';
    const { options, accept, log } = this.#context;
    const rows = await this.#read(pass);
    const reached = after(this.#position, pass, rows, options);
    if (rows.rows.length > 0) {
      const accepted = await accept(messages(rows, options), { key: keyOf(rows), cursor: reached as unknown as Json });
      const refused = accepted.filter((one) => one.refused).length;
      if (refused > 0) log.warn({ table: options.table, refused }, 'Rows were refused.');
    }
    this.#position = reached;
    return reached.pass ? 'more' : 'idle';
  }

  /** Undefined where no transaction has ended since. */
  async #begin(): Promise<Pass | undefined> {
    const { rows } = await this.#ask(horizon, []);
    const [upTo = '0', latest = '0'] = rows[0]?.map(String) ?? [];
    const { seen } = this.#position;
    if (BigInt(latest) < BigInt(seen)) {
      throw postgresError(
        'MORTISE_POSTGRES_CURSOR',
        `The inbound has read up to transaction ${seen}, and the server is at ${latest}: it is another one, or was set back.`,
      );
    }
    return BigInt(upTo) > BigInt(seen) ? { upTo, at: [] } : undefined;
  }

  async #read({ upTo, at }: Pass): Promise<Rows> {
    const { table, schema, watermark, key, start, overlap, batch } = this.#context.options;
    const { seen, newest } = this.#position;
    const mark = `t.${quoted(watermark)}`;
    const columns = [watermark, ...key].map((name) => `t.${quoted(name)}`).join(', ');
    const values: string[] = [];
    const bound = (value: string) => `$${values.push(value)}`;
    const conditions = [
      `${mark} IS NOT NULL`,
      `${transaction} < ${bound(upTo)}`,
      ...(seen === '0' ? [] : [`${transaction} >= ${bound(seen)}`]),
      ...(start === undefined ? [] : [`${mark} > ${bound(start)}`]),
      ...(at.length === 0 ? [] : [`(${columns}) > (${at.map((value) => bound(value ?? '')).join(', ')})`]),
      ...(overlap === undefined || newest === undefined
        ? []
        : [`${mark} >= ${await this.#behind(bound(newest), bound(overlap))}`]),
    ];
    const select = `SELECT ${transaction}::text, ${columns}, t.* FROM ${tableName({ table, schema })} AS t, ${numbered}`;
    const sql = `${select} WHERE ${conditions.join(' AND ')} ORDER BY ${columns} LIMIT ${batch}`;
    return this.#ask(sql, values);
  }

  /** What lies so far behind the newest, in the type of the watermark, so that its index is of use. */
  async #behind(newest: string, overlap: string): Promise<string> {
    const { rows } = await this.#ask(typeOfColumn, [tableName(this.#context.options), this.#context.options.watermark]);
    const [type, category] = rows[0] ?? [];
    if (category === 'N') return `${newest}::${type} - ${overlap}::${type}`;
    if (category === 'D') return `${newest}::${type} - ${overlap}::interval`;
    throw postgresError(
      'MORTISE_POSTGRES_OVERLAP',
      `The watermark is of type ${type ?? 'unknown'}: "overlap" needs a number or a time.`,
    );
  }

  #ask(sql: string, values: readonly string[]): Promise<Rows> {
    const { signal, options } = this.#context;
    return this.#database.transact(async (session) => session.query(sql, values), {
      signal,
      timeoutMs: options.statementTimeout,
      readOnly: true,
    });
  }
}

function positionIn(cursor: Json | undefined, of: string): Position {
  if (cursor === undefined) return { of, seen: '0' };
  // Cursors are stored by this inbound alone.
  const position = cursor as unknown as Position;
  if (position.of === of) return position;
  throw postgresError('MORTISE_POSTGRES_CURSOR', `The inbound has read ${position.of}, and is now to read ${of}.`);
}

/** What a position belongs to: `"public"."sales_order" by "updated_at", "order_id"`. */
function identityOf({ table, schema, watermark, key }: Context['options']): string {
  return `${tableName({ table, schema })} by ${[watermark, ...key].map(quoted).join(', ')}`;
}

/** `pass.at` are watermark and key of the last row. The newest may go back to that of a late row: that only widens the next look. */
function after(position: Position, { upTo }: Pass, { rows }: Rows, { key, batch }: Context['options']): Position {
  const { of, seen } = position;
  const last = rows.at(-1);
  const newest = last?.[1] ?? position.newest;
  const known = { of, ...(newest === undefined ? {} : { newest }) };
  if (!last || rows.length < batch) return { ...known, seen: upTo };
  return { ...known, seen, pass: { upTo, at: last.slice(1, 2 + key.length) } };
}

/** The number of the transaction, the watermark and the key come first, then the whole row. */
function messages(rows: Rows, { key }: Context['options']) {
  const bodies = recordsOf(rows, 2 + key.length);
  return bodies.map((body, index) => ({ body, subject: (rows.rows[index] ?? []).slice(2, 2 + key.length).join('/') }));
}

/** The same versions of the same rows have the same key: where a commit was not known to have come about, it is no second one. */
function keyOf({ rows }: Rows): string {
  return `rows:${createHash('sha256').update(JSON.stringify(rows)).digest('base64url')}`;
}
