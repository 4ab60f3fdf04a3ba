// Crash points of the store: killed or failed at the n-th fsync, write, rename; what it said was stored is there.

import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { crashAtPoints } from './crash-points.ts';
import { noStrace } from './strace.ts';

const count = 4;
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

it.skipIf(noStrace)(
  `${count} points lose nothing (MORTISE_TEST_SEED=${seed}) (needs strace) ${noStrace ?? ''}`,
  { timeout: 120_000 },
  async () => {
    const { said } = await crashAtPoints(count, seed);
    expect(said).toBeGreaterThan(0);
  },
);
