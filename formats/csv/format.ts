// The CSV format: records of fields, separated by a delimiter, with or without a header line.

import { characterEncodingNames, defineFormat, field } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';

const name = field.text({ doc: 'The name of the column, as in the header line.' });

export default defineFormat({
  name: 'csv',
  doc: 'Comma-separated values (RFC 4180) and their relatives: any delimiter, quote, encoding and line end.',
  contentType: 'text/csv',
  records: 'many',
  options: {
    delimiter: field.text({
      doc: 'The one ASCII character between fields; "\\t" for a tab.',
      default: ',',
      pattern: /^[\t\x20-\x7e]$/,
      expected: 'one printable ASCII character, or a tab',
    }),
    quote: field.text({
      doc: 'The one ASCII character around fields that hold special ones; "" where there is none.',
      default: '"',
      pattern: /^[\x20-\x7e]?$/,
      expected: 'one printable ASCII character, or nothing',
    }),
    escape: field.text({
      doc: 'The one ASCII character before a quote inside quotes, where that is not the quote itself.',
      optional: true,
      pattern: /^[\x20-\x7e]$/,
      expected: 'one printable ASCII character',
    }),
    header: field.oneOf(
      [field.boolean({ doc: 'Whether there is a header line.' }), field.list(name, { doc: 'The names of the columns.' })],
      {
        doc: 'true: the first record names the columns. false: there is none. A list: there is none, and these are the names.',
        default: true,
      },
    ),
    columns: field.list(
      field.group(
        {
          name,
          type: field.choice(['text', 'integer', 'decimal', 'boolean', 'date'], { doc: 'What its fields are.', default: 'text' }),
          required: field.boolean({ doc: 'Whether a field may not be empty.', default: false }),
          pattern: field.text({ doc: 'Of a date: how it is written, in YYYY, MM and DD.', default: 'YYYY-MM-DD' }),
        },
        { doc: 'One column.' },
      ),
      {
        doc: 'The columns whose fields are checked and converted; the only ones that are written. All others are text.',
        optional: true,
      },
    ),
    decimalMark: field.choice(['.', ','], {
      doc: 'What stands between whole and fraction in columns of type decimal.',
      default: '.',
    }),
    nullText: field.text({ doc: 'The unquoted text that stands for null.', optional: true, example: 'NULL' }),
    trim: field.boolean({ doc: 'Whether spaces and tabs around fields are dropped, except inside quotes.', default: false }),
    encoding: field.choice(characterEncodingNames, {
      doc: 'The character encoding.',
      default: 'utf-8',
    }),
    bom: field.boolean({ doc: 'Whether a byte order mark is written; one that is read is always skipped.', default: false }),
    newline: field.choice(['lf', 'crlf'], { doc: 'How records end when written; LF, CRLF and CR are read.', default: 'crlf' }),
    formula: field.choice(['keep', 'escape'], {
      doc: 'What is written for a text that a spreadsheet would run as a formula: "escape" puts an apostrophe before it.',
      default: 'keep',
    }),
    recordBytesMax: field.size({ doc: 'How long a record may be when read.', default: '1MiB' }),
  },
  schema: schemaOf,
});

interface Layout {
  readonly header: boolean | readonly string[];
  readonly columns?: readonly ColumnOptions[];
  readonly nullText?: string;
}

export interface ColumnOptions {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'decimal' | 'boolean' | 'date';
  readonly required: boolean;
  readonly pattern: string;
}

/** Objects by column name, or arrays of fields where there are no names. */
function schemaOf({ header, columns = [], nullText }: Layout): JsonSchema {
  const text: JsonSchema = nullText === undefined ? { type: 'string' } : { type: ['string', 'null'] };
  if (header === false && columns.length === 0) return { type: 'array', items: text };
  const listed = typeof header === 'boolean' ? [] : header;
  const properties = Object.fromEntries([
    ...listed.map((column) => [column, text] as const),
    ...columns.map((column) => [column.name, columnSchema(column, text)] as const),
  ]);
  const certain =
    header === true ? columns.filter((column) => column.required).map((column) => column.name) : Object.keys(properties);
  return {
    type: 'object',
    properties,
    ...(certain.length > 0 ? { required: certain } : {}),
    additionalProperties: header === true ? text : false,
  };
}

function columnSchema({ type, required }: ColumnOptions, text: JsonSchema): JsonSchema {
  if (type === 'text') return required ? { type: 'string', minLength: 1 } : text;
  return required ? typeSchemas[type] : { anyOf: [typeSchemas[type], { type: 'null' }] };
}

const typeSchemas: Readonly<Record<Exclude<ColumnOptions['type'], 'text'>, JsonSchema>> = {
  integer: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^-?[0-9]+$' }] },
  decimal: { type: 'string', pattern: '^-?[0-9]+([.][0-9]+)?$' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
};
