// A PostgreSQL database that is followed while engine and server die: the copy equals the source, and a lost slot is said loudly.

import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noServer, startTestServer } from '../connectors/postgres/fixtures/server.ts';
import type { TestServer } from '../connectors/postgres/fixtures/server.ts';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { seededRandom, writeProject } from './orders-project.ts';

const kills = 4;
const workMs = 500;
const pauseMs = 5;
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

/** What is deleted stays in the copy as such; the numbers have more digits than JavaScript's, and the notes are too long to be sent again. */
const schema = `
  CREATE TABLE sales_order (order_id int PRIMARY KEY, total numeric NOT NULL, changed timestamptz NOT NULL DEFAULT now(), note text);
  ALTER TABLE sales_order ALTER note SET STORAGE EXTERNAL;
  CREATE TABLE order_copy (order_id int PRIMARY KEY, total numeric, changed timestamptz, note text, deleted boolean NOT NULL);
  CREATE TABLE price (sku text PRIMARY KEY, amount numeric NOT NULL, updated_at timestamptz NOT NULL DEFAULT clock_timestamp());
  CREATE TABLE stock (sku text PRIMARY KEY, quantity bigint NOT NULL);
  CREATE TABLE stock_copy (sku text PRIMARY KEY, quantity bigint NOT NULL);
  INSERT INTO sales_order SELECT n, n + 0.10, now(), repeat('long ', 1000) FROM generate_series(1, 400) AS n;
  INSERT INTO price SELECT 'sku-' || n, n FROM generate_series(1, 10) AS n;
  INSERT INTO stock SELECT 'sku-' || n, 9007199254740993 FROM generate_series(1, 10) AS n`;

const differences = `
  SELECT order_id FROM (SELECT order_id, total::text, changed, note FROM sales_order
    EXCEPT SELECT order_id, total::text, changed, note FROM order_copy WHERE NOT deleted) AS missing
  UNION ALL SELECT order_id FROM order_copy WHERE NOT deleted AND order_id NOT IN (SELECT order_id FROM sales_order)
  UNION ALL SELECT order_id FROM order_copy WHERE deleted AND order_id IN (SELECT order_id FROM sales_order)`;

const files = ({ port }: TestServer): Readonly<Record<string, string>> => ({
  'mortise.yaml': 'name: follow\nlimits: { freeDisk: 64MiB }\n',
  'systems/erp.yaml': `
connections:
  db: { connector: postgres, host: 127.0.0.1, port: ${port}, database: shop, user: postgres, password: env:DATABASE_KEY, tls: "off" }
  drop: { connector: file, folder: prices, create: true }
inbounds:
  orders: { on: db, uses: changes, slot: orders, publication: orders, tables: [sales_order], every: 50ms, batch: 20 }
  stock: { on: db, uses: changes, slot: stock, publication: stock, tables: [stock], every: 50ms }
  prices: { on: db, uses: query, table: price, watermark: updated_at, key: [sku], every: 50ms }
outbounds:
  copy-order: { on: db, uses: upsert, table: order_copy, key: [order_id] }
  copy-stock: { on: db, uses: upsert, table: stock_copy, key: [sku] }
  drop-price: { on: drop, uses: write, name: "\${sku}.json", ifExists: replace }
`,
  'flows/orders.yaml': `
from: { system: erp, inbound: orders }
order: { by: $string(key.order_id) }
retry: { for: 1h, backoff: 50ms..500ms }
steps:
  - map: '$merge([key, operation = "delete" ? {} : after, { "deleted": operation = "delete" }])'
to: { system: erp, outbound: copy-order }
`,
  'flows/stock.yaml': `
from: { system: erp, inbound: stock }
order: { by: key.sku }
retry: { for: 1h, backoff: 50ms..500ms }
steps:
  - map: after
to: { system: erp, outbound: copy-stock }
`,
  'flows/prices.yaml': `
from: { system: erp, inbound: prices }
order: { by: sku }
steps:
  - map: '{ "sku": sku, "amount": amount }'
to: { system: erp, outbound: drop-price }
`,
});

interface SystemAnswer {
  readonly inbounds: readonly { readonly name: string; readonly state: string; readonly problem?: string }[];
}

