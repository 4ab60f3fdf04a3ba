// The postgres connector: a PostgreSQL database that belongs to another application.

import {
  defineConnector,
  defineInbound,
  defineOutbound,
  field,
  repeatsByInbox,
  rowFields,
  rowOutbounds,
  statementWithoutTemplates,
} from '@mortise/sdk';

const { column, statement, inbox, rows } = rowFields;

const table = { ...rowFields.table, schema: field.text({ doc: "The table's schema.", default: 'public' }) };

const statementTimeout = {
  statementTimeout: field.duration({ doc: 'How long one statement may take; then the server ends it.', default: '30s' }),
};

const batch = {
  batch: field.integer({
    doc: 'How many are read at once, and committed together.',
    default: 500,
    minimum: 1,
    maximum: 10_000,
  }),
};

export default defineConnector({
  name: 'postgres',
  doc: "Reads, follows and writes another application's PostgreSQL database.",
  connection: {
    host: field.text({ doc: 'The server.', example: 'erp-db.example' }),
    port: field.integer({ doc: 'Its port.', default: 5432, minimum: 1, maximum: 65_535 }),
    database: field.text({ doc: 'The database.', example: 'erp' }),
    user: field.text({ doc: 'The user.', example: 'mortise' }),
    password: field.secret({ doc: "The user's password.", optional: true, example: 'secret:erp-db' }),
    tls: field.choice(['verify', 'unverified', 'off'], {
      doc: "Whether the connection is encrypted, and the server's certificate must be valid for the host.",
      default: 'verify',
    }),
    ca: field.path({
      doc: "A file of the certificate authorities that the server's certificate may come from (PEM). Without it: those that Node.js knows.",
      optional: true,
      example: '/etc/ssl/erp-ca.pem',
    }),
    applicationName: field.text({ doc: 'What the server shows this connection as.', default: 'mortise' }),
    connectTimeout: field.duration({ doc: 'How long connecting may take.', default: '10s' }),
    connections: field.integer({
      doc: 'How many connections an inbound or outbound may have at the same time.',
      default: 4,
      minimum: 1,
      maximum: 100,
    }),
  },
  inbounds: {
    query: defineInbound({
      doc: 'Reads the rows of a table that were inserted or updated since the last look, however late they were committed.',
      mode: 'polling',
      gives: 'value',
      every: '5s',
      options: {
        ...table,
        watermark: field.text({
          doc: 'The column that rows are read in the order of: a number given one after the other, or the time of the last change.',
          example: 'updated_at',
        }),
        key: field.list(column, {
          doc: 'Columns, never null, that tell rows with the same watermark apart: the primary key.',
          example: ['order_id'],
        }),
        start: field.text({
          doc: 'Rows with a watermark up to this one are left out. Without it: none.',
          optional: true,
          example: '2026-01-01',
        }),
        overlap: field.text({
          doc: "How far a row's watermark may lie behind the newest one that was read, as a number or an interval: what lies further behind is not looked at, which is quick where the watermark has an index. Without it: any row, and every look reads through the table.",
          optional: true,
          example: '1 hour',
        }),
        notifyChannel: field.text({
          doc: 'A NOTIFY on this channel makes it look at once.',
          optional: true,
          example: 'order_changed',
        }),
        ...batch,
        ...statementTimeout,
      },
    }),
    listen: defineInbound({
      doc: 'Takes what is sent by NOTIFY while it is connected.',
      mode: 'polling',
      gives: 'value',
      every: '1s',
      options: {
        notifyChannel: field.text({ doc: 'The channel of NOTIFY.', example: 'order_changed' }),
        statement: field.text({
          doc: 'One SQL statement that is asked at every notification, with :payload; each of its rows is a message.',
          ...statementWithoutTemplates,
          optional: true,
          example: 'SELECT * FROM sales_order WHERE order_id = :payload',
        }),
        ...batch,
        ...statementTimeout,
      },
    }),
    changes: defineInbound({
      doc: 'Follows the inserts, updates, deletes and truncates of tables by logical replication.',
      mode: 'polling',
      gives: 'value',
      every: '1s',
      options: {
        slot: field.text({
          doc: 'The replication slot, which keeps the position on the server. It is made where there is none.',
          pattern: /^[a-z0-9_]{1,63}$/,
          expected: '1 to 63 small letters, digits and _',
          example: 'mortise_orders',
        }),
        publication: field.text({
          doc: 'The publication, which names the tables. It is made where there is none and "tables" are given.',
          example: 'mortise_orders',
        }),
        tables: field.list(field.text({ doc: 'A table, as "name" or "schema.name".' }), {
          doc: 'The tables of a publication that is to be made.',
          optional: true,
          example: ['public.sales_order'],
        }),
        copy: field.boolean({
          doc: 'Whether the rows that are there when the slot is made come first, each as a message with the operation "copy".',
          default: true,
        }),
        ...batch,
      },
    }),
  },
  outbounds: {
    ...rowOutbounds(table, statementTimeout),
    call: defineOutbound({
      doc: 'Executes a statement for `call`: the reply is a list of the rows that it gives.',
      takes: 'value',
      replies: true,
      repeats: (options) => (options['readOnly'] === false ? repeatsByInbox(options) : 'safe'),
      options: {
        ...statement,
        readOnly: field.boolean({
          doc: 'Whether the statement may only read. Where it may write, its reply is kept in the inbox, and a repeat gets it again.',
          default: true,
        }),
        ...rows,
        ...inbox,
        ...statementTimeout,
      },
    }),
  },
});
