// The same as the short test with 100,000 expressions, in ten seeds: MORTISE_TEST_SEED names another beginning.

import { describe, expect, it } from 'vitest';
import { compareBoth } from './differential.fixture.ts';

const first = Number(process.env['MORTISE_TEST_SEED'] ?? 1);

describe('100,000 generated expressions give the same as the reference', () => {
  for (let seed = first; seed < first + 10; seed += 1) {
    it(`seed ${seed}`, async () => {
      const { differences } = await compareBoth(10_000, seed);
      expect(differences).toEqual([]);
    });
  }
});
