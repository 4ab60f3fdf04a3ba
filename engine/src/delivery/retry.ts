// When a failed delivery is tried again.

import type { DurationRange } from '@mortise/sdk';

export interface RetryPolicy {
  /** From the first failed attempt on. */
  readonly forMs: number;
  readonly backoff: DurationRange;
}

/** The pause before attempt `attempts + 1`: doubling from the first to the longest, with jitter of up to a quarter less. */
export function pauseMs({ backoff }: RetryPolicy, attempts: number, random: () => number): number {
  const full = Math.min(backoff.toMs, backoff.fromMs * 2 ** Math.min(attempts - 1, 40));
  return Math.round(full * (1 - 0.25 * random()));
}
