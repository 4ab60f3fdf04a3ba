// When memory is given back.

import { expect, it } from 'vitest';
import { collectionDue } from './idle-memory.ts';

it('is given back once after the start, and once after each busy time, never during one', () => {
  const isDue = collectionDue();
  const shares = [0.5, 0.01, 0, 0.01, 0.9, 0.2, 0, 0];
  expect(shares.map(isDue)).toEqual([false, true, false, false, false, false, true, false]);
});
