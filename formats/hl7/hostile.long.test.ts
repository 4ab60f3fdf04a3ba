// Hostile bytes, a million times: no crash, no file that takes long, no memory that is not given back.

import { expect, it } from 'vitest';
import { tryHostile } from './hostile.fixture.ts';

it('survives a million broken files', () => {
  let slowestMs = 0;
  for (let number = 1000; number < 1_001_000; number += 1) {
    const start = performance.now();
    tryHostile(number);
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  // A stall, not a speed: these files have a few hundred bytes.
  expect(slowestMs).toBeLessThan(10_000);
  expect(process.memoryUsage().rss).toBeLessThan(1024 ** 3);
}, 1_800_000);
