// Generated expressions over generated documents: ours gives what the reference package gives.

import { expect, it } from 'vitest';
import { compareBoth } from './differential.fixture.ts';

it('2,000 generated expressions give the same as the reference', { timeout: 120_000 }, async () => {
  const { compared, results, differences } = await compareBoth(2000, 20_261_126);
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(1900);
  expect(results).toBeGreaterThan(500);
});
