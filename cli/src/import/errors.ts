// Error codes of imports: descriptions that cannot be read at all. What is merely wrong in one is told as a warning.

import { defineErrors } from '@mortise/sdk';

export const importError = defineErrors({
  MORTISE_IMPORT_UNREADABLE: {
    actor: 'other system',
    cause: 'The description is neither JSON nor YAML, or holds more than a description may.',
    remedy: 'Look at the place that is named; ask its author for one that is valid.',
  },
  MORTISE_IMPORT_UNKNOWN: {
    actor: 'operator',
    cause: 'The file is no description in OpenAPI 3.0 or 3.1.',
    remedy: 'Name an OpenAPI description; one in Swagger 2.0 is to be converted to OpenAPI 3 first.',
  },
  MORTISE_IMPORT_FETCH: {
    actor: 'operator',
    cause: 'The description could not be fetched.',
    remedy: 'Look at the address; or fetch the file yourself, and name it.',
  },
});
