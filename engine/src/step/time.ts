// Evaluating to a point in time.

import { parseDuration } from '@mortise/sdk';
import type { Message } from '@mortise/sdk';
import { stepError } from './errors.ts';
import { evaluate } from './step.ts';
import type { Run, StepExpression } from './step.ts';

/** Evaluates to milliseconds since 1970: from such a number, or from RFC 3339 text. */
export function* timeOf(expression: StepExpression, message: Message): Run<number> {
  const value = yield* evaluate(expression, message);
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  const hint =
    typeof value === 'string' && parseDuration(value) !== undefined ? ' For a duration write "expire: { after: … }".' : '';
  const found = JSON.stringify(value) ?? 'nothing';
  throw stepError(
    'MORTISE_STEP_WRONG_TYPE',
    `"${expression.text}" gave ${found}; expected a time (RFC 3339 or milliseconds).${hint}`,
  );
}
