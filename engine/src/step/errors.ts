// Error codes of steps: what can go wrong while a message runs through a flow.

import { defineErrors } from '@mortise/sdk';

export const stepError = defineErrors({
  MORTISE_STEP_EXPRESSION_FAILED: {
    actor: 'author',
    cause: 'An expression failed on this message.',
    remedy: 'Try the expression on the message that is shown, mend it, then retry the dead letter.',
  },
  MORTISE_STEP_EXPRESSION_NOTHING: {
    actor: 'author',
    cause: 'An expression gave nothing where a value is needed.',
    remedy: 'Give a default for data that may be absent, or filter such messages out before.',
  },
  MORTISE_STEP_WRONG_TYPE: {
    actor: 'author',
    cause: 'An expression gave a value of a type that does not fit here.',
    remedy: 'Convert the value in the expression, for instance with $string or $number.',
  },
  MORTISE_STEP_NO_BRANCH: {
    actor: 'author',
    cause: 'No branch of a route matched the message, and the route has no else.',
    remedy: 'Add a branch for such messages, or an "else: true" that says what becomes of them.',
  },
  MORTISE_STEP_INVALID: {
    actor: 'other system',
    cause: 'The message does not fit its model.',
    remedy: 'Look at the paths that are named; mend the data at its origin, the mapping, or the model.',
  },
  MORTISE_STEP_SCRIPT_FAILED: {
    actor: 'author',
    cause: "The project's own function threw an error.",
    remedy: 'Mend the function, then retry the dead letter.',
  },
  MORTISE_STEP_UNKNOWN_ENTRY: {
    actor: 'author',
    cause: 'The message was held behind a step that the flow does not have any more.',
    remedy: 'Bring the step back under its old id and retry, or discard the message.',
  },
  MORTISE_STEP_LATE: {
    actor: 'operator',
    cause: 'The message came when its group had gone on, and the step says "late: dead".',
    remedy: 'Discard it, or mend the data where it belongs; look at why it came so late, and give the group more time.',
  },
  MORTISE_STEP_BODY_NOT_VALUE: {
    actor: 'author',
    cause: 'The step needs a value, and the body of the message is bytes.',
    remedy: 'Name a format where the flow receives, so that the bytes become a value.',
  },
});
