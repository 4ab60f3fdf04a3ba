// Each bug that is planted is found, within so many seeds: else the simulation would prove nothing.

import { expect, it } from 'vitest';
import { bugs } from './bugs.ts';
import { simulate } from './simulation.ts';

/** Where the search begins, for bugs that need a rare plan: the search itself is that of the long test. */
const seedsNear: Readonly<Record<string, number>> = {
  'commits the dedupe key after the end': 10,
  'counts no failed attempt': 50,
  'releases the dedupe key of what is dead': 50,
};
const seedsMax = 12;

it.each(Object.keys(bugs))('finds an engine that %s', { timeout: 60_000 }, async (name) => {
  const from = seedsNear[name] ?? 1;
  let found = false;
  for (let seed = from; seed < from + seedsMax && !found; seed++) found = (await simulate(seed, bugs[name])).findings.length > 0;
  expect(found).toBe(true);
});
