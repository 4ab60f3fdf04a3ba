// The zip format: entries of an archive, each read and written by another format.

import { defineFormat, field, innerFormat } from '@mortise/sdk';

export default defineFormat({
  name: 'zip',
  doc: 'Zip archives: each entry is read and written by the format that its name tells.',
  contentType: 'application/zip',
  records: 'many',
  options: {
    entries: field.list(
      field.group(
        {
          name: field.text({
            doc: 'The name with its folders; "*" stands for anything but "/", "**" for anything.',
            example: '*.csv',
          }),
          format: innerFormat({ doc: 'The format of the entry.', example: 'csv' }),
        },
        { doc: 'Entries of one kind.' },
      ),
      { doc: 'Which entries are read, and how: the first name that fits counts.' },
    ),
    others: field.choice(['refuse', 'skip'], { doc: 'What becomes of an entry that no name fits.', default: 'refuse' }),
    each: field.choice(['entry', 'record'], {
      doc: 'What is a record: a whole entry with all that is in it, or each record in it.',
      default: 'entry',
    }),
    level: field.integer({ doc: 'How hard to compress: 1 is fast, 9 is small.', default: 6, minimum: 1, maximum: 9 }),
    entryBytesMax: field.size({ doc: 'How many bytes an entry may have where it is one record.', default: '64MiB' }),
    entriesMax: field.integer({ doc: 'How many entries an archive may have.', default: 10_000, minimum: 1, maximum: 1_000_000 }),
    bytesMax: field.size({ doc: 'How many bytes all entries may expand to.', default: '4GiB' }),
    ratioMax: field.integer({
      doc: 'How many bytes may come of one byte, on average, beyond the first mebibyte.',
      default: 200,
      minimum: 1,
      maximum: 1100,
    }),
  },
  schema: () => ({
    type: 'object',
    properties: { name: { type: 'string' }, content: {} },
    required: ['name', 'content'],
    additionalProperties: false,
  }),
});
