// Error codes of the crash test of a project.

import { defineErrors } from '@mortise/sdk';

export const proveError = defineErrors({
  MORTISE_PROVE_NOTHING: {
    actor: 'author',
    cause: 'A project was to be proven, and there is no message to prove it on.',
    remedy: 'Write a test into tests/NAME.yaml, or give messages that "mortise export" wrote with --messages FILE.',
  },
  MORTISE_PROVE_MESSAGES: {
    actor: 'operator',
    cause: 'A file of messages is not what "mortise export" writes.',
    remedy: 'Export the messages again; of a message whose body was lost, take the line out.',
  },
  MORTISE_PROVE_ENDED: {
    actor: 'author',
    cause: 'The engine that was to be killed ended by itself.',
    remedy: "Look at what it said last; code of the project's own that ends the process does so in earnest too.",
  },
});
