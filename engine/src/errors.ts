// Error codes of the engine's start and reload.

import { defineErrors } from '@mortise/sdk';

export const startError = defineErrors({
  MORTISE_ENGINE_PROJECT_BROKEN: {
    actor: 'author',
    cause: 'The project has errors; it was not started, or the one that runs was kept.',
    remedy: 'Run "mortise check" and mend what it names.',
  },
  MORTISE_ENGINE_ORPHANS: {
    actor: 'author',
    cause: 'The change takes away a step under which messages are held.',
    remedy: 'Keep the step under its id until they have gone on, or discard them first.',
  },
});
