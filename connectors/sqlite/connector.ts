// The sqlite connector: a database file that belongs to another application.

import { defineConnector, defineInbound, defineOutbound, field, rowFields, rowOutbounds } from '@mortise/sdk';

const { table, column, statement, rows } = rowFields;

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
    ...rowOutbounds(table, {}),
    query: defineOutbound({
      doc: 'Asks for rows, for `call`: the reply is a list of them. It cannot change anything.',
      takes: 'value',
      replies: true,
      repeats: 'safe',
      options: { ...statement, ...rows },
    }),
  },
});
