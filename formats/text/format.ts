// The text format: a body is one text.

import { characterEncodingNames, defineFormat, ebcdicEncodingNames, field } from '@mortise/sdk';

export default defineFormat({
  name: 'text',
  doc: 'Plain text: a body is one text.',
  contentType: 'text/plain',
  records: 'one',
  options: {
    encoding: field.choice([...characterEncodingNames, ...ebcdicEncodingNames], {
      doc: 'The character encoding.',
      default: 'utf-8',
    }),
    newline: field.choice(['keep', 'lf', 'crlf'], {
      doc: 'Whether line ends stay as they are, or are read as LF and written as this.',
      default: 'keep',
    }),
    bom: field.boolean({ doc: 'Whether a byte order mark is written; one that is read is always skipped.', default: false }),
  },
  schema: () => ({ type: 'string' }),
});
