// The error codes of the x12 format's own.

import { defineErrors } from '@mortise/sdk';

export const x12Error = defineErrors({
  MORTISE_X12_SET: {
    actor: 'other system',
    cause: 'A transaction set is there, but it is not what its definition says, or its counts and numbers contradict each other.',
    remedy:
      'Look at the findings; ask the sender to mend the document, or name in "noted" what should not cost a transaction set.',
  },
  MORTISE_X12_ENVELOPE: {
    actor: 'other system',
    cause: 'The segments around the transaction sets contradict each other or are not complete.',
    remedy: 'Look at the findings; ask the sender to send the interchange again.',
  },
  MORTISE_X12_DEFINITION: {
    actor: 'author',
    cause: 'A file of definitions, or the overlay of a partner, cannot be used.',
    remedy: 'Mend the place in the file that the message names.',
  },
});
