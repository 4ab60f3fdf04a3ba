// Errors that say: no attempt was made, so none is counted.

import { Unavailable } from '@mortise/sdk';

/** Where a system is left alone until a time (its breaker is open): that time. */
export function leftAloneUntilMs(error: unknown): number | undefined {
  const untilMs = error instanceof Unavailable ? error.details['untilMs'] : undefined;
  return typeof untilMs === 'number' ? untilMs : undefined;
}

/** Whether a system stands still: it is paused, or in its maintenance window. */
export function standsStill(error: unknown): boolean {
  return error instanceof Unavailable && error.details['standsStill'] === true;
}

export function wasNotMade(error: unknown): boolean {
  return standsStill(error) || leftAloneUntilMs(error) !== undefined;
}
