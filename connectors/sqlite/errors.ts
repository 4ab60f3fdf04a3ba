// What can be wrong with an inbound before the database is asked.

import { defineErrors } from '@mortise/sdk';

export const sqliteError = defineErrors({
  MORTISE_SQLITE_CURSOR: {
    actor: 'author',
    cause:
      'Table, watermark or key of an inbound were changed after rows were read: how far it has read means nothing for the new ones.',
    remedy: 'Give the inbound another name, and with "start" the watermark from which it is to read.',
  },
});
