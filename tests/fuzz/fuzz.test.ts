// Some hundred files of each format after a few changes: every fault is told with code and offset, and nothing stalls. More: *.long.test.ts.

import { expect, it } from 'vitest';
import { fuzz } from './fuzz-process.ts';

const count = 500;

it.each(['x12', 'edifact', 'hl7', 'copybook'])('%s', async (format) => {
  expect(await fuzz(format, count, 1)).toEqual({ done: count });
});
