// The law of bytes, a million times: no crash, no stall, no byte lost.

import { expect, it } from 'vitest';
import { checkBytesAreKept } from './laws.fixture.ts';

it('whatever can be read is written again byte for byte', { timeout: 1_800_000 }, () => {
  expect(() => checkBytesAreKept(1_000_000)).not.toThrow();
});
