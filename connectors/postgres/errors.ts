// What is wrong with an inbound that no further attempt mends.

import { defineErrors } from '@mortise/sdk';

export const postgresError = defineErrors({
  MORTISE_POSTGRES_CURSOR: {
    actor: 'author',
    cause: 'The options or the database of an inbound were changed after it had read: how far it has read means nothing there.',
    remedy: 'Give the inbound another name, and with its options say where it is to begin.',
  },
});
