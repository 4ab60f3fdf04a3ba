// The NDJSON format: one JSON value a line.

import { defineFormat, field } from '@mortise/sdk';

export default defineFormat({
  name: 'ndjson',
  doc: 'Newline-delimited JSON (also JSON Lines): every line is a record, and no digit of a number is lost.',
  contentType: 'application/x-ndjson',
  records: 'many',
  options: {
    numbers: field.choice(['exact', 'native'], {
      doc: 'What becomes of numbers that JavaScript would change: "exact" gives them as text with every digit, "native" rounds them.',
      default: 'exact',
    }),
    newline: field.choice(['lf', 'crlf'], { doc: 'How lines end when written; both are read.', default: 'lf' }),
    lineBytesMax: field.size({
      doc: 'How long a line may be; a longer one is a problem, and the ones behind it are read.',
      default: '16MiB',
    }),
    depthMax: field.integer({
      doc: 'How deep arrays and objects may be nested when read.',
      default: 512,
      minimum: 1,
      maximum: 2000,
    }),
  },
});
