// Planted faults of which the proof can be sure only after it has waited for what does not come.

import { describe, expect, it } from 'vitest';
import { proofWith, timeout, unnamed } from './prove.fixture.ts';

describe('a planted fault is found:', () => {
  it.each([
    ['forgets-outputs', 'lost'],
    ['acknowledges-early', 'lost'],
  ] as const)('one that %s', { timeout }, async (fault, kind) => {
    const proof = await proofWith(fault);
    expect(proof.proven).toBe(false);
    expect(proof.counts[kind]).toBeGreaterThan(0);
    expect(unnamed(proof, kind)).toEqual([]);
  });
});
