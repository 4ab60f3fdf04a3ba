// The inbounds of the schedule connector: a loop that sleeps until the next run and hands it over.

import { Busy, implementInbounds } from '@mortise/sdk';
import type { Clock, Inbound, InboundContext, Incoming, Json } from '@mortise/sdk';
import { cronRuns } from './client.ts';
import connector from './connector.ts';
import { firings, intervalRuns } from './runs.ts';
import type { Firing, Runs } from './runs.ts';

/** The wall clock may be set while we sleep; a run comes at most so much too late for it. */
const sleepMsMax = 60_000;
const retryMsMin = 1000;
const retryMsMax = 60_000;

interface Options {
  readonly missed: 'skip' | 'once' | 'all';
  readonly missedMax: number;
  readonly body?: unknown;
}

type Context = InboundContext<unknown, Options>;

export const inbounds = implementInbounds(connector, {
  cron: async (context) => start(context, cronRuns(context.options.cron, context.options.zone)),
  interval: async (context) => start(context, intervalRuns(context.options.interval, context.options.align)),
});

function start(context: Context, runs: Runs): Inbound {
  const closing = new AbortController();
  const ended = keepFiring(context, runs, AbortSignal.any([context.signal, closing.signal]));
  return {
    close() {
      closing.abort();
      return ended;
    },
  };
}

/** `lastMs` is the last run that is settled: fired, or skipped. What was committed of it is in the cursor. */
async function keepFiring(context: Context, runs: Runs, signal: AbortSignal): Promise<void> {
  const { clock, options, log } = context;
  const openedMs = clock.nowMs();
  let lastMs = lastOf(context, openedMs);
  let [known, failures] = [context.cursor !== undefined, 0];
  while (!signal.aborted) {
    try {
      // A cursor from the start: runs that are missed before the first message are known as missed too.
      if (!known) await context.accept([], { cursor: cursorOf(lastMs) });
      known = true;
      const due = runs.between(lastMs, clock.nowMs(), options.missedMax);
      for (const firing of firings(due, options.missed, openedMs)) {
        if (signal.aborted) return;
        await handOver(context, firing);
        lastMs = firing.scheduledMs;
      }
      lastMs = due.at(-1) ?? lastMs;
      failures = 0;
      await sleep(clock, (runs.next(lastMs) ?? Infinity) - clock.nowMs(), signal);
    } catch (error) {
      log.warn({ error, failures: ++failures }, 'A scheduled message was not accepted; it is handed over again.');
      await sleep(clock, retryMs(error, failures), signal);
    }
  }
}

async function handOver({ accept, options, name }: Context, { scheduledMs, missed }: Firing): Promise<void> {
  const scheduled = new Date(scheduledMs).toISOString();
  const message: Incoming = {
    type: 'schedule.fired',
    subject: name,
    time: scheduled,
    headers: { 'schedule-missed': String(missed) },
    body: options.body ?? { scheduled, missed },
  };
  await accept([message], { key: scheduled, cursor: cursorOf(scheduledMs) });
}

function cursorOf(lastMs: number): Json {
  return new Date(lastMs).toISOString();
}

/** Where to go on: a cursor from the future means that the clock was wrong then, or is now; keys keep runs from coming twice. */
function lastOf({ cursor, log }: Context, openedMs: number): number {
  if (typeof cursor !== 'string') return openedMs;
  const lastMs = Date.parse(cursor);
  if (lastMs <= openedMs) return lastMs;
  log.warn({ last: cursor }, 'The last run lies in the future: the clock was set back. The schedule goes on from now.');
  return openedMs;
}

function retryMs(error: unknown, failures: number): number {
  if (error instanceof Busy) return Math.max(1, error.retryAfterMs);
  return Math.min(retryMsMax, retryMsMin * 2 ** (failures - 1));
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(Math.min(ms, sleepMsMax), resolve);
  const wake = () => resolve();
  signal.addEventListener('abort', wake);
  await promise;
  signal.removeEventListener('abort', wake);
  timer.cancel();
}
