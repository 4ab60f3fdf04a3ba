// Error codes of the catalog: connectors and formats that cannot be used.

import { defineErrors } from '@mortise/sdk';

export const catalogError = defineErrors({
  MORTISE_CATALOG_UNKNOWN: {
    actor: 'author',
    cause: 'No connector or format has this name.',
    remedy: 'Correct the name, or add the folder of the connector or format.',
  },
  MORTISE_CATALOG_BROKEN: {
    actor: 'mortise',
    cause: 'The code of a connector or format cannot be loaded, or does not declare what it should.',
    remedy: 'Mend the file that is named; where it is one of Mortise itself, install Mortise again.',
  },
});
