// The law of bytes, for a while; laws.long.test.ts tries it a million times.

import { expect, it } from 'vitest';
import { checkBytesAreKept } from './laws.fixture.ts';

it('whatever can be read is written again byte for byte', { timeout: 120_000 }, () => {
  expect(() => checkBytesAreKept(4000)).not.toThrow();
});
