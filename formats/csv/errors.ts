// The error codes of the csv format's own.

import { defineErrors } from '@mortise/sdk';

export const csvError = defineErrors({
  MORTISE_CSV_DIALECT: {
    actor: 'author',
    cause: 'The options of the csv format contradict each other.',
    remedy: 'Mend the options that the message names.',
  },
});
