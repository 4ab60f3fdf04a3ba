// The outbounds of the sqlite connector: each makes commands of a message; the database runs them in one transaction.

import { implementOutbounds } from '@mortise/sdk';
import type { Clock, ConnectionValuesOf, Outbound, OutboundContext, Receipt } from '@mortise/sdk';
import connector from './connector.ts';
import { Database } from './database.ts';
import type { Command, Write } from './protocol.ts';
import { recordsOf } from './records.ts';
import { insert, own, parametersOf, remove, rowsOf, update, upsert } from './statements.ts';
import type { Row } from './statements.ts';

type Context = OutboundContext<ConnectionValuesOf<typeof connector>>;

interface InboxOptions {
  readonly inbox: boolean;
  readonly inboxKeep: number;
}

interface StatementOptions {
  readonly statement: string;
  readonly parameters?: Row;
}

export const outbounds = implementOutbounds(connector, {
  insert: async (context) =>
    writer(context, (body, { table, columns }) => rowsOf(body).map((row) => insert(table, row, columns))),
  upsert: async (context) =>
    writer(context, (body, { table, key, columns }) => rowsOf(body).map((row) => upsert(table, row, key, columns))),
  update: async (context) =>
    writer(context, (body, { table, key, columns, missing }) =>
      rowsOf(body).map((row) => update(table, row, key, missing, columns)),
    ),
  delete: async (context) =>
    writer(context, (body, { table, key, missing }) => rowsOf(body).map((row) => remove(table, row, key, missing))),
  execute: async (context) => writer<StatementOptions & InboxOptions>(context, executions),
  query: async (context) => {
    const database = new Database(context.connection, 'read');
    return {
      async send({ body }, { options, signal }) {
        const [command] = executions(Array.isArray(body) ? {} : body, options);
        if (!command) return {};
        const rows = recordsOf(await database.read({ command, rowsMax: options.rowsMax }, signal));
        return { detail: `rows: ${rows.length}`, reply: { body: options.one ? (rows[0] ?? null) : rows } };
      },
      close: () => database.close(),
    };
  },
});

function writer<Options extends InboxOptions>(
  context: Context,
  commandsOf: (body: unknown, options: Options) => readonly Command[],
): Outbound<Options> {
  const database = new Database(context.connection, 'write');
  return {
    async send({ body }, { options, deliveryId, signal }): Promise<Receipt> {
      const write: Write = { commands: commandsOf(body, options), ...inboxOf(context.clock, deliveryId, options) };
      const { changes, repeated } = await database.write(write, signal);
      return { detail: repeated ? 'was done before' : `rows: ${changes}` };
    },
    close: () => database.close(),
  };
}

function inboxOf(clock: Clock, deliveryId: string, { inbox, inboxKeep }: InboxOptions): Pick<Write, 'inbox'> {
  if (!inbox) return {};
  const at = (ms: number) => new Date(ms).toISOString();
  return { inbox: { deliveryId, at: at(clock.nowMs()), dropBefore: at(clock.nowMs() - inboxKeep) } };
}

/** Once for each element of a list, unless the statement takes nothing from the body. */
function executions(body: unknown, { statement, parameters }: StatementOptions): readonly Command[] {
  if (parameters) return [own(statement, parameters)];
  return parametersOf(statement).length === 0 ? [own(statement, {})] : rowsOf(body).map((row) => own(statement, row));
}
