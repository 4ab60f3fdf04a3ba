// The postgres connector through the conformance kit, on a real server, through proxies that break connections.

import { connectorKit, startFaultProxy } from '@mortise/sdk/testing';
import type { FaultProxy, InboundHarness, InboundStage, OutboundStage, PingStage } from '@mortise/sdk/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { ping } from './client.ts';
import connector from './connector.ts';
import { startCommitGate } from './fixtures/commit-gate.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';
import { inbounds } from './inbound.ts';
import { outbounds } from './outbound.ts';

const schema = `
  CREATE TABLE sales_order (order_id text PRIMARY KEY, total int CHECK (total >= 0), updated_at int NOT NULL DEFAULT 7);
  GRANT ALL ON SCHEMA public TO writer; GRANT ALL ON sales_order TO writer;
`;
const asks = 'it asks, and has no effects';
const read = 'it is not acknowledged: the cursor rides in the commit';
const order = (n: number) => ({ order_id: `order ${n}`, total: n });
const insert = (n: number) => `INSERT INTO sales_order (order_id, total) VALUES ('order ${n}', ${n})`;
const seed = (total: number) => `INSERT INTO sales_order SELECT 'order ' || n, ${total} FROM generate_series(1, 30) AS n`;

let server: TestServer;

describe.skipIf(noServer)(`on a server (${noServer ?? 'of its own'})`, () => {
  beforeAll(async () => {
    server = await startTestServer();
    await server.exec("CREATE ROLE writer LOGIN PASSWORD 'writes'");
  });
  afterAll(() => server.remove());

  connectorKit({
    connector,
    folder: import.meta.dirname,
    inbounds,
    outbounds,
    ping,
    scenarios: {
      inbounds: {
        query: {
          setUp: queryStage,
          skip: { commitFirst: read, repeated: 'a version of a row is read once' },
        },
        listen: {
          setUp: listenStage,
          skip: {
            commitFirst: 'a notification is not acknowledged',
            repeated: 'a notification has no identity',
            resumes: 'a notification reaches who listens, and nobody else',
          },
        },
        changes: { setUp: changesStage, skip: { repeated: 'the server sends again only what was not acknowledged' } },
      },
      outbounds: {
        insert: { setUp: () => stage({ options: { table: 'sales_order' } }) },
        upsert: { setUp: () => stage({ options: { table: 'sales_order', key: ['order_id'] } }) },
        update: {
          setUp: () =>
            stage({
              seed: seed(0),
              options: { table: 'sales_order', key: ['order_id'] },
              counted: 'SELECT 1 FROM sales_order WHERE total > 0',
            }),
        },
        delete: {
          setUp: () =>
            stage({
              seed: seed(1),
              options: { table: 'sales_order', key: ['order_id'] },
              counted:
                "SELECT n FROM generate_series(1, 30) AS n WHERE NOT EXISTS (SELECT 1 FROM sales_order WHERE order_id = 'order ' || n)",
              refused: { total: 1 },
            }),
        },
        execute: {
          setUp: () => stage({ options: { statement: 'INSERT INTO sales_order (order_id, total) VALUES (:order_id, :total)' } }),
        },
        call: [
          {
            called: 'which writes',
            setUp: () =>
              stage({
                options: {
                  statement: 'INSERT INTO sales_order (order_id, total) VALUES (:order_id, :total) RETURNING *',
                  readOnly: false,
                },
              }),
          },
          {
            called: 'which reads',
            setUp: () => stage({ options: { statement: 'SELECT :order_id::text AS order_id' }, refused: {} }),
            skip: {
              sends: asks,
              twice: asks,
              down: asks,
              concurrent: asks,
              stallAnswer: asks,
              cutBeforeAnswer: asks,
              cutWhileSending: asks,
              stallBeforeSend: asks,
            },
          },
        ],
      },
      ping: { setUp: pingStage },
    },
  });
});

interface Particular {
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed?: string;
  readonly counted?: string;
  readonly refused?: unknown;
}

