// Maintenance windows: when a system wants to be left alone, by cron pattern, length and time zone.

import { Cron } from 'croner';

/** One window that comes again and again. It begins when the pattern says so in its zone, and lasts so long by any clock. */
export interface MaintenanceDefinition {
  readonly cron: string;
  readonly forMs: number;
  readonly zone: string;
}

export interface Window {
  readonly startMs: number;
  readonly untilMs: number;
}

/** Windows that touch are told as one; so many at most, since some patterns never leave a gap. */
const mergedMax = 100;

/** The window that is open at that time, or the next one; undefined where none comes. */
export function windowAt(definitions: readonly MaintenanceDefinition[], nowMs: number): Window | undefined {
  let found: Window | undefined;
  for (let merged = 0; merged < mergedMax; merged++) {
    const larger = earliest(definitions, found ?? { startMs: nowMs, untilMs: nowMs }, found !== undefined);
    if (!larger) break;
    found = larger;
  }
  return found;
}

/** Why the pattern or the zone cannot be read; undefined where they can. */
export function maintenanceFault({ cron, zone }: Pick<MaintenanceDefinition, 'cron' | 'zone'>): MaintenanceFault | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    return { of: 'zone', message: `The time zone "${zone}" is not known.`, remedy: 'Write it as Europe/Berlin, or UTC.' };
  }
  const remedy = 'Write it as "0 2 * * SUN": minute, hour, day of the month, month, day of the week.';
  try {
    const read = cronOf(cron, zone);
    if (read.getOnce() === null && read.nextRun(new Date(Date.UTC(2000))) !== null) return undefined;
    return { of: 'cron', message: `The cron pattern "${cron}" names a time that never comes again.`, remedy };
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return { of: 'cron', message: `The cron pattern "${cron}" cannot be read: ${said}`, remedy };
  }
}

export interface MaintenanceFault {
  readonly of: 'cron' | 'zone';
  readonly message: string;
  readonly remedy: string;
}

/** The earliest window that is not over; or, to merge, the one that makes this one longer. */
function earliest(definitions: readonly MaintenanceDefinition[], from: Window, isMerging: boolean): Window | undefined {
  const windows = definitions.flatMap((definition) => {
    const startMs = startAfter(definition, from.untilMs - definition.forMs);
    return startMs === undefined ? [] : [{ startMs, untilMs: startMs + definition.forMs }];
  });
  const [first] = windows.toSorted((a, b) => a.startMs - b.startMs);
  if (!isMerging || !first) return first;
  return first.startMs <= from.untilMs ? { startMs: Math.min(from.startMs, first.startMs), untilMs: first.untilMs } : undefined;
}

function startAfter({ cron, zone }: MaintenanceDefinition, afterMs: number): number | undefined {
  return cronOf(cron, zone).nextRun(new Date(afterMs))?.getTime();
}

function cronOf(pattern: string, zone: string): Cron {
  return new Cron(pattern, { timezone: zone, mode: '5-part', paused: true });
}
