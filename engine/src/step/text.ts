// Evaluating to text: what keys, types and subjects are made of.

import type { Message } from '@mortise/sdk';
import { stepError } from './errors.ts';
import { evaluate } from './step.ts';
import type { Run, StepExpression } from './step.ts';

/** Evaluates to text; numbers and booleans are written out, anything else is an error. */
export function* textOf(expression: StepExpression, message: Message): Run<string> {
  const value = yield* evaluate(expression, message);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
  throw stepError('MORTISE_STEP_WRONG_TYPE', `"${expression.text.slice(0, 200)}" gave ${found}; expected text or a number.`);
}
