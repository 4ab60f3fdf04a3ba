// Error codes of types: what cannot be right in a mapping, as its models tell.

import { defineErrors } from '@mortise/sdk';

export const typeError = defineErrors({
  MORTISE_TYPE_UNKNOWN_FIELD: {
    actor: 'author',
    cause: 'An expression reads a field that its input never has: the model of the input knows all fields, and not this one.',
    remedy: 'Correct the name, or add the field to the model.',
  },
  MORTISE_TYPE_MISFIT: {
    actor: 'author',
    cause: 'What a mapping gives never fits the model that it meets next.',
    remedy: 'Change the mapping so that it gives what the model expects, or change the model.',
  },
  MORTISE_TYPE_MAY_NOT_FIT: {
    actor: 'author',
    cause: 'What a mapping gives does not fit the model that it meets next for some of the inputs that its own model allows.',
    remedy: 'Say in the mapping what is to be given then, or make the model of the input stricter, or the other one wider.',
  },
  MORTISE_TYPE_NEVER_TRUE: {
    actor: 'author',
    cause: 'A comparison never holds: its sides are never of one kind, or have no value in common.',
    remedy: 'Compare with a value that the field can have, or remove the condition.',
  },
});
