// A million files that were changed at random: none crashes the reader, stalls it, or makes it hold more than it should.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { expect, it } from 'vitest';
import { decoder } from './decode.ts';
import format from './format.ts';
import { mutations } from './mutations.fixture.ts';

const order = readFileSync(new URL('fixtures/purchase-order.edi', import.meta.url));

it('a million changed files', { timeout: 3_600_000 }, () => {
  const options = readFields(format.options, { acknowledge: '999', ta1: 'always', faults: 'value' }).values;
  let read = 0;
  for (const bytes of mutations([order], 1_000_000, 3)) {
    decoder.decodeWhole(bytes, options);
    read += 1;
  }
  expect(read).toBe(1_000_000);
  expect(process.memoryUsage().rss).toBeLessThan(1024 ** 3);
});
