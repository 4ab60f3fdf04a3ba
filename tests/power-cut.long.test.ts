// Power cuts, many of them: MORTISE_TEST_CUTS says how many.

import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { cutPower } from './power-cut.ts';
import { noMount } from './small-disk.ts';

const count = Number(process.env['MORTISE_TEST_CUTS'] ?? 100);
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

it.skipIf(noMount)(
  `${count} cuts lose nothing (MORTISE_TEST_SEED=${seed}) (needs root, to mount) ${noMount ?? ''}`,
  { timeout: 3_600_000 },
  async () => {
    const said = await cutPower(count, seed);
    console.log(JSON.stringify({ seed, cuts: count, said }));
    expect(said).toBeGreaterThan(count);
  },
);
