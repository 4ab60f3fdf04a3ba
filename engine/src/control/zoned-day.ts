// A day where people live: from when to when it lasts in a time zone, in milliseconds since 1970.

import { periodMs } from '../store/store.ts';
import { controlError } from './errors.ts';

/** No zone is further from UTC than this. */
const furthestMs = 15 * 3_600_000;
const dayMs = 86_400_000;

export interface ZonedDay {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Throws MORTISE_CONTROL_REQUEST where there is no such day or no such zone. */
export function zonedDay(day: string, zone: string): ZonedDay {
  const utcMs = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(utcMs) || new Date(utcMs).toISOString().slice(0, 10) !== day)
    throw controlError('MORTISE_CONTROL_REQUEST', `"${day}" is no day; expected one as 2026-11-23.`);
  const dateAt = dates(zone);
  const next = new Date(utcMs + dayMs).toISOString().slice(0, 10);
  return { fromMs: beginning(day, utcMs, dateAt), untilMs: beginning(next, utcMs + dayMs, dateAt) };
}

/** Dates of a zone never go back, whatever its clocks do: so the first quarter of an hour with this one is found by halving. */
function beginning(day: string, utcMs: number, dateAt: (timeMs: number) => string): number {
  let [before, from] = [utcMs - furthestMs, utcMs + furthestMs];
  while (from - before > periodMs) {
    const middle = before + Math.floor((from - before) / (2 * periodMs)) * periodMs;
    if (dateAt(middle) < day) before = middle;
    else from = middle;
  }
  return from;
}

export function dates(zone: string): (timeMs: number) => string {
  try {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    return (timeMs) => format.format(timeMs);
  } catch {
    throw controlError('MORTISE_CONTROL_REQUEST', `"${zone}" is no time zone; expected one as Europe/Berlin.`);
  }
}
