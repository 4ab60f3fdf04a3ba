// The inbound `listen`: what is sent by NOTIFY while it is connected; with a statement, the rows that it gives for each.

import { Rejected } from '@mortise/sdk';
import type { Inbound, InboundContextOf, Incoming } from '@mortise/sdk';
import { Database } from './client.ts';
import type { Session } from './client.ts';
import type connector from './connector.ts';
import { openListener } from './listener.ts';
import type { Listener } from './listener.ts';
import { own } from './parameters.ts';
import { recordsOf } from './values.ts';

type Context = InboundContextOf<typeof connector, 'listen'>;

/** How long one poll waits for something to come; then it looks whether it is to stop. */
const waitMs = 100;
/** The statement gives no more rows than this for one notification. */
const rowsMax = 10_000;

export async function openListen(context: Context): Promise<Inbound> {
  const { connection, options } = context;
  const database = new Database(connection);
  let listener: Listener | undefined;
  return {
    async poll() {
      if (!listener || listener.lost) listener = await reopened(listener, context);
      await listener.wait(waitMs, context);
      const payloads = listener.peek(options.batch);
      if (payloads.length === 0) return 'more';
      const incoming = await incomingOf(payloads, database, context);
      if (incoming.length > 0) await context.accept(incoming);
      listener.done(payloads.length);
      warnOfDropped(listener, context);
      return 'more';
    },
    async close() {
      await listener?.close();
      await database.close();
    },
  };
}

/** What waits is taken first: it came while the connection stood. */
async function reopened(before: Listener | undefined, { connection, options, signal, log }: Context): Promise<Listener> {
  if (before) {
    log.warn(
      { channel: options.notifyChannel, reason: before.lost?.message },
      'The connection was lost: what was sent since is lost too.',
    );
    await before.close();
  }
  return openListener(connection, options.notifyChannel, signal);
}

async function incomingOf(payloads: readonly string[], database: Database, context: Context): Promise<Incoming[]> {
  const { options, log } = context;
  if (options.statement === undefined) return payloads.map((payload) => ({ body: { channel: options.notifyChannel, payload } }));
  const incoming: Incoming[] = [];
  for (const payload of payloads) {
    try {
      incoming.push(...(await rowsFor(payload, options.statement, database, context)));
    } catch (error) {
      // It would fail again and again, and keep up those behind it.
      if (!(error instanceof Rejected)) throw error;
      log.error(
        { channel: options.notifyChannel, reason: error.message },
        'A notification is dropped: the statement cannot be asked for it.',
      );
    }
  }
  return incoming;
}

async function rowsFor(
  payload: string,
  statement: string,
  database: Database,
  { options, signal }: Context,
): Promise<Incoming[]> {
  const { sql, values } = own(statement, { payload });
  const ask = async (session: Session) => session.query(sql, values, rowsMax);
  const rows = await database.transact(ask, { signal, timeoutMs: options.statementTimeout, readOnly: true });
  return recordsOf(rows).map((body) => ({ body }));
}

function warnOfDropped(listener: Listener, { options, log }: Context): void {
  const dropped = listener.dropped();
  if (dropped > 0)
    log.error(
      { channel: options.notifyChannel, dropped },
      'Notifications were dropped: they came faster than they were accepted.',
    );
}
