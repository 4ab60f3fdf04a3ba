// The binary format: a body is its bytes.

import { defineFormat } from '@mortise/sdk';

export default defineFormat({
  name: 'binary',
  doc: 'Any bytes: a body passes as it is.',
  contentType: 'application/octet-stream',
  records: 'one',
  options: {},
});
