// The fixed-width format: records of fields that stand at fixed places.

import { characterEncodingNames, defineFormat, ebcdicEncodingNames, field } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';

export default defineFormat({
  name: 'fixed-width',
  doc: 'Records whose fields stand at fixed places, in lines or one behind the other, as older systems write them.',
  contentType: 'text/plain',
  records: 'many',
  options: {
    fields: field.list(
      field.group(
        {
          name: field.text({ doc: 'The name of the property.' }),
          at: field.integer({
            doc: 'The place of its first character, from 1; behind the field before it where absent.',
            optional: true,
            minimum: 1,
            maximum: 1_000_000,
          }),
          width: field.integer({ doc: 'How many characters it has.', minimum: 1, maximum: 1_000_000 }),
          type: field.choice(['text', 'integer', 'decimal', 'date'], { doc: 'What it holds.', default: 'text' }),
          align: field.choice(['left', 'right'], {
            doc: 'Where the content stands: numbers right and all others left where absent.',
            optional: true,
          }),
          pad: field.text({
            doc: 'What fills the rest: zeros for numbers and spaces for all others where absent.',
            optional: true,
            pattern: /^[\x20-\x7e]$/,
            expected: 'one printable ASCII character',
          }),
          scale: field.integer({
            doc: 'Of a decimal: how many of its digits are behind a point that is not written; where absent, the point is written.',
            optional: true,
            minimum: 0,
            maximum: 40,
          }),
          pattern: field.text({ doc: 'Of a date: how it is written, in YYYY, MM and DD.', default: 'YYYYMMDD' }),
          required: field.boolean({ doc: 'Whether it may not be empty.', default: false }),
        },
        { doc: 'One field.' },
      ),
      { doc: 'The fields of a record, in any order.' },
    ),
    recordLength: field.integer({
      doc: 'How many characters a record has; up to the end of the last field where absent.',
      optional: true,
      minimum: 1,
      maximum: 1_000_000,
    }),
    newline: field.choice(['lf', 'crlf', 'none'], {
      doc: 'How records end when written; LF and CRLF are both read. "none": records follow each other without any end.',
      default: 'lf',
    }),
    encoding: field.choice([...characterEncodingNames, ...ebcdicEncodingNames], {
      doc: 'The character encoding. Widths count characters. Without line ends it has to be one with as many bytes for each; EBCDIC is read and written without line ends only.',
      default: 'utf-8',
    }),
    short: field.choice(['refuse', 'pad'], {
      doc: 'What becomes of a record that is too short: a problem, or taken as if spaces followed (trailing spaces were cut off).',
      default: 'refuse',
    }),
    irregular: field.choice(['drop', 'keep'], {
      doc: 'Whether what would be written otherwise than it was read (paddings, signs, places that no field has) is kept in "#irregular" of its record, and written again.',
      default: 'drop',
    }),
    headerRecords: field.integer({
      doc: 'How many records at the beginning are skipped.',
      default: 0,
      minimum: 0,
      maximum: 1000,
    }),
    trailerRecords: field.integer({ doc: 'How many records at the end are skipped.', default: 0, minimum: 0, maximum: 1000 }),
  },
  schema: ({ fields, irregular }) => ({
    type: 'object',
    properties: {
      ...Object.fromEntries(fields.map((one) => [one.name, fieldSchema(one)])),
      ...(irregular === 'keep' ? { '#irregular': irregularSchema } : {}),
    },
    required: fields.map(({ name }) => name),
    additionalProperties: false,
  }),
});

export interface FieldOptions {
  readonly name: string;
  readonly at?: number;
  readonly width: number;
  readonly type: 'text' | 'integer' | 'decimal' | 'date';
  readonly align?: 'left' | 'right';
  readonly pad?: string;
  readonly scale?: number;
  readonly pattern: string;
  readonly required: boolean;
}

/** Integers of up to 15 digits are always numbers. */
const exactDigitsMax = 15;

const irregularSchema: JsonSchema = {
  type: 'object',
  description: 'What is written otherwise than it would be: texts by the name of their field, or the place of a gap.',
  additionalProperties: { type: 'string' },
};

const digits: JsonSchema = { type: 'string', pattern: '^-?[0-9]+$' };

function fieldSchema({ type, width, required }: FieldOptions): JsonSchema {
  if (type === 'text') return { type: 'string', ...(required ? { minLength: 1 } : {}), maxLength: width };
  const schema = {
    integer: width <= exactDigitsMax ? { type: 'integer' } : { anyOf: [{ type: 'integer' }, digits] },
    decimal: { type: 'string', pattern: '^-?[0-9]+([.][0-9]+)?$' },
    date: { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
  }[type];
  return required ? schema : { anyOf: [schema, { type: 'null' }] };
}
