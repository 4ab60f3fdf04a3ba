// The times at which a schedule fires, and which of them get a message.

import { formatDuration } from '@mortise/sdk';
import { scheduleError } from './errors.ts';

/** Shorter intervals would be a load test: every message is a commit. */
const intervalMsMin = 100;

/** The times of a schedule, in milliseconds since 1970. */
export interface Runs {
  /** The first one later than `afterMs`. */
  next(afterMs: number): number | undefined;
  /** Those later than `afterMs` and not later than `untilMs`, in order; of more than `countMax` the latest. */
  between(afterMs: number, untilMs: number, countMax: number): readonly number[];
}

/** One message: the run that it is for, and how many runs before it get no message of their own. */
export interface Firing {
  readonly scheduledMs: number;
  readonly missed: number;
}

/** Runs `intervalMs` apart: multiples of it since 1970 where `align`, else counted from the run before. */
export function intervalRuns(intervalMs: number, align: boolean): Runs {
  if (intervalMs < intervalMsMin) {
    throw scheduleError(
      'MORTISE_SCHEDULE_INTERVAL',
      `The interval ${formatDuration(intervalMs)} is shorter than ${intervalMsMin}ms.`,
    );
  }
  const next = (afterMs: number) => (align ? Math.floor(afterMs / intervalMs) * intervalMs : afterMs) + intervalMs;
  return {
    next,
    between(afterMs, untilMs, countMax) {
      const firstMs = next(afterMs);
      const count = Math.max(0, Math.floor((untilMs - firstMs) / intervalMs) + 1);
      const skipped = Math.max(0, count - countMax);
      return Array.from({ length: count - skipped }, (_, index) => firstMs + (skipped + index) * intervalMs);
    },
  };
}

/** What is made of the runs that are due. A run is missed where it fell due before `openedMs`, or waited behind another. */
export function firings(due: readonly number[], missed: 'skip' | 'once' | 'all', openedMs: number): readonly Firing[] {
  if (missed === 'all') return due.map((scheduledMs) => ({ scheduledMs, missed: 0 }));
  const scheduledMs = due.at(-1);
  if (scheduledMs === undefined || (missed === 'skip' && scheduledMs <= openedMs)) return [];
  return [{ scheduledMs, missed: missed === 'skip' ? 0 : due.length - 1 }];
}
