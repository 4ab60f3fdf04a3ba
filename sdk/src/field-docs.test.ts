// The option tables: every field has its row, those within groups and lists of groups too.

import { describe, expect, it } from 'vitest';
import { optionTable } from './field-docs.ts';
import { field } from './field.ts';

const rows = (table: string): string[] => table.split('\n').slice(2);
const names = (table: string): (string | undefined)[] => rows(table).map((row) => /^\| `([^`]+)`/.exec(row)?.[1]);

describe('a table of options', () => {
  it('says so where there are none', () => expect(optionTable({})).toBe('No options.'));

  it('has a row for each, with what it takes and whether it must be given', () => {
    const table = optionTable({
      host: field.text({ doc: 'The host.' }),
      port: field.integer({ doc: 'The port.', default: 22, minimum: 1, maximum: 65535 }),
      mode: field.choice(['a', 'b'], { doc: 'One | the other.', default: 'a' }),
      idle: field.duration({ doc: 'How long.', optional: true }),
    });
    expect(table.split('\n')).toEqual([
      '| option | takes | default | what it is for |',
      '|---|---|---|---|',
      '| `host` | text | **required** | The host. |',
      '| `port` | a whole number from 1 to 65535 | `22` | The port. |',
      '| `mode` | one of a, b | `a` | One \\| the other. |',
      '| `idle` | a duration such as 250ms, 5s, 15m, 7d | none | How long. |',
    ]);
  });

  it('shows the fields of groups, and of groups in lists, at any depth', () => {
    const deep = field.group({ unit: field.text({ doc: 'A unit.' }) }, { doc: 'A measure.' });
    const column = field.group(
      { name: field.text({ doc: 'A name.' }), measures: field.list(deep, { doc: 'Measures.', optional: true }) },
      { doc: 'A column.' },
    );
    const table = optionTable({
      tls: field.group({ ca: field.text({ doc: 'The authority.' }) }, { doc: 'TLS.', optional: true }),
      columns: field.list(column, { doc: 'The columns.' }),
      rows: field.list(field.list(deep, { doc: 'A row.' }), { doc: 'The rows.', optional: true }),
      tags: field.list(field.text({ doc: 'A tag.' }), { doc: 'Tags.', optional: true }),
    });
    expect(names(table)).toEqual([
      'tls',
      'tls.ca',
      'columns',
      'columns[].name',
      'columns[].measures',
      'columns[].measures[].unit',
      'rows',
      'rows[][].unit',
      'tags',
    ]);
    expect(rows(table)[2]).toBe('| `columns` | a list of groups | **required** | The columns. |');
    expect(rows(table).at(-1)).toBe('| `tags` | a list, each text | none | Tags. |');
  });
});
