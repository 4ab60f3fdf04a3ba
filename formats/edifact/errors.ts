// The error codes of the edifact format's own.

import { defineErrors } from '@mortise/sdk';

export const edifactError = defineErrors({
  MORTISE_EDIFACT_ENVELOPE: {
    actor: 'other system',
    cause: 'The envelope is not right: a header or trailer is missing, or a count or a reference does not match.',
    remedy:
      'Look at the segment that the message names; something is missing, or is there twice. Ask the sender to send it again.',
  },
  MORTISE_EDIFACT_STRUCTURE: {
    actor: 'other system',
    cause: 'The segments of the message are not those of its definition, or not in its order.',
    remedy:
      'Look at the segment that the message names; ask the sender to mend it, or give the definition that is used in "directory".',
  },
  MORTISE_EDIFACT_DIRECTORY: {
    actor: 'author',
    cause: 'The definitions of messages cannot be used, or there is none for a message.',
    remedy:
      'Mend the file that the option "directory" names, put the files of its directory beside it, or take the shape "segments".',
  },
});
