// The time that a send may take: its signal tells the end whenever it is looked at, and nothing after the send.

import type { Clock } from '@mortise/sdk';
import { expect, it } from 'vitest';
import { SendTime } from './send-time.ts';

/** A clock that is set by hand. */
function handClock(): Clock & { pass(ms: number): void; readonly timers: number } {
  let nowMs = 1000;
  let timers: { readonly atMs: number; readonly fire: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after(delayMs, fire) {
      const timer = { atMs: nowMs + delayMs, fire };
      timers.push(timer);
      return { cancel: () => void (timers = timers.filter((one) => one !== timer)) };
    },
    pass(ms) {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { fire } of due) fire();
    },
    get timers() {
      return timers.length;
    },
  };
}

it('is up after the timeout, counted from the beginning and not from the first look', () => {
  const clock = handClock();
  const time = new SendTime(clock, new AbortController().signal, 100);
  clock.pass(60);
  const { signal } = time;
  expect(signal.aborted).toBe(false);
  clock.pass(40);
  expect(signal.aborted).toBe(true);
});

it('makes no timer where nobody looks', () => {
  const clock = handClock();
  const time = new SendTime(clock, new AbortController().signal, 100);
  expect(clock.timers).toBe(0);
  time.end();
});

it('is up for all that are under way when the engine stops, with its reason, and at once for who begins later', () => {
  const clock = handClock();
  const outer = new AbortController();
  const [first, second, ended] = [0, 1, 2].map(() => new SendTime(clock, outer.signal, 100)) as [SendTime, SendTime, SendTime];
  const signals = [first, second, ended].map(({ signal }) => signal);
  ended.end();
  outer.abort(new Error('stopping'));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  expect(first.signal.reason).toEqual(new Error('stopping'));
  expect(new SendTime(clock, outer.signal, 100).signal.aborted).toBe(true);
});

it('is never up after the send has ended', () => {
  const clock = handClock();
  const time = new SendTime(clock, new AbortController().signal, 100);
  const { signal } = time;
  time.end();
  clock.pass(1000);
  expect([signal.aborted, clock.timers]).toEqual([false, 0]);
});
