// The gzip format: another format's bytes, compressed.

import { defineFormat, field, innerFormat } from '@mortise/sdk';

export default defineFormat({
  name: 'gzip',
  doc: 'Gzip (RFC 1952) around another format: what comes is expanded and read by it, what goes is written by it and compressed.',
  contentType: 'application/gzip',
  records: 'either',
  recordsOf: ({ of }) => of.records,
  options: {
    of: innerFormat({ doc: 'The format of what is compressed.', example: 'csv' }),
    level: field.integer({ doc: 'How hard to compress: 1 is fast, 9 is small.', default: 6, minimum: 1, maximum: 9 }),
    bytesMax: field.size({ doc: 'How many bytes a body may expand to.', default: '4GiB' }),
    ratioMax: field.integer({
      doc: 'How many bytes may come of one byte, on average, beyond the first mebibyte.',
      default: 200,
      minimum: 1,
      maximum: 1100,
    }),
  },
});
