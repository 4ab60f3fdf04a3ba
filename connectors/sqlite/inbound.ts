// The inbound of the sqlite connector: reads what lies behind the watermark of the last commit.

import { implementInbounds } from '@mortise/sdk';
import type { Inbound, InboundContextOf, Json } from '@mortise/sdk';
import connector from './connector.ts';
import { Database } from './database.ts';
import { sqliteError } from './errors.ts';
import type { Command, Rows } from './protocol.ts';
import { recordsOf } from './records.ts';
import { quoted } from './statements.ts';
import { fromStored, toSql, toStored } from './values.ts';
import type { StoredValue } from './values.ts';

type Context = InboundContextOf<typeof connector, 'rows'>;

export const inbounds = implementInbounds(connector, {
  rows: async (context) => open(context),
});

function open({ connection, options, accept, cursor, signal, log }: Context): Inbound {
  const database = new Database(connection, 'read');
  let position = positionIn(cursor, identityOf(options));
  return {
    async poll() {
      const rows = await database.read({ command: next(options, position), rowsMax: options.batch }, signal);
      const last = rows.rows.at(-1);
      if (!last) return 'idle';
      const reached = last.slice(0, 1 + options.key.length).map(toStored);
      const accepted = await accept(messages(rows, options.key.length), { cursor: { of: identityOf(options), at: reached } });
      position = reached;
      const refused = accepted.filter((one) => one.refused).length;
      if (refused > 0) log.warn({ table: options.table, refused }, 'Rows were refused.');
      return rows.rows.length === options.batch ? 'more' : 'idle';
    },
    close: () => database.close(),
  };
}

/** Throws MORTISE_SQLITE_CURSOR where the options were changed since: what was reached means nothing then. */
function positionIn(cursor: Json | undefined, identity: string): readonly StoredValue[] | undefined {
  if (cursor === undefined) return undefined;
  // Cursors are stored by this inbound alone.
  const { of, at } = cursor as unknown as { readonly of: string; readonly at: readonly StoredValue[] };
  if (of === identity) return at;
  throw sqliteError('MORTISE_SQLITE_CURSOR', `The inbound has read up to a watermark of ${of}, and is now to read ${identity}.`);
}

/** What a watermark belongs to: `"sales_order" by "updated_at", "order_id"`. */
function identityOf({ table, watermark, key }: Context['options']): string {
  return `${quoted(table)} by ${[watermark, ...key].map(quoted).join(', ')}`;
}

/** Watermark and key come first, then the whole row. Equal watermarks go on behind the key of the last row: none is skipped, none comes twice. */
function next(
  { table, watermark, key, start, batch }: Context['options'],
  position: readonly StoredValue[] | undefined,
): Command {
  const columns = [watermark, ...key].map((name) => `t.${quoted(name)}`);
  const after = position?.map(fromStored) ?? (start === undefined ? [] : [toSql(start)]);
  const behind =
    after.length > 0
      ? `(${columns.slice(0, after.length).join(', ')}) > (${after.map(() => '?').join(', ')})`
      : `${columns[0]} IS NOT NULL`;
  const list = columns.join(', ');
  return {
    sql: `SELECT ${list}, t.* FROM ${quoted(table)} AS t WHERE ${behind} ORDER BY ${list} LIMIT ?`,
    values: [...after, BigInt(batch)],
  };
}

function messages(rows: Rows, keyLength: number) {
  const records = recordsOf(rows, 1 + keyLength);
  return records.map((body, index) => ({
    body,
    subject:
      rows.rows[index]
        ?.slice(1, 1 + keyLength)
        .map(String)
        .join('/') ?? '',
  }));
}
