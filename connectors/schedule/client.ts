// Cron patterns, read by croner.

import { Cron } from 'croner';
import { scheduleError } from './errors.ts';
import type { Runs } from './runs.ts';

/** The runs of a cron pattern. Throws MORTISE_SCHEDULE_CRON or MORTISE_SCHEDULE_ZONE. */
export function cronRuns(pattern: string, zone: string): Runs {
  checkZone(zone);
  const cron = read(pattern, zone);
  const next = (afterMs: number) => cron.nextRun(new Date(afterMs))?.getTime();
  if (next(Date.UTC(2000)) === undefined) {
    throw scheduleError('MORTISE_SCHEDULE_CRON', `The cron pattern "${pattern}" names a time that never comes.`);
  }
  return {
    next,
    between(afterMs, untilMs, countMax) {
      const runs: number[] = [];
      for (let run = next(afterMs); run !== undefined && run <= untilMs; run = next(run)) {
        if (runs.length === countMax) return latest(cron, untilMs, countMax);
        runs.push(run);
      }
      return runs;
    },
  };
}

function read(pattern: string, zone: string): Cron {
  try {
    const cron = new Cron(pattern, { timezone: zone, mode: '5-or-6-parts', paused: true });
    // croner takes a date and time as well, which would fire once.
    if (cron.getOnce() === null) return cron;
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw scheduleError('MORTISE_SCHEDULE_CRON', `The cron pattern "${pattern}" cannot be read: ${said}`, { cause: error });
  }
  throw scheduleError('MORTISE_SCHEDULE_CRON', `"${pattern}" is a date, not a cron pattern.`);
}

function checkZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (error) {
    throw scheduleError('MORTISE_SCHEDULE_ZONE', `The time zone "${zone}" is not known.`, { cause: error });
  }
}

/** Counted backwards, so that a long time away costs no more than a short one. croner leaves the reference itself out. */
function latest(cron: Cron, untilMs: number, countMax: number): readonly number[] {
  const runs = cron.previousRuns(countMax, new Date(untilMs + 1));
  return runs.map((run) => run.getTime()).toReversed();
}
