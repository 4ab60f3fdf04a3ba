// The schedule connector: runs on a clock turned by hand, through restarts, missed runs and back-pressure.

import { Busy, Unavailable } from '@mortise/sdk';
import { connectorKit, manualClock, openInboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { InboundHarness, InboundStage, ManualClock } from '@mortise/sdk/testing';
import { describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { inbounds } from './inbound.ts';

const [minuteMs, hourMs] = [60_000, 3_600_000];
const noOtherSystem = 'there is no other system, only the clock';
const skip = {
  commitFirst: 'the clock is not acknowledged: the cursor rides in the commit',
  repeated: 'a time comes once',
  half: 'a time is not half there',
  down: noOtherSystem,
  badCredentials: noOtherSystem,
};

connectorKit({
  connector,
  folder: import.meta.dirname,
  inbounds,
  scenarios: {
    inbounds: {
      cron: { setUp: () => stage({ cron: '0 * * * *', missed: 'all' }), skip },
      interval: { setUp: () => stage({ interval: '1h', missed: 'all' }), skip },
    },
  },
});

describe('a message', () => {
  it('says when it was scheduled', async () => {
    const { inbound, turn } = await open('cron', { cron: '30 6 * * *', zone: 'Europe/Berlin' });
    await turn('2026-01-01T05:30:00.250Z');
    expect(inbound.accepted.messages).toEqual([
      {
        id: expect.any(String),
        type: 'schedule.fired',
        subject: 'cron',
        time: '2026-01-01T05:30:00.000Z',
        headers: { 'schedule-missed': '0' },
        body: { scheduled: '2026-01-01T05:30:00.000Z', missed: 0 },
      },
    ]);
    expect(inbound.accepted.commits.at(-1)).toMatchObject({
      key: '2026-01-01T05:30:00.000Z',
      cursor: '2026-01-01T05:30:00.000Z',
    });
    await inbound.close();
  });

  it('has the body that the options give', async () => {
    const { inbound, turn } = await open('interval', { interval: '1m', body: { report: 'daily' } });
    await turn('2026-01-01T00:01Z');
    expect(inbound.accepted.messages[0]?.body).toEqual({ report: 'daily' });
    await inbound.close();
  });

  it('does not come before its time', async () => {
    const { inbound, turn } = await open('cron', { cron: '0 6 * * *' });
    await turn('2026-01-01T05:59:59.999Z');
    expect(inbound.accepted.messages).toEqual([]);
    await turn('2026-01-01T06:00Z');
    expect(inbound.accepted.messages).toHaveLength(1);
    await inbound.close();
  });
});

describe('an interval', () => {
  it('keeps its beat through a restart', async () => {
    const { inbound, turn } = await open('interval', { interval: '10m' });
    await turn('2026-01-01T00:10Z', '2026-01-01T00:14Z');
    await inbound.restart();
    await turn('2026-01-01T00:20Z', '2026-01-01T00:30Z');
    expect(times(inbound)).toEqual(['00:10:00', '00:20:00', '00:30:00']);
    await inbound.close();
  });

  it('is aligned where that is asked for', async () => {
    const { inbound, turn } = await open('interval', { interval: '15m', align: true }, '2026-01-01T00:07Z');
    await turn('2026-01-01T00:15Z', '2026-01-01T00:30Z');
    expect(times(inbound)).toEqual(['00:15:00', '00:30:00']);
    await inbound.close();
  });
});

describe('runs that were missed while no engine ran', () => {
  const away = async (missed: string, more = {}) => {
    const opened = await open('cron', { cron: '0 * * * *', missed, ...more });
    await opened.turn('2026-01-01T01:00Z');
    await opened.inbound.closeInbound();
    opened.clock.advance(4 * hourMs + 30 * minuteMs);
    await opened.inbound.restart();
    await opened.idle();
    await opened.turn('2026-01-01T06:00Z');
    await opened.inbound.close();
    return opened.inbound;
  };

  it('give one message, which counts them', async () => {
    const inbound = await away('once');
    expect(times(inbound)).toEqual(['01:00:00', '05:00:00', '06:00:00']);
    expect(inbound.accepted.messages.map((message) => message.headers?.['schedule-missed'])).toEqual(['0', '3', '0']);
  });

  it('give one message each', async () => {
    expect(times(await away('all'))).toEqual(['01:00:00', '02:00:00', '03:00:00', '04:00:00', '05:00:00', '06:00:00']);
  });

  it('give the latest only, where there are more than are made up for', async () => {
    expect(times(await away('all', { missedMax: 2 }))).toEqual(['01:00:00', '04:00:00', '05:00:00', '06:00:00']);
  });

  it('give nothing', async () => {
    expect(times(await away('skip'))).toEqual(['01:00:00', '06:00:00']);
  });

  it('are known even before there was a first message', async () => {
    const { inbound, clock, idle } = await open('cron', { cron: '0 2 * * *' });
    await inbound.closeInbound();
    clock.advance(26 * hourMs);
    await inbound.restart();
    await idle();
    expect(inbound.accepted.messages.map((message) => message.body)).toEqual([
      { scheduled: '2026-01-02T02:00:00.000Z', missed: 1 },
    ]);
    await inbound.close();
  });
});

describe('a run that is not accepted', () => {
  it('comes again under the same key, as often as it takes', async () => {
    const { inbound, turn } = await open('cron', { cron: '0 * * * *' });
    inbound.accepted.failNext(new Unavailable('The engine stops.'), 2);
    await turn('2026-01-01T01:00:00Z', '2026-01-01T01:00:01Z');
    expect(times(inbound)).toEqual([]);
    await turn('2026-01-01T01:00:03Z');
    expect(times(inbound)).toEqual(['01:00:00']);
    expect(inbound.accepted.commits.at(-1)?.key).toBe('2026-01-01T01:00:00.000Z');
    expect(inbound.log.lines.map((line) => line.facts['failures'])).toEqual([1, 2]);
    await inbound.close();
  });

  it('comes again when the time that Busy named has passed', async () => {
    const { inbound, turn } = await open('cron', { cron: '0 * * * *' });
    inbound.accepted.failNext(new Busy('Too much.', 30_000));
    await turn('2026-01-01T01:00:00Z', '2026-01-01T01:00:29Z');
    expect(times(inbound)).toEqual([]);
    await turn('2026-01-01T01:00:30Z');
    expect(times(inbound)).toEqual(['01:00:00']);
    await inbound.close();
  });

  it('does not keep the inbound from closing', async () => {
    const { inbound, clock, turn } = await open('cron', { cron: '0 * * * *' });
    inbound.accepted.failNext(new Busy('Too much.', hourMs));
    await turn('2026-01-01T01:00Z');
    await inbound.close();
    expect(clock.pending).toBe(0);
  });
});

describe('the wall clock', () => {
  it('may be set forward while the inbound sleeps: the run comes within a minute', async () => {
    const { inbound, clock, idle } = await open('cron', { cron: '0 6 * * *' });
    let setForwardMs = 0;
    const skewed = { ...clock, nowMs: () => clock.nowMs() + setForwardMs };
    const other = await openInboundForTest({ connector, inbounds, name: 'cron', options: { cron: '0 6 * * *' }, clock: skewed });
    await waitUntil('both sleep', () => clock.pending === 2);
    setForwardMs = 6 * hourMs;
    clock.advance(minuteMs);
    await waitUntil('it came', () => other.accepted.messages.length === 1);
    expect(inbound.accepted.messages).toEqual([]);
    await idle();
    await Promise.all([inbound.close(), other.close()]);
  });

  it('may be set back over a restart: the schedule goes on, and says so', async () => {
    const { inbound, turn } = await open('interval', { interval: '10m' }, '2026-01-01T00:00Z', '2031-01-01T00:00:00.000Z');
    expect(inbound.log.lines).toMatchObject([{ level: 'warn', facts: { last: '2031-01-01T00:00:00.000Z' } }]);
    await turn('2026-01-01T00:10Z');
    expect(times(inbound)).toEqual(['00:10:00']);
    await inbound.close();
  });
});

describe('opening', () => {
  it.each([
    ['cron', { cron: 'often' }, 'MORTISE_SCHEDULE_CRON'],
    ['cron', { cron: '* * * * *', zone: 'Mars' }, 'MORTISE_SCHEDULE_ZONE'],
    ['interval', { interval: '0ms' }, 'MORTISE_SCHEDULE_INTERVAL'],
  ])('%s refuses %j', async (name, options, code) => {
    await expect(openInboundForTest({ connector, inbounds, name, options })).rejects.toMatchObject({ code });
  });
});

interface Opened {
  readonly inbound: InboundHarness;
  readonly clock: ManualClock;
  /** Resolves when the loop sleeps. */
  readonly idle: () => Promise<void>;
  /** Turns the clock to each of the times, and waits until the loop sleeps again. */
  readonly turn: (...to: string[]) => Promise<void>;
}

async function open(name: 'cron' | 'interval', options: unknown, start = '2026-01-01T00:00Z', last?: string): Promise<Opened> {
  const clock = manualClock(Date.parse(start));
  const idle = () => waitUntil('the loop sleeps', () => clock.pending > 0);
  const inbound = await openInboundForTest({ connector, inbounds, name, options, clock, ...(last ? { cursor: last } : {}) });
  await idle();
  return {
    inbound,
    clock,
    idle,
    async turn(...to) {
      for (const time of to) {
        clock.advance(Date.parse(time) - clock.nowMs());
        await idle();
      }
    },
  };
}

function times(inbound: InboundHarness): (string | undefined)[] {
  return inbound.accepted.messages.map((message) => message.time?.slice(11, 19));
}

/** Delivery `n` is the `n`th hour. */
function stage(options: unknown): InboundStage {
  const startMs = Date.UTC(2026, 0, 1);
  const clock = manualClock(startMs);
  return {
    options,
    clock,
    deliver: (n) => clock.advance(startMs + n * hourMs - clock.nowMs()),
    body: (n) => ({ scheduled: new Date(startMs + n * hourMs).toISOString(), missed: 0 }),
    async redeliver() {
      await waitUntil('the loop sleeps', () => clock.pending > 0);
      clock.advance(1000);
    },
    freed: () => clock.pending === 0,
    close: () => undefined,
  };
}
