// How a database's outbounds are declared: rows that are inserted, updated and deleted by a key, with an inbox. The same words for every database.

import { defineOutbound } from './connector.ts';
import { field } from './field.ts';
import type { Fields } from './field.ts';

const column = field.text({ doc: 'A column.' });

/** A template would put the message's data into the statement, where it could become a part of it. */
export const statementWithoutTemplates = {
  pattern: /^(?![\s\S]*\$\{)/,
  expected: 'SQL with named parameters such as :id, and no ${…}',
} as const;

/** Fields that a database's connector has in several places. */
export const rowFields = {
  table: { table: field.text({ doc: 'The table.', example: 'sales_order' }) },
  column,
  statement: {
    statement: field.text({
      doc: 'One SQL statement with named parameters, and no templates.',
      ...statementWithoutTemplates,
      example: 'SELECT * FROM customer WHERE id = :id',
    }),
    parameters: field.record(field.expression({ doc: 'The value of the parameter.' }), {
      doc: "The statement's parameters by name. Without it: the body's properties.",
      optional: true,
      example: { id: 'customer.id' },
    }),
  },
  inbox: {
    inbox: field.boolean({
      doc: 'Whether the delivery id is written to the table mortise_inbox in the same transaction, so that a repeat has no second effect.',
      default: true,
    }),
    inboxKeep: field.duration({ doc: 'How long delivery ids are kept.', default: '30d' }),
  },
  rows: {
    one: field.boolean({ doc: 'Whether the reply is the first row, or null where there is none.', default: false }),
    rowsMax: field.integer({ doc: 'More rows are refused.', default: 10_000, minimum: 1, maximum: 1_000_000 }),
  },
};

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

const missing = (byDefault: 'reject' | 'ignore') => ({
  missing: field.choice(['reject', 'ignore'], {
    doc: 'What it means that no row has the key: the message is wrong, or there is nothing to do.',
    default: byDefault,
  }),
});

/** With the inbox a repeat has no second effect. */
export function repeatsByInbox(options: Readonly<Record<string, unknown>>): 'safe' | 'unsafe' {
  return options['inbox'] === false ? 'unsafe' : 'safe';
}

/** The outbounds insert, upsert, update, delete and execute: with the fields that name a table of this database, and what each has beside them. */
export function rowOutbounds<const Table extends Fields, const More extends Fields>(table: Table, more: More) {
  const { inbox, statement } = rowFields;
  const effect = { takes: 'value', replies: false, repeats: repeatsByInbox } as const;
  return {
    insert: defineOutbound({
      doc: 'Inserts a row, or one for each element where the body is a list.',
      ...effect,
      options: { ...table, ...columns, ...inbox, ...more },
    }),
    upsert: defineOutbound({
      doc: 'Inserts a row, or updates the one that has the key.',
      ...effect,
      options: { ...table, ...key, ...columns, ...inbox, ...more },
    }),
    update: defineOutbound({
      doc: 'Updates the row that has the key.',
      ...effect,
      options: { ...table, ...key, ...columns, ...missing('reject'), ...inbox, ...more },
    }),
    delete: defineOutbound({
      doc: 'Deletes the row that has the key.',
      ...effect,
      options: { ...table, ...key, ...missing('ignore'), ...inbox, ...more },
    }),
    execute: defineOutbound({ doc: 'Executes a statement.', ...effect, options: { ...statement, ...inbox, ...more } }),
  };
}
