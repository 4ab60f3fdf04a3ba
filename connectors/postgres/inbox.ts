// The table mortise_inbox in the other application's database: what was done, by delivery id, in the same transaction.

import { Unavailable } from '@mortise/sdk';
import type { Database, Session, TransactionOptions } from './client.ts';
import { lacksTable } from './failures.ts';

/** Old delivery ids are dropped every so many writes, so many at most: no transaction takes long for it. */
const writesPerSweep = 500;
const sweepRowsMax = 1000;

/** Two that make the table at the same time would trip over each other. The number only has to be the same everywhere. */
const creationLock = 6_072_026;

const createTable =
  'CREATE TABLE IF NOT EXISTS mortise_inbox (delivery_id text PRIMARY KEY, at timestamptz NOT NULL, reply text)';
const createIndex = 'CREATE INDEX IF NOT EXISTS mortise_inbox_at ON mortise_inbox (at)';
const enterInbox = 'INSERT INTO mortise_inbox (delivery_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING';
const sweepInbox =
  'DELETE FROM mortise_inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM mortise_inbox WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))';

export interface Entry {
  readonly deliveryId: string;
  readonly nowMs: number;
  readonly keepMs: number;
}

export class Inbox {
  readonly #database: Database;
  #writes = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes the table, and drops old ids, in transactions of their own: what follows may be undone. */
  async prepare({ nowMs, keepMs }: Entry, options: TransactionOptions): Promise<void> {
    if (this.#writes % writesPerSweep === 0) {
      await this.#database.transact(create, options);
      const old = [new Date(nowMs - keepMs).toISOString(), String(sweepRowsMax)];
      await this.#database.transact(async (session) => session.query(sweepInbox, old), options);
    }
    this.#writes++;
  }

  /** Notes the delivery id; false where it is there already, or comes to be there while this waits for another attempt. */
  async enter(session: Session, { deliveryId, nowMs }: Entry): Promise<boolean> {
    try {
      const { count } = await session.query(enterInbox, [deliveryId, new Date(nowMs).toISOString()]);
      return count > 0;
    } catch (error) {
      if (!lacksTable(error)) throw error;
      this.#writes = 0;
      throw new Unavailable('The table mortise_inbox is gone; the next attempt makes it anew.', { cause: error });
    }
  }

  async keepReply(session: Session, deliveryId: string, reply: string): Promise<void> {
    await session.query('UPDATE mortise_inbox SET reply = $2 WHERE delivery_id = $1', [deliveryId, reply]);
  }

  async replyOf(session: Session, deliveryId: string): Promise<string | null> {
    const { rows } = await session.query('SELECT reply FROM mortise_inbox WHERE delivery_id = $1', [deliveryId]);
    return rows[0]?.[0] ?? null;
  }
}

async function create(session: Session): Promise<void> {
  const { rows } = await session.query("SELECT to_regclass('mortise_inbox')");
  if (rows[0]?.[0]) return;
  await session.query(`SELECT pg_advisory_xact_lock(${creationLock})`);
  await session.query(createTable);
  await session.query(createIndex);
}
