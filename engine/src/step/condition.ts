// The truth of a condition.

import { stepError } from './errors.ts';

/** True, false, or nothing (false). Anything else is a slip that must not pass for an answer. */
export function holds(value: unknown, text: string): boolean {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return false;
  throw stepError('MORTISE_STEP_WRONG_TYPE', `"${text}" gave ${JSON.stringify(value).slice(0, 100)}; expected true or false.`, {
    remedy: 'Compare the value with something, or wrap it in $boolean(…) or $exists(…).',
  });
}
