// Days begin where their zone says, also on the days on which clocks are moved.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zonedDay } from './zoned-day.ts';

const span = (day: string, zone: string) => {
  const { fromMs, untilMs } = zonedDay(day, zone);
  return [new Date(fromMs).toISOString().slice(0, 16), (untilMs - fromMs) / 3_600_000];
};

describe('a day', () => {
  it('begins at midnight of its zone', () => {
    expect(span('2026-11-23', 'UTC')).toEqual(['2026-11-23T00:00', 24]);
    expect(span('2026-11-23', 'Europe/Berlin')).toEqual(['2026-11-22T23:00', 24]);
    expect(span('2026-11-23', 'Asia/Kathmandu')).toEqual(['2026-11-22T18:15', 24]);
    expect(span('2026-11-23', 'Pacific/Kiritimati')).toEqual(['2026-11-22T10:00', 24]);
    expect(span('2026-11-23', 'Pacific/Pago_Pago')).toEqual(['2026-11-23T11:00', 24]);
  });

  it('is longer or shorter when clocks are moved', () => {
    expect(span('2026-03-29', 'Europe/Berlin')).toEqual(['2026-03-28T23:00', 23]);
    expect(span('2026-10-25', 'Europe/Berlin')).toEqual(['2026-10-24T22:00', 25]);
    expect(span('2026-10-04', 'Australia/Lord_Howe')[1]).toBe(23.5);
  });

  it('follows the one before without a gap', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Havana', 'America/Santiago', 'Asia/Tehran', 'Asia/Kathmandu');
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 9000 }), (zone, n) => {
        const day = (at: number) => new Date(at * 86_400_000 + 946_684_800_000).toISOString().slice(0, 10);
        const [one, two] = [zonedDay(day(n), zone), zonedDay(day(n + 1), zone)];
        return one.untilMs === two.fromMs && one.fromMs < one.untilMs;
      }),
      { numRuns: 300 },
    );
    expect(zonedDay('2024-02-29', 'UTC').untilMs).toBe(Date.UTC(2024, 2, 1));
  });

  it.each(['2026-02-30', 'yesterday', '2026-1-1', ''])('is not "%s"', (day) => {
    expect(() => zonedDay(day, 'UTC')).toThrow('is no day');
  });

  it('needs a zone that there is', () => {
    expect(() => zonedDay('2026-11-23', 'Europe/Nowhere')).toThrow('is no time zone');
  });
});
