// The order in which test files begin.

import { expect, it } from 'vitest';
import { rankOf } from './longest-first-sequencer.ts';

it('begins with what takes longest, then whole engines, commands, parts, and the rest', () => {
  const paths = ['mapping/src/a', 'cli/src/a', 'engine/src/a', 'tests/a', 'engine/src/harness/prove/prove', 'tests/guides'];
  const sorted = paths.map((path) => `/repository/${path}.test.ts`).toSorted((a, b) => rankOf(a) - rankOf(b));
  expect(sorted.map((path) => path.slice('/repository/'.length, -'.test.ts'.length))).toEqual([
    'tests/guides',
    'engine/src/harness/prove/prove',
    'tests/a',
    'cli/src/a',
    'engine/src/a',
    'mapping/src/a',
  ]);
});
