// Maintenance windows: when they are open, over changes of summer time, and several at once.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowAt } from './maintenance.ts';

const hourMs = 3_600_000;
const at = (text: string): number => Date.parse(text);
const nightly = [{ cron: '30 2 * * *', forMs: 2 * hourMs, zone: 'Europe/Berlin' }];

function openAt(text: string, definitions = nightly): string {
  const window = windowAt(definitions, at(text));
  const isOpen = window !== undefined && window.startMs <= at(text);
  return window ? `${isOpen ? 'open until' : 'closed, next until'} ${new Date(window.untilMs).toISOString()}` : 'never';
}

describe('a window', () => {
  it.each([
    ['2026-06-01T00:29:59.999Z', 'closed, next until 2026-06-01T02:30:00.000Z'],
    ['2026-06-01T00:30:00.000Z', 'open until 2026-06-01T02:30:00.000Z'],
    ['2026-06-01T02:29:59.999Z', 'open until 2026-06-01T02:30:00.000Z'],
    ['2026-06-01T02:30:00.000Z', 'closed, next until 2026-06-02T02:30:00.000Z'],
  ])('at %s is %s', (time, expected) => expect(openAt(time)).toBe(expected));

  it('opens at the next time that there is, where summer time leaves its own out, and lasts as long as ever', () => {
    expect(openAt('2026-03-29T00:59:00Z')).toBe('closed, next until 2026-03-29T03:00:00.000Z');
    expect(openAt('2026-03-29T01:00:00Z')).toBe('open until 2026-03-29T03:00:00.000Z');
  });

  it('opens once, where the hour comes twice', () => {
    expect(openAt('2026-10-25T00:30:00Z')).toBe('open until 2026-10-25T02:30:00.000Z');
    expect(openAt('2026-10-25T02:29:00Z')).toBe('open until 2026-10-25T02:30:00.000Z');
    expect(openAt('2026-10-25T02:31:00Z')).toBe('closed, next until 2026-10-26T03:30:00.000Z');
  });

  it('that touches another is told as one with it', () => {
    const two = [
      { cron: '0 1 * * *', forMs: hourMs, zone: 'UTC' },
      { cron: '0 2 * * *', forMs: hourMs, zone: 'UTC' },
    ];
    expect(openAt('2026-06-01T01:30:00Z', two)).toBe('open until 2026-06-01T03:00:00.000Z');
  });

  it('is open exactly while less than its length has passed since its last start', () => {
    const day = at('2026-03-25T00:00:00Z');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 * 24 * 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
        (minute, hours, zone) => {
          const definition = { cron: '15 3 * * *', forMs: hours * hourMs, zone };
          const nowMs = day + minute * 60_000;
          const window = windowAt([definition], nowMs);
          const starts = startsFrom(definition, day - 2 * 24 * hourMs, nowMs);
          const isOpen = starts.some((startMs) => nowMs - startMs < definition.forMs);
          expect(window !== undefined && window.startMs <= nowMs).toBe(isOpen);
          expect(window?.untilMs).toBeGreaterThan(nowMs);
        },
      ),
      { numRuns: 50 },
    );
  });
});

/** The starts up to a time, found by windows that last a minute. */
function startsFrom({ cron, zone }: { cron: string; zone: string }, fromMs: number, untilMs: number): readonly number[] {
  const starts: number[] = [];
  for (let atMs = fromMs; atMs <= untilMs; ) {
    const window = windowAt([{ cron, zone, forMs: 60_000 }], atMs);
    if (!window || window.startMs > untilMs) break;
    starts.push(window.startMs);
    atMs = window.untilMs;
  }
  return starts;
}
