// The arithmetic of the results.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latency, loadReport, measured } from './measured.fixture.ts';
import { duplicated, growthPerSecond, heldPerSecond, isFlat, lost, resultsOf, verdictOf } from './results.ts';
import type { Result } from './results.ts';

describe('the growth of a backlog', () => {
  it('is the slope of a line', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100 }), fc.integer({ min: -50, max: 50 }), fc.nat(1000), (count, slope, start) => {
        expect(growthPerSecond(Array.from({ length: count }, (_, second) => start + slope * second))).toBeCloseTo(slope, 6);
      }),
    );
  });

  it('is not led astray by noise around a level', () => {
    expect(growthPerSecond([5, 0, 9, 0, 5])).toBe(0);
  });

  it('is none of too few samples', () => {
    expect([growthPerSecond([]), growthPerSecond([7])]).toEqual([0, 0]);
  });

  it('is taken off the rate that is held; a backlog that shrinks adds nothing', () => {
    expect([heldPerSecond(100, 30), heldPerSecond(100, -30)]).toEqual([70, 100]);
  });

  it('counts as flat below a hundredth of the rate', () => {
    expect([isFlat(1000, 9.9), isFlat(1000, 10), isFlat(1000, -500)]).toEqual([true, false, true]);
  });
});

describe('the account', () => {
  it('comes out even', () => {
    const account = { accepted: 10, settled: 10, received: { requests: 10, keys: 10 } };
    expect([lost(account), duplicated(account)]).toEqual([0, 0]);
  });

  it('says nothing of who tells nothing', () => {
    expect([lost({ accepted: 10 }), duplicated({ accepted: 10 })]).toEqual([0, 0]);
  });

  it('finds what was not settled, and what did not arrive', () => {
    expect(lost({ accepted: 10, settled: 8 })).toBe(2);
    expect(lost({ accepted: 10, settled: 10, received: { requests: 10, keys: 9 } })).toBe(1);
  });

  it('finds what was settled twice, or arrived twice', () => {
    expect(duplicated({ accepted: 10, settled: 11 })).toBe(1);
    expect(duplicated({ accepted: 10, settled: 10, received: { requests: 13, keys: 10 } })).toBe(3);
  });

  it('does not take one that came twice for one that was lost', () => {
    const account = { accepted: 10, settled: 10, received: { requests: 11, keys: 9 } };
    expect([lost(account), duplicated(account)]).toEqual([1, 1]);
  });
});

describe('a result', () => {
  it('averages what was measured twice, and adds up what went wrong', () => {
    const twice = [
      measured('a', { processorSeconds: 0.1, bytesWritten: 1024_000, account: { accepted: 10, settled: 9 } }),
      measured('b'),
      measured('a', {
        full: { report: loadReport({ acceptedPerSecond: 200, accepted: 2000, refused: 3 }) },
        processorSeconds: 0.4,
        bytesWritten: 0,
        residentBytesPeak: 300 * 1024 ** 2,
        account: { accepted: 10, settled: 9 },
      }),
    ];
    const [a, b] = resultsOf(twice);
    expect([a?.name, b?.name]).toEqual(['a', 'b']);
    expect(a).toMatchObject({ heldPerSecond: 150, rates: [100, 200], lost: 2, duplicated: 0, refused: 3 });
    expect(a?.processorUsPerOrder).toBeCloseTo(150);
    expect(a?.bytesPerBodyByte).toBeCloseTo(0.5);
    expect(a?.residentBytesPeak).toBe(300 * 1024 ** 2);
  });

  it('holds less than it accepts where the rest piles up', () => {
    const [result] = resultsOf([measured('a', { waiting: [0, 20, 40, 60] })]);
    expect(result).toMatchObject({ heldPerSecond: 80, growthPerSecond: 20, waitingMax: 60, flat: false });
  });

  it('takes the latency to the receiver where there is one', () => {
    const endToEnd = { ...latency, p50Ms: 5, p99Ms: 50 };
    const [near, far] = resultsOf([measured('a'), measured('b', { half: { report: loadReport(), endToEnd } })]);
    expect(near?.halfLatency).toEqual({ p50Ms: 2, p99Ms: 8 });
    expect(far?.halfLatency).toEqual({ p50Ms: 5, p99Ms: 50 });
  });
});

describe('a verdict', () => {
  const figure = { against: 'bare', atLeast: 0.6 };
  const [bare] = resultsOf([measured('bare')]);
  const own = (changes: Partial<Result>): Result => ({ ...(bare as Result), name: 'Mortise', ...changes });

  it('is met at the figure itself', () => {
    expect(verdictOf(figure, own({ heldPerSecond: 60 }), own({}))).toEqual({ ...figure, ratio: 0.6, reasons: [] });
  });

  it('is not met below it, and says so', () => {
    expect(verdictOf(figure, own({ heldPerSecond: 59 }), own({})).reasons).toEqual(['the ratio is too small']);
  });

  it.each([
    [{ flat: false }, 'the backlog grew'],
    [{ lost: 1 }, '1 orders were lost'],
    [{ duplicated: 2 }, '2 orders were duplicated'],
  ])('is not met by a rate that counts for nothing: %j', (changes, reason) => {
    expect(verdictOf(figure, own(changes), own({})).reasons).toEqual([reason]);
  });
});
