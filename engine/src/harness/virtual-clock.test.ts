// The clock of tests: it goes only when told, and then to the next timer.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

describe('the virtual clock', () => {
  it('stands still until it is told to go on', () => {
    const clock = new VirtualClock(1000);
    clock.after(5, () => undefined);
    expect(clock.nowMs()).toBe(1000);
    expect(clock.advance()).toBe(true);
    expect(clock.nowMs()).toBe(1005);
    expect(clock.advance()).toBe(false);
  });

  it('fires no timer that was cancelled, and goes nowhere for one that is never due', () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    clock.after(10, () => (fired += 1)).cancel();
    clock.after(Infinity, () => (fired += 1)).cancel();
    expect(clock.advance()).toBe(false);
    expect(fired).toBe(0);
    expect(clock.nowMs()).toBe(0);
  });

  it('fires what a timer sets while it fires', () => {
    const clock = new VirtualClock(0);
    const times: number[] = [];
    clock.after(1, () => void clock.after(1, () => times.push(clock.nowMs())));
    while (clock.advance());
    expect(times).toEqual([2]);
  });

  it('fires in the order of time, and those of one time in the order in which they were set', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 20 })), (delays) => {
        const clock = new VirtualClock(100);
        const fired: (readonly [number, number])[] = [];
        for (const [index, delayMs] of delays.entries()) clock.after(delayMs, () => fired.push([clock.nowMs(), index]));
        while (clock.advance());
        const expected = delays.map((delayMs, index) => [100 + Math.max(0, delayMs), index] as const);
        expect(fired).toEqual(expected.toSorted(([a, i], [b, j]) => a - b || i - j));
      }),
    );
  });
});
