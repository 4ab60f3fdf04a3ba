// The copybook format: records as COBOL programs read and write them.

import { defineFormat } from '@mortise/sdk';
import { copybookOptions } from './options.ts';
import { schemaOf } from './schema.ts';

export default defineFormat({
  name: 'copybook',
  doc: 'Records of COBOL programs, on mainframes and elsewhere, laid out as a copybook says.',
  contentType: 'application/octet-stream',
  records: 'many',
  options: copybookOptions,
  schema: schemaOf,
});
