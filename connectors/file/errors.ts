// What can go wrong with the folder that is read.

import { defineErrors } from '@mortise/sdk';

export const fileError = defineErrors({
  MORTISE_FILE_FOLDER: {
    actor: 'operator',
    cause: 'The folder is missing, is none, or may not be read and written.',
    remedy: 'Make the folder, mount the share, or give the account that Mortise runs under the right to read and write it.',
  },
  MORTISE_FILE_CHANGED: {
    actor: 'other system',
    cause: 'The file was changed while it was read; nothing of it was accepted.',
    remedy:
      'Nothing, if it passes: it is read again. Else raise "settle", or let the writer write under another name and rename.',
  },
});
