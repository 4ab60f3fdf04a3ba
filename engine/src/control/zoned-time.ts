// Times as people write them: RFC 3339, a date, or a date with a time of day where they live.

import { Type } from './schema.ts';
import { controlError } from './errors.ts';
import { dates, zonedDay } from './zoned-day.ts';

export const When = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}.*)?$',
  maxLength: 40,
  description:
    'RFC 3339; or a date, as 2026-11-23, or a time without an offset, as 2026-11-23T13:00, in the zone. A date as an end is its last moment.',
});
export const Zone = Type.String({ maxLength: 60, description: 'A time zone, as Europe/Berlin; UTC where absent.' });

interface WrittenSpan {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly zone?: string | undefined;
}

/** In milliseconds since 1970; both ends belong to it. Throws MORTISE_CONTROL_REQUEST. */
export function spanOf({ since, until, zone = 'UTC' }: WrittenSpan): { readonly sinceMs?: number; readonly untilMs?: number } {
  return {
    ...(since === undefined ? {} : { sinceMs: timeOf(since, zone).firstMs }),
    ...(until === undefined ? {} : { untilMs: timeOf(until, zone).lastMs }),
  };
}

function timeOf(text: string, zone: string): { readonly firstMs: number; readonly lastMs: number } {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const { fromMs, untilMs } = zonedDay(text, zone);
    return { firstMs: fromMs, lastMs: untilMs - 1 };
  }
  const hasOffset = /(Z|[+-]\d{2}:\d{2})$/i.test(text);
  const timeMs = hasOffset ? Date.parse(text) : localTime(text, zone);
  if (Number.isNaN(timeMs))
    throw controlError('MORTISE_CONTROL_REQUEST', `"${text}" is no time; expected one as 2026-11-23T13:00:00Z or 2026-11-23.`);
  return { firstMs: timeMs, lastMs: timeMs };
}

/** A time that a change of clocks leaves out is one that follows; of one that comes twice the first is meant. */
function localTime(text: string, zone: string): number {
  dates(zone);
  const asUtcMs = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(asUtcMs)) return asUtcMs;
  const offsets = [-86_400_000, 86_400_000].map((differenceMs) => offsetMs(asUtcMs + differenceMs, zone));
  const fitting = offsets.map((offset) => asUtcMs - offset).filter((timeMs, i) => offsetMs(timeMs, zone) === offsets[i]);
  return fitting.length > 0 ? Math.min(...fitting) : asUtcMs - Math.min(...offsets);
}

/** How far the zone's clocks are ahead of UTC at that time. */
function offsetMs(timeMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(timeMs);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(timeMs / 1000) * 1000;
}
