// Some damaged interchanges: none is read as what it is not, and all that is kept is written again as it was.

import { expect, it } from 'vitest';
import { faultOfMutant, mutant } from './mutants.fixture.ts';

it('interchanges after a few changes', () => {
  const faults = Array.from({ length: 250 }, (_, seed) => [seed, faultOfMutant(mutant(seed))] as const);
  expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([]);
});
