// How the tests run: `npm test` everything but *.long.test.ts, `npm run test:long` those.

import { defineConfig } from 'vitest/config';

const long = process.env['MORTISE_TEST_LONG'] === '1';

export default defineConfig({
  test: {
    include: long ? ['**/*.long.test.ts'] : ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.test.ts'])],
    reporters: ['default', './tools/closing-line-reporter.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: long ? 1_800_000 : 60_000,
    hookTimeout: 60_000,
  },
});
