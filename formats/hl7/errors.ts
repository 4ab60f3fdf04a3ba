// The error codes of the hl7 format's own.

import { defineErrors } from '@mortise/sdk';

export const hl7Error = defineErrors({
  MORTISE_HL7_COUNT: {
    actor: 'other system',
    cause: 'The trailer of a batch or file says another number than came: of messages in BTS-1, of batches in FTS-1.',
    remedy: 'Ask the sender whether something was lost; the messages that came were read.',
  },
});
