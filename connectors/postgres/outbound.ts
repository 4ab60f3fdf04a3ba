// The outbounds of the postgres connector: each makes commands of a message, and runs them in one transaction with the inbox.

import { implementOutbounds, Rejected } from '@mortise/sdk';
import type { Clock, Outbound, OutboundContext, OutboundOptionsOf, Receipt, SendContext } from '@mortise/sdk';
import { Database } from './client.ts';
import type { Connection, Rows, Session, TransactionOptions } from './client.ts';
import connector from './connector.ts';
import { sqlStateOf } from './failures.ts';
import { Inbox } from './inbox.ts';
import type { Entry } from './inbox.ts';
import { executions } from './parameters.ts';
import { inserts, remove, rowsOf, trialOf, update, upsert } from './statements.ts';
import type { Command } from './statements.ts';
import { recordsOf } from './values.ts';

type Context = OutboundContext<Connection>;
type CallOptions = OutboundOptionsOf<typeof connector, 'call'>;

interface WriteOptions {
  readonly inbox: boolean;
  readonly inboxKeep: number;
  readonly statementTimeout: number;
}

/** Whether a value could not be read as the type of its column: class 22, and what a cast refuses. */
const valueStates = /^22|^42804$/;

export const outbounds = implementOutbounds(connector, {
  insert: async (context) => writer(context, (body, options) => inserts(rowsOf(body), options)),
  upsert: async (context) => writer(context, (body, options) => rowsOf(body).map((row) => upsert(row, options))),
  update: async (context) => writer(context, (body, options) => rowsOf(body).map((row) => update(row, options))),
  delete: async (context) => writer(context, (body, options) => rowsOf(body).map((row) => remove(row, options))),
  execute: async (context) => writer(context, (body, options) => executions(() => rowsOf(body), options)),
  call: async (context) => caller(context),
});

function writer<Options extends WriteOptions>(
  context: Context,
  commandsOf: (body: unknown, options: Options) => readonly Command[],
): Outbound<Options> {
  const database = new Database(context.connection);
  const inbox = new Inbox(database);
  return {
    async send({ body }, send) {
      const commands = commandsOf(body, send.options);
      const entry = entryOf(context.clock, send);
      const work = async (session: Session): Promise<Receipt> => {
        if (entry && !(await inbox.enter(session, entry))) return { detail: 'was done before' };
        let count = 0;
        for (const command of commands) count += (await run(session, command)).count;
        return { detail: `rows: ${count}` };
      };
      const options = { signal: send.signal, timeoutMs: send.options.statementTimeout };
      if (entry) await inbox.prepare(entry, options);
      return database.transact(work, options).catch((error: unknown) => explained(database, commands, options, error));
    },
    close: () => database.close(),
  };
}

function caller({ connection, clock }: Context): Outbound<CallOptions> {
  const database = new Database(connection);
  const inbox = new Inbox(database);
  return {
    async send({ body }, send) {
      const { options, signal, deliveryId } = send;
      const [command, ...more] = executions(() => rowsOf(Array.isArray(body) ? {} : body), options);
      if (!command || more.length > 0) throw new Rejected('The body is no mapping of parameters to values.');
      const entry = options.readOnly ? undefined : entryOf(clock, send);
      const work = async (session: Session) => {
        if (entry && !(await inbox.enter(session, entry)))
          return JSON.parse((await inbox.replyOf(session, deliveryId)) ?? 'null') as unknown;
        const reply = replyOf(await session.query(command.sql, command.values, options.rowsMax), options);
        if (entry) await inbox.keepReply(session, deliveryId, JSON.stringify(reply));
        return reply;
      };
      if (entry) await inbox.prepare(entry, { signal, timeoutMs: options.statementTimeout });
      const reply = await database.transact(work, { signal, timeoutMs: options.statementTimeout, readOnly: options.readOnly });
      return {
        detail: Array.isArray(reply) ? `rows: ${reply.length}` : `row: ${reply === null ? 'none' : 'one'}`,
        reply: { body: reply },
      };
    },
    close: () => database.close(),
  };
}

/** The rows, or the first of them. */
function replyOf(rows: Rows, { one }: CallOptions): unknown {
  const records = recordsOf(rows);
  return one ? (records[0] ?? null) : records;
}

function entryOf(clock: Clock, { options, deliveryId }: SendContext<WriteOptions>): Entry | undefined {
  return options.inbox ? { deliveryId, nowMs: clock.nowMs(), keepMs: options.inboxKeep } : undefined;
}

async function run(session: Session, { sql, values, missing }: Command): Promise<Rows> {
  const result = await session.query(sql, values);
  if (missing !== undefined && result.count === 0) throw new Rejected(missing);
  return result;
}

/** The server does not say which column a value does not fit: so it is asked, column by column, after everything is undone. */
async function explained(
  database: Database,
  commands: readonly Command[],
  options: TransactionOptions,
  error: unknown,
): Promise<never> {
  if (!(error instanceof Rejected) || error.details['column'] !== undefined || !valueStates.test(sqlStateOf(error) ?? ''))
    throw error;
  const column = await columnAtFault(database, commands, options).catch(() => undefined);
  if (column === undefined) throw error;
  throw new Rejected(`${error.message} (column ${column})`, { details: { ...error.details, column } });
}

async function columnAtFault(database: Database, commands: readonly Command[], options: TransactionOptions) {
  for (const { trial } of commands) {
    for (const row of trial?.rows ?? []) {
      for (const column of trial?.columns ?? []) {
        const { sql, values } = trialOf(trial?.table ?? '', row, column);
        const readable = await database
          .transact(async (session) => session.query(sql, values), { ...options, readOnly: true })
          .then(
            () => true,
            (error: unknown) => !valueStates.test(sqlStateOf(error) ?? ''),
          );
        if (!readable) return column;
      }
    }
  }
  return undefined;
}
