// A million damaged interchanges, with a bound on the time of each and on memory.

import { describe, expect, it } from 'vitest';
import { faultOfMutant, mutant } from './mutants.fixture.ts';

const batches = 100;
const batchSize = 10_000;
/** Each is a few hundred bytes long and read four times: what takes longer than that has stalled. */
const slowestMs = 5000;

describe('interchanges after a few changes', () => {
  it.each(Array.from({ length: batches }, (_, batch) => batch))('batch %i', (batch) => {
    const before = process.memoryUsage().rss;
    const found: unknown[] = [];
    let slowest = 0;
    for (let seed = batch * batchSize; seed < (batch + 1) * batchSize; seed += 1) {
      const start = performance.now();
      const fault = faultOfMutant(mutant(seed));
      slowest = Math.max(slowest, performance.now() - start);
      if (fault !== undefined) found.push([seed, fault]);
    }
    expect(found).toEqual([]);
    expect(slowest).toBeLessThan(slowestMs);
    expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 ** 2);
  });
});
