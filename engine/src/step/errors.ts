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
  MORTISE_STEP_UNDECLARED: {
    actor: 'author',
    cause: 'An expression chose a name that the step does not declare.',
    remedy: 'Declare the name under "of", or mend the expression; then retry the dead letter.',
  },
  MORTISE_STEP_NO_RECIPIENT: {
    actor: 'author',
    cause: 'The expression of a recipient list gave no name for this message.',
    remedy: 'Mend the expression or the data, or say with "onEmpty" what becomes of such messages.',
  },
  MORTISE_STEP_TOO_LARGE: {
    actor: 'author',
    cause: 'A body that is read as a stream is too long to become one value.',
    remedy: 'Take its records one by one, with "split: { each: { format: … } }".',
  },
  MORTISE_STEP_INVALID: {
    actor: 'other system',
    cause: 'The message does not fit its model.',
    remedy: 'Look at the paths that are named; mend the data at its origin, the mapping, or the model.',
  },
  MORTISE_STEP_XREF_MISS: {
    actor: 'author',
    cause: 'A value that an expression looked up does not stand in the table.',
    remedy: 'Add it to the table and retry the dead letter, or give $xref a fifth argument: what it gives then.',
  },
  MORTISE_STEP_XREF_UNKNOWN: {
    actor: 'author',
    cause: 'An expression looked up in a table or a column that the project does not have.',
    remedy: 'Correct the name, or add the table or the column.',
  },
  MORTISE_STEP_XREF_AMBIGUOUS: {
    actor: 'author',
    cause: 'A value that an expression looked up stands in several rows of the table.',
    remedy: 'Leave one of the rows, or look up by a column whose values are different.',
  },
  MORTISE_STEP_SCRIPT_FAILED: {
    actor: 'author',
    cause: "The project's own function threw an error.",
    remedy: 'Mend the function, then retry the dead letter.',
  },
  MORTISE_STEP_SCRIPT_LATE: {
    actor: 'author',
    cause: 'A script in the sandbox computed for longer than it may.',
    remedy: 'Mend a loop that does not end, or give the script a longer "timeout"; then retry the dead letter.',
  },
  MORTISE_STEP_SCRIPT_MEMORY: {
    actor: 'author',
    cause: 'A script in the sandbox needed more memory than it may have.',
    remedy: 'Let the script hold less at a time, or give it more "memory"; then retry the dead letter.',
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
