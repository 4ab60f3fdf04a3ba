// How the tests run: `npm test` everything but *.long.test.ts, `npm run test:long` those.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import LongestFirstSequencer from './tools/longest-first-sequencer.ts';

const long = process.env['MORTISE_TEST_LONG'] === '1';
const include = long ? ['**/*.long.test.ts'] : ['**/*.test.ts'];
const exclude = ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.test.ts'])];

/** They measure the memory of their process, which no other file may have filled before. */
const measuring = ['formats/**/*.test.ts', 'sdk/src/testing/**/*.test.ts', 'tests/large-body.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './tools/closing-line-reporter.ts'],
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirstSequencer },
    testTimeout: long ? 1_800_000 : 60_000,
    hookTimeout: 60_000,
    // Node itself loads the sources, as it does for users, and keeps what it compiled: nothing is transformed for the tests.
    experimental: { viteModuleRunner: false },
    // Where the command keeps it too; without the variable the threads of an engine would compile their sources at every start.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    // A process for each file costs a second of it; files that leave nothing behind share one.
    projects: [
      { extends: true, test: { name: 'alone', include: long ? include : measuring, exclude, isolate: true } },
      {
        extends: true,
        test: { name: 'shared', include: long ? [] : include, exclude: [...exclude, ...measuring], isolate: false },
      },
    ],
  },
});
