// The error codes of the copybook format's own.

import { defineErrors } from '@mortise/sdk';

export const copybookError = defineErrors({
  MORTISE_COPYBOOK_SYNTAX: {
    actor: 'author',
    cause: 'The copybook is no COBOL data description, or has something in it that is not understood.',
    remedy: 'Mend the copybook at the line that the message names, or say how its columns are meant.',
  },
  MORTISE_COPYBOOK_LAYOUT: {
    actor: 'author',
    cause: 'The copybook and the options of the format describe no possible record.',
    remedy: 'Mend the field or option that the message names.',
  },
  MORTISE_COPYBOOK_TOTAL: {
    actor: 'other system',
    cause: 'A trailer says another count or sum than the records before it have.',
    remedy: 'Ask the sender whether records are missing; look for records that could not be read.',
  },
});
