// Percentiles by nearest rank.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from './latency.ts';

describe('a summary of latencies', () => {
  it('gives the nearest rank, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarise(hundred)).toEqual({ count: 100, p50Ms: 50, p99Ms: 99, maxMs: 100 });
  });

  it('gives the only one there is', () => {
    expect(summarise([7])).toEqual({ count: 1, p50Ms: 7, p99Ms: 7, maxMs: 7 });
  });

  it('gives zeros of none', () => {
    expect(summarise([])).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
  });

  it('leaves at least half at or below the median, and 99 of 100 at or below p99', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (latencies) => {
        const { p50Ms, p99Ms, maxMs } = summarise(latencies);
        const partUpTo = (bound: number): number => latencies.filter((one) => one <= bound).length / latencies.length;
        expect(partUpTo(p50Ms)).toBeGreaterThanOrEqual(0.5);
        expect(partUpTo(p99Ms)).toBeGreaterThanOrEqual(0.99);
        expect(maxMs).toBe(Math.max(...latencies));
      }),
    );
  });
});
