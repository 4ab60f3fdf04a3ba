// Power cuts: only what was synced survives them, and that is all that was said to be stored.

import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { cutPower, lies } from './power-cut.ts';
import { noMount } from './small-disk.ts';
import { noStrace } from './strace.ts';

const count = 1;
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));
const no = noMount ?? noStrace;

it.skipIf(no)(
  `${count} cuts lose nothing (MORTISE_TEST_SEED=${seed}) (needs root and strace) ${no ?? ''}`,
  { timeout: 120_000 },
  async () => {
    expect(await cutPower(count, seed)).toBeGreaterThan(0);
  },
);

it.skipIf(no)(
  `a disk that only says that it has synced is found out by this test (needs root and strace) ${no ?? ''}`,
  { timeout: 120_000 },
  async () => {
    await expect(cutPower(2, seed, [lies])).rejects.toThrow(/is not there|has another body|damaged/);
  },
);
