// The times of schedules: cron patterns through both changes of the clock, intervals, and what is made of missed runs.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronRuns } from './client.ts';
import { firings, intervalRuns } from './runs.ts';
import type { Runs } from './runs.ts';

const at = (text: string) => Date.parse(text);
const iso = (runs: readonly number[]) => runs.map((run) => new Date(run).toISOString().replace(':00.000Z', 'Z'));
const between = (runs: Runs, from: string, until: string, countMax = 100) => iso(runs.between(at(from), at(until), countMax));

describe('a cron pattern in Europe/Berlin, when summer time begins (02:00 becomes 03:00)', () => {
  const [from, until] = ['2026-03-28T12:00Z', '2026-03-30T12:00Z'];

  it('comes once a day, at the end of the gap where its time does not exist', () => {
    expect(between(cronRuns('30 2 * * *', 'Europe/Berlin'), from, until)).toEqual(['2026-03-29T01:00Z', '2026-03-30T00:30Z']);
  });

  it('comes every hour that there is', () => {
    const hours = between(cronRuns('30 0-5 * * *', 'Europe/Berlin'), '2026-03-28T23:00Z', '2026-03-29T04:00Z');
    expect(hours).toEqual([
      '2026-03-28T23:30Z',
      '2026-03-29T00:30Z',
      '2026-03-29T01:30Z',
      '2026-03-29T02:30Z',
      '2026-03-29T03:30Z',
    ]);
  });
});

describe('a cron pattern in Europe/Berlin, when summer time ends (03:00 becomes 02:00)', () => {
  it('comes once a day, the first time that its time is there', () => {
    const days = between(cronRuns('30 2 * * *', 'Europe/Berlin'), '2026-10-24T12:00Z', '2026-10-26T12:00Z');
    expect(days).toEqual(['2026-10-25T00:30Z', '2026-10-26T01:30Z']);
  });

  it('comes every hour, the doubled one twice', () => {
    const hours = between(cronRuns('30 * * * *', 'Europe/Berlin'), '2026-10-24T23:00Z', '2026-10-25T03:00Z');
    expect(hours).toEqual(['2026-10-24T23:30Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z']);
  });
});

describe('a cron pattern', () => {
  it('may have seconds in front', () => {
    expect(cronRuns('*/20 * * * * *', 'UTC').between(0, 60_000, 9)).toEqual([20_000, 40_000, 60_000]);
  });

  it.each([
    ['61 * * * *', 'Invalid value for minute: 61'],
    ['* * * *', "invalid configuration format ('* * * *')"],
    ['* * * * * * *', '7 parts'],
    ['every day', 'every day'],
    ['0 0 31 2 *', 'never comes'],
    ['2026-01-01T00:00:00', 'is a date'],
  ])('"%s" is refused', (pattern, said) => {
    expect(() => cronRuns(pattern, 'UTC')).toThrow(
      expect.objectContaining({ code: 'MORTISE_SCHEDULE_CRON', message: expect.stringContaining(said) }),
    );
  });

  it('in an unknown zone is refused', () => {
    const refused = { code: 'MORTISE_SCHEDULE_ZONE', message: 'The time zone "Europe/Nowhere" is not known.' };
    expect(() => cronRuns('* * * * *', 'Europe/Nowhere')).toThrow(expect.objectContaining(refused));
  });
});

describe('an interval', () => {
  it('counts from the run before', () => {
    expect(intervalRuns(400, false).between(1100, 2000, 9)).toEqual([1500, 1900]);
  });

  it('is aligned where that is asked for', () => {
    expect(intervalRuns(400, true).between(1100, 2000, 9)).toEqual([1200, 1600, 2000]);
    expect(intervalRuns(400, true).next(1200)).toBe(1600);
  });

  it('that is too short is refused', () => {
    const refused = { code: 'MORTISE_SCHEDULE_INTERVAL', message: 'The interval 99ms is shorter than 100ms.' };
    expect(() => intervalRuns(99, false)).toThrow(expect.objectContaining(refused));
  });
});

describe('runs', () => {
  const schedules: readonly Runs[] = [
    cronRuns('*/7 * * * *', 'Europe/Berlin'),
    cronRuns('30 2 * * *', 'Europe/Berlin'),
    cronRuns('15,45 1-3 * * *', 'Europe/Berlin'),
    cronRuns('0 0 1 * *', 'America/New_York'),
    intervalRuns(600_000, true),
    intervalRuns(613_000, false),
  ];
  const dayMs = 86_400_000;
  // Around both changes of the clock of 2026, where the two ways of counting could differ.
  const anyStart = fc
    .tuple(fc.constantFrom('2026-03-28T00:00Z', '2026-10-24T00:00Z', '2026-07-01T00:00Z'), fc.integer({ min: 0, max: 2 * dayMs }))
    .map(([day, offset]) => at(day) + offset);
  const anyCase = {
    schedule: fc.constantFrom(...schedules),
    fromMs: anyStart,
    spanMs: fc.integer({ min: -1000, max: 2 * dayMs }),
    countMax: fc.integer({ min: 1, max: 40 }),
  };

  it('between two times are those that "next" gives one by one, of too many the latest', () => {
    fc.assert(
      fc.property(fc.record(anyCase), ({ schedule, fromMs, spanMs, countMax }) => {
        const oneByOne: number[] = [];
        for (let run = schedule.next(fromMs); run !== undefined && run <= fromMs + spanMs; run = schedule.next(run))
          oneByOne.push(run);
        expect(schedule.between(fromMs, fromMs + spanMs, countMax)).toEqual(oneByOne.slice(-countMax));
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is made of the runs that are due', () => {
  it('once: the last one, which says how many it stands for', () => {
    expect(firings([1, 2, 3], 'once', 2)).toEqual([{ scheduledMs: 3, missed: 2 }]);
    expect(firings([3], 'once', 2)).toEqual([{ scheduledMs: 3, missed: 0 }]);
  });

  it('all: each', () => {
    expect(firings([1, 2], 'all', 5)).toEqual([
      { scheduledMs: 1, missed: 0 },
      { scheduledMs: 2, missed: 0 },
    ]);
  });

  it('skip: none from before the start', () => {
    expect(firings([1, 2], 'skip', 2)).toEqual([]);
    expect(firings([1, 3], 'skip', 2)).toEqual([{ scheduledMs: 3, missed: 0 }]);
  });

  it('nothing where nothing is due', () => {
    for (const missed of ['once', 'all', 'skip'] as const) expect(firings([], missed, 0)).toEqual([]);
  });
});
