// The multipart format: parts of one body, each with headers and a format of its own.

import { defineFormat, field, innerFormat } from '@mortise/sdk';

export default defineFormat({
  name: 'multipart',
  doc: 'Multipart bodies (RFC 2046, RFC 7578): each part is a record, read and written by a format of its own.',
  contentType: 'multipart/form-data',
  contentTypeOf: ({ kind, boundary }) => `multipart/${kind}; boundary="${boundary ?? defaultBoundary}"`,
  records: 'many',
  options: {
    kind: field.choice(['form-data', 'mixed', 'related', 'alternative'], {
      doc: 'What the body is; the parts of form-data have names.',
      default: 'form-data',
    }),
    parts: field.list(
      field.group(
        {
          name: field.text({ doc: 'The name of the part; any where absent.', optional: true }),
          contentType: field.text({
            doc: 'The media type of the part, "*" for any characters; any where absent. A part without one is text/plain.',
            optional: true,
            example: 'text/*',
          }),
          format: innerFormat({ doc: 'The format of the part.', example: 'json' }),
        },
        { doc: 'Parts of one kind.' },
      ),
      { doc: 'How parts are read and written: the first that fits counts.' },
    ),
    boundary: field.text({
      doc: 'What stands between parts. Where absent, the first line tells it when read, and one of our own is written.',
      optional: true,
      pattern: /^[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]$/,
      expected: '1 to 70 characters that RFC 2046 allows in a boundary',
    }),
    partBytesMax: field.size({ doc: 'How many bytes a part may have, with its headers.', default: '64MiB' }),
    partsMax: field.integer({ doc: 'How many parts a body may have.', default: 1000, minimum: 1, maximum: 1_000_000 }),
  },
  schema: () => ({
    type: 'object',
    properties: {
      name: { type: 'string' },
      filename: { type: 'string' },
      disposition: { type: 'string' },
      contentType: { type: 'string' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      content: {},
    },
    required: ['content'],
    additionalProperties: false,
  }),
});

/** The same every time, so that the same values give the same bytes. */
export const defaultBoundary = '=_mortise.4f1d9b0c7ae24a53';