describe.skipIf(noServer)(`PostgreSQL, followed (${noServer ?? 'on a server'})`, () => {
  const engines = ownEngines();
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    await server.reset(schema);
  });
  afterAll(() => server.remove());

  it(`the copy equals the source after ${kills} kills and a restart (MORTISE_TEST_SEED=${seed})`, {
    timeout: 120_000,
  }, async () => {
    const folder = writeProject(files(server));
    const environment = { DATABASE_KEY: server.secrets['database'] ?? '' };
    const start = async (): Promise<EngineProcess> => {
      const engine = await engines.start({ folder, environment });
      await engine.ready();
      return engine;
    };
    const random = seededRandom(seed);
    const application = work(server, random);
    try {
      for (let killed = 0; killed < kills; killed++) {
        const engine = await start();
        // The first is killed while it copies, or soon after.
        await sleep(random() * (killed === 0 ? workMs / 4 : workMs));
        if (killed === 1) await restart(server);
        await engine.kill();
      }
      const last = await start();
      await until(async () => (await count(server, 'stock_copy')) === 10);
      await loseSlot(server, 'stock');
      await saysThatItStopped(last);
      const before = application.transactions;
      await until(() => application.transactions > before + 20);
      await application.end();
      await server.exec("INSERT INTO stock VALUES ('missed', 1)");
      await server.exec(
        "UPDATE price SET amount = 12345678901234567890.123456789, updated_at = clock_timestamp() WHERE sku = 'sku-1'",
      );
      await until(async () => (await server.all(differences)).length === 0);
      const prices = await server.all('SELECT sku, amount::text FROM price ORDER BY sku');
      await until(() => JSON.stringify(written(join(folder, 'prices'))) === JSON.stringify(prices));
      await last.settled();
      expect(await count(server, 'order_copy')).toBeGreaterThan(400);
      expect(await count(server, 'order_copy WHERE deleted')).toBeGreaterThan(0);
      expect(await count(server, "stock_copy WHERE sku = 'missed'")).toBe(0);
      expect(await last.count('dead', 'invalid', 'in-doubt', 'unclaimed', 'abandoned')).toBe(0);
      expect(await last.balance()).toMatchObject({ even: true, reasons: [] });
      expect(await last.stop()).toBe(0);
    } finally {
      await application.end();
    }
  });
});

interface Application {
  readonly transactions: number;
  end(): Promise<void>;
}

/** The application that Mortise knows nothing of: it writes all the time, and tries again where its server is away. */
function work(server: TestServer, random: () => number): Application {
  let going = true;
  let transactions = 0;
  let next = 1000;
  const writing = (async () => {
    while (going) {
      const id = 1 + Math.floor(random() * next);
      const amount = `${Math.floor(random() * 1e9)}12345678901.${Math.floor(random() * 1e6)}`;
      const statements = `BEGIN; INSERT INTO sales_order VALUES (${next++}, ${amount}, clock_timestamp(), repeat('text ', 600));
        UPDATE sales_order SET total = ${amount}, changed = clock_timestamp() WHERE order_id = ${id};
        DELETE FROM sales_order WHERE order_id = ${id} AND order_id % 5 = 0;
        UPDATE price SET amount = ${amount}, updated_at = clock_timestamp() WHERE sku = 'sku-${1 + (id % 10)}'; COMMIT`;
      await server.exec(statements).then(
        () => (transactions += 1),
        () => undefined,
      );
      await sleep(pauseMs);
    }
  })();
  return {
    get transactions() {
      return transactions;
    },
    async end() {
      going = false;
      await writing;
    },
  };
}

async function restart(server: TestServer): Promise<void> {
  await server.stop('immediate');
  await server.start();
}

/** Somebody drops a slot while it is followed: its follower is cut off first. */
async function loseSlot(server: TestServer, slot: string): Promise<void> {
  await until(async () => {
    await server.all(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}' AND active`);
    await server.all(`SELECT pg_drop_replication_slot('${slot}')`).catch(() => undefined);
    return (await server.all(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${slot}'`)).length === 0;
  });
}

/** API, log and figures name the inbound that has stopped, and why; the others go on. */
async function saysThatItStopped(engine: EngineProcess): Promise<void> {
  const state = async (name: string) => {
    const systems = await engine.get<readonly SystemAnswer[]>('/api/v1/systems');
    return systems.flatMap(({ inbounds }) => inbounds).find((inbound) => inbound.name.endsWith(name));
  };
  await until(async () => /slot/.test((await state('stock'))?.problem ?? ''));
  expect(await state('stock')).toMatchObject({ state: 'failing' });
  await until(async () => (await state('orders'))?.state === 'open');
  expect(engine.log()).toContain('MORTISE_POSTGRES_SLOT_MISSING');
  const figures = await (await fetch(`${engine.control}/metrics`, { headers: engine.keyHeader() })).text();
  expect(figures).toMatch(/^mortise_inbound_failing\{.*stock.*\} 1$/m);
  expect(figures).toMatch(/^mortise_inbound_failing\{.*orders.*\} 0$/m);
}

async function count(server: TestServer, table: string): Promise<number> {
  const [row] = await server.all(`SELECT count(*)::int AS count FROM ${table}`);
  return Number(row?.['count']);
}

/** What the files of the folder hold, by name. */
function written(folder: string): readonly unknown[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  const values = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly sku: string });
  return values.toSorted((one, other) => (one.sku < other.sku ? -1 : 1));
}
