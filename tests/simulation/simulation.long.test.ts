// Many seeds, and each planted bug from the first seed on.

import { expect, it } from 'vitest';
import { bugs } from './bugs.ts';
import { simulate } from './simulation.ts';

const seeds = 5000;
const bugSeedsMax = 200;

it(`finds nothing under ${seeds} seeds`, { timeout: 1_800_000 }, async () => {
  for (let seed = 1; seed <= seeds; seed++) {
    const { findings } = await simulate(seed);
    expect({ seed, findings }).toEqual({ seed, findings: [] });
  }
});

it.each(Object.keys(bugs))('finds an engine that %s, whatever the first seed', { timeout: 600_000 }, async (name) => {
  let seed = 1;
  while (seed <= bugSeedsMax && (await simulate(seed, bugs[name])).findings.length === 0) seed += 1;
  expect(seed).toBeLessThanOrEqual(bugSeedsMax);
});
