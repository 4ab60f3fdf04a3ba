// The crash test with many kills: rare moments are hit too.

import { randomInt } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { crashAndCount } from './crash.ts';
import type { EngineProcess } from './engine-process.ts';

const engines: EngineProcess[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.kill()));
});

const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

it(`loses nothing and does nothing twice over 200 kills (MORTISE_TEST_SEED=${seed})`, { timeout: 1_800_000 }, async () => {
  await crashAndCount({ kills: 200, seed }, (engine) => engines.push(engine));
  expect(engines).toHaveLength(201);
});
