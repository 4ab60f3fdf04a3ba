// A million files after a few changes, a quarter of each format, in little memory: no crash, no stall, every fault with code and offset.

import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz-process.ts';

const seeds = [11, 12];
const count = 125_000;

describe.each(['x12', 'edifact', 'hl7', 'copybook'])('%s', (format) => {
  it.each(seeds)('seed %i', { timeout: 1_800_000 }, async (seed) => {
    expect(await fuzz(format, count, seed)).toEqual({ done: count });
  });
});
