// Crash points of the store, many of them: MORTISE_TEST_POINTS says how many.

import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { crashAtPoints } from './crash-points.ts';
import { noStrace } from './strace.ts';

const count = Number(process.env['MORTISE_TEST_POINTS'] ?? 2000);
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

it.skipIf(noStrace)(
  `${count} points lose nothing (MORTISE_TEST_SEED=${seed}) (needs strace) ${noStrace ?? ''}`,
  { timeout: 7_200_000 },
  async () => {
    const points = await crashAtPoints(count, seed);
    console.log(JSON.stringify({ seed, ...points }));
    expect(points.ends['SIGKILL']).toBeGreaterThan(count / 4);
    expect(points.said).toBeGreaterThan(count);
  },
);
