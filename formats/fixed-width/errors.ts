// The error codes of the fixed-width format's own.

import { defineErrors } from '@mortise/sdk';

export const fixedWidthError = defineErrors({
  MORTISE_FIXED_WIDTH_LAYOUT: {
    actor: 'author',
    cause: 'The options of the fixed-width format describe no possible record.',
    remedy: 'Mend the field or option that the message names.',
  },
});
