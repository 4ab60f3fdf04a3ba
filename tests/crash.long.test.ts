// The crash test with many kills and with a PostgreSQL server among the systems: rare moments are hit too. MORTISE_TEST_KILLS says how many.

import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noServer, startTestServer } from '../connectors/postgres/fixtures/server.ts';
import type { TestServer } from '../connectors/postgres/fixtures/server.ts';
import { crashAndCount } from './crash.ts';
import { ownEngines } from './engine-process.ts';
import { ledgerSchema } from './orders-project.ts';

const kills = Number(process.env['MORTISE_TEST_KILLS'] ?? 200);
const engines = ownEngines();
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));
let ledger: TestServer | undefined;

beforeAll(async () => {
  if (noServer) return;
  ledger = await startTestServer();
  await ledger.reset(ledgerSchema);
});
afterAll(() => ledger?.remove());

const what = noServer ? `without PostgreSQL: ${noServer}` : 'with HTTP, files, SQLite and PostgreSQL';
it(`loses nothing and does nothing twice over ${kills} kills, ${what} (MORTISE_TEST_SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  await crashAndCount({ kills, seed, ...(ledger ? { ledger } : {}) }, engines);
  expect(engines.count).toBe(kills + 1);
});
