// The crash test: what was answered 2xx is there once, whenever the process dies.

import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { crashAndCount } from './crash.ts';
import { ownEngines } from './engine-process.ts';

const kills = 12;
const engines = ownEngines();
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

it(`loses nothing and does nothing twice over ${kills} kills (MORTISE_TEST_SEED=${seed})`, { timeout: 120_000 }, async () => {
  await crashAndCount({ kills, seed }, engines);
  expect(engines.count).toBe(kills + 1);
});
