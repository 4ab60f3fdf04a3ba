// Error codes of flows: what the checker finds in them, and what the engine says of one that is gone.

import { defineErrors } from '@mortise/sdk';

export const flowError = defineErrors({
  MORTISE_FLOW_OPTION: {
    actor: 'author',
    cause: 'An option of a flow or of a step is unknown, missing, or has a wrong value.',
    remedy: 'Write the option as the reference says.',
  },
  MORTISE_FLOW_UNKNOWN_STEP: {
    actor: 'author',
    cause: 'A step has a name that Mortise does not know.',
    remedy: 'Use one of the steps of the reference.',
  },
  MORTISE_FLOW_EXPRESSION: {
    actor: 'author',
    cause: 'An expression does not parse, or reads a variable that nothing binds.',
    remedy: 'Mend the expression at the position that is named.',
  },
  MORTISE_FLOW_UNKNOWN_NAME: {
    actor: 'author',
    cause: 'A flow names a system, an inbound, an outbound, a channel, a model, a format, a table or a file that does not exist.',
    remedy: 'Correct the name, or define what is missing.',
  },
  MORTISE_FLOW_TABLE_KEY: {
    actor: 'author',
    cause: 'A value stands more than once in the column of a table by which a flow looks up.',
    remedy: 'Leave one of the rows, or look up by a column whose values are different.',
  },
  MORTISE_FLOW_TARGET: {
    actor: 'author',
    cause: 'What stands where a flow receives or sends is no place for that.',
    remedy:
      'Write { channel: … } or { system: …, outbound: … }; a flow receives from { channel: … } or { system: …, inbound: … }.',
  },
  MORTISE_FLOW_TOO_LARGE: {
    actor: 'other system',
    cause: 'A message is longer than the project allows.',
    remedy: 'Raise limits.message in mortise.yaml if such messages are right; long bodies without a format cost no memory.',
  },
  MORTISE_FLOW_BODY: {
    actor: 'mortise',
    cause: 'A connector handed over a body of a kind that its declaration does not name.',
    remedy: 'Mend the connector: "gives" says whether bodies are bytes or values.',
  },
  MORTISE_FLOW_STEP: {
    actor: 'author',
    cause: 'A step is written in a way that cannot work.',
    remedy: 'Change it as the message says.',
  },
});
