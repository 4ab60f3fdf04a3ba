// The law of bytes, for a while; laws.long.test.ts tries it a million times.

import { it } from 'vitest';
import { checkBytesAreKept } from './laws.fixture.ts';

it('whatever can be read is written again byte for byte', { timeout: 120_000 }, () => checkBytesAreKept(4000));
