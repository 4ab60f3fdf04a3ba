// The sqlite connector: a database file that belongs to another application.

import { defineConnector, defineInbound, defineOutbound, field } from '@mortise/sdk';

const table = { table: field.text({ doc: 'The table.', example: 'sales_order' }) };

const column = field.text({ doc: 'A column.' });

const key = {
  key: field.list(column, {
    doc: 'The columns that tell which row it is; the body has a property of each name.',
    example: ['order_id'],
  }),
};

const columns = {
  columns: field.list(column, {
    doc: 'Which properties of the body are written, where it has them. Without it: all.',
    optional: true,
    example: ['order_id', 'total'],
  }),
};

const inbox = {
  inbox: field.boolean({
    doc: 'Whether the delivery id is written to the table mortise_inbox in the same transaction, so that a repeat has no second effect.',
    default: true,
  }),
  inboxKeep: field.duration({ doc: 'How long delivery ids are kept.', default: '30d' }),
};

const missing = (byDefault: 'reject' | 'ignore') => ({
  missing: field.choice(['reject', 'ignore'], {
    doc: 'What it means that no row has the key: the message is wrong, or there is nothing to do.',
    default: byDefault,
  }),
});

/** A template would put the message's data into the statement, where it could become a part of it. */
const withoutTemplates = /^(?![\s\S]*\$\{)/;

const statement = {
  statement: field.text({
    doc: 'One SQL statement with named parameters, and no templates.',
    pattern: withoutTemplates,
    expected: 'SQL with named parameters such as :id, and no ${…}',
    example: 'SELECT * FROM customer WHERE id = :id',
  }),
  parameters: field.record(field.expression({ doc: 'The value of the parameter.' }), {
    doc: "The statement's parameters by name. Without it: the body's properties.",
    optional: true,
    example: { id: 'customer.id' },
  }),
};

const repeats = (options: Readonly<Record<string, unknown>>) => (options['inbox'] === false ? 'unsafe' : 'safe');

export default defineConnector({
  name: 'sqlite',
  doc: "Reads and writes another application's SQLite database.",
  connection: {
    file: field.path({ doc: 'The database file.', example: '/srv/shop/shop.db' }),
    busyTimeout: field.duration({ doc: 'How long to wait while another program holds the lock.', default: '5s' }),
    create: field.boolean({ doc: 'Whether the file is made where it is missing.', default: false }),
  },
  inbounds: {
    rows: defineInbound({
      doc: 'Reads the rows of a table that are new since the last look, by a column that only grows.',
      mode: 'polling',
      gives: 'value',
      every: '5s',
      options: {
        ...table,
        watermark: field.text({
          doc: 'The column that grows: a number given one after the other, or the time of the last change.',
          example: 'updated_at',
        }),
        key: field.list(column, {
          doc: 'Columns, never null, that tell rows with the same watermark apart.',
          default: ['rowid'],
          example: ['order_id'],
        }),
        start: field.value({
          doc: 'Rows with a watermark up to this one are left out. Without it: none.',
          optional: true,
          example: 4711,
        }),
        batch: field.integer({
          doc: 'How many rows are read at once, and committed together.',
          default: 500,
          minimum: 1,
          maximum: 10_000,
        }),
      },
    }),
  },
  outbounds: {
    insert: defineOutbound({
      doc: 'Inserts a row, or one for each element where the body is a list.',
      takes: 'value',
      replies: false,
      repeats,
      options: { ...table, ...columns, ...inbox },
    }),
    upsert: defineOutbound({
      doc: 'Inserts a row, or updates the one that has the key.',
      takes: 'value',
      replies: false,
      repeats,
      options: { ...table, ...key, ...columns, ...inbox },
    }),
    update: defineOutbound({
      doc: 'Updates the row that has the key.',
      takes: 'value',
      replies: false,
      repeats,
      options: { ...table, ...key, ...columns, ...missing('reject'), ...inbox },
    }),
    delete: defineOutbound({
      doc: 'Deletes the row that has the key.',
      takes: 'value',
      replies: false,
      repeats,
      options: { ...table, ...key, ...missing('ignore'), ...inbox },
    }),
    execute: defineOutbound({
      doc: 'Executes a statement.',
      takes: 'value',
      replies: false,
      repeats,
      options: { ...statement, ...inbox },
    }),
    query: defineOutbound({
      doc: 'Asks for rows, for `call`: the reply is a list of them. It cannot change anything.',
      takes: 'value',
      replies: true,
      repeats: 'safe',
      options: {
        ...statement,
        one: field.boolean({ doc: 'Whether the reply is the first row, or null where there is none.', default: false }),
        rowsMax: field.integer({ doc: 'More rows are refused.', default: 10_000, minimum: 1, maximum: 1_000_000 }),
      },
    }),
  },
});
