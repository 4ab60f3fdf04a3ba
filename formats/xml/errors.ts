// The error codes of the xml format's own.

import { defineErrors } from '@mortise/sdk';

export const xmlError = defineErrors({
  MORTISE_XML_OPTIONS: {
    actor: 'author',
    cause: 'A name or a namespace in the options of the xml format cannot be one.',
    remedy: 'Mend the option that the message names.',
  },
  MORTISE_XML_SCHEMA: {
    actor: 'author',
    cause: 'The XML Schema cannot be used: it is no schema, or something that it includes is not in the project.',
    remedy: 'Mend the schema; put the files that it includes or imports beside it into the project.',
  },
  MORTISE_XML_INVALID: {
    actor: 'other system',
    cause: 'The document is XML, and not what its schema says.',
    remedy: 'Look at the element that the message names; ask the sender to mend it, or mend the schema.',
  },
});
