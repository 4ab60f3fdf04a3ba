// The publication and the replication slot of an inbound, on the server: checked before anything is read, made where they are missing.

import { randomBytes } from 'node:crypto';
import type { InboundContextOf } from '@mortise/sdk';
import type { OwnSession, Session } from './client.ts';
import type connector from './connector.ts';
import { postgresError } from './errors.ts';
import { formatLsn, parseLsn } from './lsn.ts';
import type { Lsn } from './lsn.ts';
import { literal, quoted } from './statements.ts';

export type ChangesContext = InboundContextOf<typeof connector, 'changes'>;
type Options = ChangesContext['options'];

export interface Slot {
  readonly confirmed: Lsn;
  readonly active: boolean;
}

/** What the slot was made with: everything before the position is in the snapshot, everything behind it in the stream. */
export interface Made {
  readonly position: Lsn;
  /** Valid until the session's next command. */
  readonly snapshot: string;
}

/** Names the server for ever, and the log that its positions mean. */
export async function identify(session: OwnSession): Promise<{ readonly system: string; readonly now: Lsn }> {
  const { rows } = await session.query('IDENTIFY_SYSTEM');
  const [system = '', , position = ''] = rows[0]?.map(String) ?? [];
  const level = (await session.query('SHOW wal_level')).rows[0]?.[0];
  if (level !== 'logical') throw postgresError('MORTISE_POSTGRES_WAL_LEVEL', `wal_level is "${level}"; expected "logical".`);
  return { system, now: parseLsn(position) };
}

/** Makes the publication where it is missing and `tables` are named. */
export async function ensurePublication(session: OwnSession, { publication, tables }: Options): Promise<void> {
  const known = await session.query(`SELECT 1 FROM pg_publication WHERE pubname = ${literal(publication)}`);
  if (known.count > 0) return;
  if (!tables || tables.length === 0)
    throw postgresError('MORTISE_POSTGRES_PUBLICATION_MISSING', `There is no publication "${publication}" in the database.`);
  const names = tables.map(splitName);
  for (const name of names) await expectIdentity(session, name);
  await session.query(`CREATE PUBLICATION ${quoted(publication)} FOR TABLE ${names.join(', ')}`);
}

/** The slot; undefined where it is not there. Throws where it is none that this inbound could follow. */
export async function findSlot(session: OwnSession, { slot }: Options): Promise<Slot | undefined> {
  const { rows } = await session.query(
    `SELECT plugin, database = current_database(), wal_status, active, confirmed_flush_lsn
     FROM pg_replication_slots WHERE slot_name = ${literal(slot)}`,
  );
  const [found] = rows;
  if (!found) return undefined;
  const [plugin, here, status, active, confirmed] = found;
  if (plugin !== 'pgoutput' || here !== 't')
    throw postgresError(
      'MORTISE_POSTGRES_SLOT_TAKEN',
      `The slot "${slot}" is of the plugin ${plugin ?? 'none'}${here === 't' ? '' : ', in another database'}.`,
    );
  if (status === 'lost' || !confirmed)
    throw postgresError(
      'MORTISE_POSTGRES_SLOT_LOST',
      `The log for the slot "${slot}" was removed (wal_status ${status ?? 'unknown'}).`,
    );
  return { confirmed: parseLsn(confirmed), active: active === 't' };
}

/** Waits until the transactions that are under way have ended: before that there is no state to begin from. */
export function makeSlot(session: OwnSession, { slot }: Options): Promise<Made> {
  return make(session, quoted(slot));
}

/** A snapshot and its position, as of a slot that is gone with the session. */
export function takeSnapshot(session: OwnSession): Promise<Made> {
  return make(session, `mortise_copy_${randomBytes(8).toString('hex')} TEMPORARY`);
}

async function make(session: OwnSession, slot: string): Promise<Made> {
  const { rows } = await session.query(`CREATE_REPLICATION_SLOT ${slot} LOGICAL pgoutput EXPORT_SNAPSHOT`);
  const [, position = '', snapshot = ''] = rows[0]?.map(String) ?? [];
  return { position: parseLsn(position), snapshot };
}

export async function dropSlot(session: OwnSession, { slot }: Options): Promise<void> {
  await session.query(`SELECT pg_drop_replication_slot(${literal(slot)})`);
}

/** PostgreSQL begins where the slot is, without a word, where it was asked to begin before that: so this looks beforehand. */
export function expectPosition(position: Lsn, { confirmed }: Slot, now: Lsn, { slot }: Options): void {
  if (position < confirmed)
    throw postgresError(
      'MORTISE_POSTGRES_POSITION_LOST',
      `The inbound has read up to ${formatLsn(position)}, and the slot "${slot}" stands at ${formatLsn(confirmed)}.`,
    );
  if (position > now)
    throw postgresError(
      'MORTISE_POSTGRES_CURSOR',
      `The inbound has read up to ${formatLsn(position)}, and the server is at ${formatLsn(now)}: it was set back.`,
    );
}

/** By which columns rows are told apart in the stream: those of REPLICA IDENTITY's index, else of the primary key. */
const keys = `SELECT n.nspname, c.relname, a.attname
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(number, place)
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
  WHERE CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END AND EXISTS
    (SELECT 1 FROM pg_publication_tables p WHERE p.pubname = PUBLICATION AND p.schemaname = n.nspname AND p.tablename = c.relname)
  ORDER BY k.place`;

/** `schema.table` to the columns of its key; a table that has none is left out. */
export async function keysOf(session: Session, publication: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await session.query(keys.replace('PUBLICATION', literal(publication)));
  const found = new Map<string, string[]>();
  for (const [schema, table, column] of rows) {
    const name = `${schema}.${table}`;
    found.set(name, [...(found.get(name) ?? []), String(column)]);
  }
  return found;
}

/** `sales_order` or `public.sales_order`, quoted. */
function splitName(name: string): string {
  const at = name.indexOf('.');
  return at < 0 ? `"public".${quoted(name)}` : `${quoted(name.slice(0, at))}.${quoted(name.slice(at + 1))}`;
}

/** Its application could not update or delete rows of a published table without one (PostgreSQL documentation, section 31.1). */
async function expectIdentity(session: OwnSession, table: string): Promise<void> {
  const { rows } = await session.query(
    `SELECT c.relreplident = 'f' OR EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid
       AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END)
     FROM pg_class c WHERE c.oid = ${literal(table)}::regclass`,
  );
  if (rows[0]?.[0] !== 't')
    throw postgresError(
      'MORTISE_POSTGRES_IDENTITY',
      `The table ${table} has neither a primary key nor another replica identity.`,
    );
}
