// The crash test of what goes to partners with many kills: rare moments are hit too. MORTISE_TEST_KILLS says how many.

import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { ownEngines } from './engine-process.ts';
import { crashPartners } from './partners-crash.ts';

const kills = Number(process.env['MORTISE_TEST_KILLS'] ?? 100);
const engines = ownEngines();
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

it(`a partner never sees a number twice, over ${kills} kills (MORTISE_TEST_SEED=${seed})`, { timeout: 3_600_000 }, async () => {
  const findings = await crashPartners(kills, seed, engines);
  for (const [who, { orders, gaps, resent }] of Object.entries(findings))
    console.log(
      `${who}: ${orders.length} orders, ${gaps.length} gaps, ${resent} documents that came more than once, each time the same`,
    );
  expect(engines.count).toBe(kills + 1);
});