async function stage({
  options,
  seed: rows = '',
  counted = 'SELECT 1 FROM sales_order',
  refused,
}: Particular): Promise<OutboundStage> {
  await server.reset(`${schema} ${rows}`);
  const gate = await startCommitGate(server.port);
  const proxy = await startFaultProxy({ target: gate });
  const writer = { ...server.connection, port: proxy.port, user: 'writer' };
  return {
    connection: { ...writer, password: 'secret:writer' },
    badConnection: { ...writer, password: 'secret:wrong' },
    secrets: { writer: 'writes', wrong: 'a guess that is none' },
    options,
    body: order,
    effects: async () => (await server.all(counted)).length,
    refuse: () => ({ body: refused ?? { order_id: 'order 1', total: -1 } }),
    busy: () => server.exec('ALTER ROLE writer CONNECTION LIMIT 0'),
    down: () => proxy.set({ mode: 'refuse' }),
    up: () => proxy.set({ mode: 'pass' }),
    stallBeforeSend: () => proxy.set({ mode: 'stall', direction: 'toTarget', afterBytes: 0 }),
    cutWhileSending: () => proxy.set({ mode: 'cut', direction: 'toTarget', afterBytes: 40 }),
    stallAnswer: () => void (gate.mode = 'stall'),
    cutBeforeAnswer: () => void (gate.mode = 'cut'),
    async restore() {
      gate.mode = 'pass';
      await proxy.set({ mode: 'pass' });
    },
    freed: async () => (await server.connections()) === 0,
    async close() {
      await proxy.close();
      await gate.close();
      await server.exec('ALTER ROLE writer CONNECTION LIMIT -1');
    },
  };
}

/** What the stages of all inbounds have. */
async function reading(): Promise<{ proxy: FaultProxy; shared: Omit<InboundStage, 'deliver' | 'body'> }> {
  await server.reset(schema);
  const proxy = await startFaultProxy({ target: server });
  const connection = { ...server.connection, port: proxy.port };
  const shared = {
    connection,
    badConnection: { ...connection, password: 'secret:wrong' },
    secrets: { ...server.secrets, wrong: 'a guess that is none' },
    down: () => proxy.set({ mode: 'refuse' }),
    up: () => proxy.set({ mode: 'pass' }),
    freed: async () => (await server.connections()) === 0,
    close: () => proxy.close(),
  };
  return { proxy, shared };
}

/** The statement in a transaction that is not committed yet. */
async function inHalf(sql: string) {
  const client = await server.client();
  await client.query(`BEGIN; ${sql}`);
  return {
    async finish() {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

async function queryStage(): Promise<InboundStage> {
  const { shared } = await reading();
  return {
    ...shared,
    options: { table: 'sales_order', watermark: 'updated_at', key: ['order_id'], batch: 2 },
    deliver: (n) => server.exec(insert(n)),
    half: (n) => inHalf(insert(n)),
    body: (n) => ({ ...order(n), updated_at: 7 }),
  };
}

async function listenStage(): Promise<InboundStage> {
  const { shared } = await reading();
  const listens = (inbound: InboundHarness) => inbound.until('it listens', async () => (await server.connections()) > 0);
  return {
    ...shared,
    options: { notifyChannel: 'Order Changed' },
    async deliver(n, inbound) {
      await listens(inbound);
      await server.exec(`NOTIFY "Order Changed", 'order ${n}'`);
    },
    async half(n, inbound) {
      await listens(inbound);
      return inHalf(`NOTIFY "Order Changed", 'order ${n}'`);
    },
    body: (n) => ({ channel: 'Order Changed', payload: `order ${n}` }),
  };
}

async function changesStage(): Promise<InboundStage> {
  const { shared } = await reading();
  await server.exec('CREATE PUBLICATION "Orders" FOR TABLE sales_order');
  await server.exec("SELECT pg_create_logical_replication_slot('orders', 'pgoutput')");
  const ends = new Map<number, string>();
  let harness: InboundHarness | undefined;
  const bodyOf = (n: number) => {
    const after = { ...order(n), updated_at: 7 };
    const key = { order_id: after.order_id };
    const bodies = harness?.accepted.messages.map(({ body }) => body as Record<string, unknown>) ?? [];
    const { lsn, xid, committedAt } = bodies.find((body) => JSON.stringify(body['key']) === JSON.stringify(key)) ?? {};
    return {
      operation: 'insert',
      schema: 'public',
      table: 'sales_order',
      key,
      before: null,
      after,
      lsn,
      index: 0,
      xid,
      committedAt,
    };
  };
  return {
    ...shared,
    options: { slot: 'orders', publication: 'Orders', copy: false, batch: 2 },
    async deliver(n, inbound) {
      harness = inbound;
      await server.exec(insert(n));
      const [row] = await server.all('SELECT pg_current_wal_insert_lsn()::text AS lsn');
      ends.set(n, String(row?.['lsn']));
    },
    half(n, inbound) {
      harness = inbound;
      return inHalf(insert(n));
    },
    body: bodyOf,
    async acknowledged(n) {
      if (!ends.has(n)) return true;
      // Once it is known where its COMMIT lies, that counts: what others wrote behind it is confirmed when the server next asks.
      const { lsn } = bodyOf(n);
      const condition = typeof lsn !== 'string' ? `>= '${ends.get(n)}'` : `> '${lsn}'`;
      const rows = await server.all(`SELECT 1 FROM pg_replication_slots WHERE confirmed_flush_lsn ${condition}`);
      return rows.length > 0;
    },
  };
}

async function pingStage(): Promise<PingStage> {
  const { shared } = await reading();
  return shared;
}
