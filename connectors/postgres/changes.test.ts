// Following a real server: every change once, in order, through restarts of either side.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Unavailable } from '@mortise/sdk';
import { manualClock, waitUntil } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bodiesOf, Following, keysOf, options, schema } from './fixtures/following.ts';
import type { Body } from './fixtures/following.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';

describe.skipIf(noServer)(`the inbound changes (${noServer ?? 'on a server'})`, () => {
  let server: TestServer;
  let bench: Following;

  beforeAll(async () => {
    server = await startTestServer();
    bench = new Following(server);
  });
  beforeEach(() => server.reset(schema));
  afterEach(() => bench.close());
  afterAll(() => server.remove());

  describe('a message', () => {
    it('says what was done, to which row, before and after, when and in which transaction', async () => {
      const inbound = await bench.following();
      await server.exec(`BEGIN; INSERT INTO sales_order VALUES (1, 9.90, 'a'), (2, 'NaN', NULL);
        UPDATE sales_order SET note = 'b' WHERE order_id = 1; UPDATE sales_order SET order_id = 3 WHERE order_id = 2;
        DELETE FROM sales_order WHERE order_id = 3; COMMIT; TRUNCATE sales_order`);
      const bodies = await bench.has(inbound, 6);
      const one = { schema: 'public', table: 'sales_order' };
      expect(bodies).toMatchObject([
        {
          ...one,
          operation: 'insert',
          key: { order_id: 1 },
          before: null,
          after: { order_id: 1, total: '9.90', note: 'a' },
          index: 0,
        },
        {
          ...one,
          operation: 'insert',
          key: { order_id: 2 },
          before: null,
          after: { order_id: 2, total: 'NaN', note: null },
          index: 1,
        },
        {
          ...one,
          operation: 'update',
          key: { order_id: 1 },
          before: null,
          after: { order_id: 1, total: '9.90', note: 'b' },
          index: 2,
        },
        { ...one, operation: 'update', key: { order_id: 3 }, before: { order_id: 2 }, after: { order_id: 3 }, index: 3 },
        { ...one, operation: 'delete', key: { order_id: 3 }, before: { order_id: 3 }, after: null, index: 4 },
        { ...one, operation: 'truncate', key: null, before: null, after: null, index: 0 },
      ]);
      expect(new Set(bodies.slice(0, 5).map(({ xid, lsn, committedAt }) => `${xid} ${lsn} ${committedAt}`)).size).toBe(1);
      expect(bodies[0]?.committedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      expect(Math.abs(Date.parse(bodies[0]?.committedAt ?? '') - Date.now())).toBeLessThan(60_000);
      expect(inbound.accepted.messages[0]).toMatchObject({ subject: 'public.sales_order/1', time: bodies[0]?.committedAt });
    });

    it('has the whole row before where REPLICA IDENTITY is FULL, and the key of an index where it is that', async () => {
      await server.exec(`CREATE TABLE whole (id int PRIMARY KEY, note text); ALTER TABLE whole REPLICA IDENTITY FULL;
        CREATE TABLE bare (note text); ALTER TABLE bare REPLICA IDENTITY FULL;
        CREATE TABLE indexed (id int, code text NOT NULL, note text); CREATE UNIQUE INDEX by_code ON indexed (code);
        ALTER TABLE indexed REPLICA IDENTITY USING INDEX by_code`);
      const inbound = await bench.following({ tables: ['whole', 'public.bare', 'indexed'] });
      await server.exec(`INSERT INTO whole VALUES (1, 'a'); UPDATE whole SET note = 'b'; DELETE FROM whole`);
      await server.exec(`INSERT INTO bare VALUES ('a'); DELETE FROM bare`);
      await server.exec(`INSERT INTO indexed VALUES (1, 'x', 'a'); UPDATE indexed SET code = 'y'`);
      expect(await bench.has(inbound, 7)).toMatchObject([
        { key: { id: 1 } },
        { key: { id: 1 }, before: { id: 1, note: 'a' }, after: { id: 1, note: 'b' } },
        { key: { id: 1 }, before: { id: 1, note: 'b' }, after: null },
        { key: null, after: { note: 'a' } },
        { key: null, before: { note: 'a' } },
        { key: { code: 'x' } },
        { key: { code: 'y' }, before: { code: 'x' }, after: { id: 1, code: 'y', note: 'a' } },
      ]);
    });

    it('of a table without a replica identity has what is inserted', async () => {
      await server.exec('CREATE TABLE bare (note text); CREATE PUBLICATION inserts FOR TABLE bare WITH (publish = insert)');
      const inbound = await bench.following({ publication: 'inserts' });
      await server.exec("INSERT INTO bare VALUES ('a'); DELETE FROM bare; INSERT INTO bare VALUES ('b')");
      expect(await bench.has(inbound, 2)).toMatchObject([
        { operation: 'insert', key: null, after: { note: 'a' } },
        { operation: 'insert', key: null, after: { note: 'b' } },
      ]);
    });

    it('names the large values that did not change and were not sent; with the whole row before, nothing is absent', async () => {
      await server.exec(
        'ALTER TABLE sales_order ALTER note SET STORAGE EXTERNAL; CREATE TABLE whole (LIKE sales_order INCLUDING ALL)',
      );
      await server.exec('ALTER TABLE whole REPLICA IDENTITY FULL');
      const inbound = await bench.following({ tables: ['sales_order', 'whole'] });
      for (const table of ['sales_order', 'whole'])
        await server.exec(`INSERT INTO ${table} VALUES (1, 1, repeat('x', 10000)); UPDATE ${table} SET total = 2`);
      const [, absent, , whole] = await bench.has(inbound, 4);
      expect(absent).toMatchObject({ after: { order_id: 1, total: '2' }, absent: ['note'] });
      expect(absent?.after).not.toHaveProperty('note');
      expect(whole?.after?.['note']).toBe('x'.repeat(10_000));
      expect(whole).not.toHaveProperty('absent');
    });

    it('has the columns that the table had at that moment', async () => {
      const inbound = await bench.following();
      await server.exec('INSERT INTO sales_order VALUES (1)');
      await server.exec(`ALTER TABLE sales_order ADD colour text DEFAULT 'red'; INSERT INTO sales_order (order_id) VALUES (2)`);
      await server.exec(
        'ALTER TABLE sales_order DROP note; ALTER TABLE sales_order RENAME total TO amount; INSERT INTO sales_order VALUES (3)',
      );
      await server.exec('BEGIN; ALTER TABLE sales_order RENAME TO orders; INSERT INTO orders VALUES (4); COMMIT');
      expect((await bench.has(inbound, 4)).map(({ after }) => after)).toEqual([
        { order_id: 1, total: null, note: null },
        { order_id: 2, total: null, note: null, colour: 'red' },
        { order_id: 3, amount: null, colour: 'red' },
        { order_id: 4, amount: null, colour: 'red' },
      ]);
    });
  });

  describe('the position', () => {
    it('lies within a large transaction, too: it is taken in batches, each change once, wherever the engine dies', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 40 }),
          fc.array(fc.constantFrom('die', 'fail', 'restart', 'poll'), { maxLength: 8 }),
          async (batch, steps) => {
            await server.reset(schema);
            const inbound = await bench.following({ batch });
            await server.exec('INSERT INTO sales_order SELECT n FROM generate_series(1, 60) AS n');
            await server.exec(
              'BEGIN; UPDATE sales_order SET total = 1 WHERE order_id <= 30; DELETE FROM sales_order WHERE order_id > 30; COMMIT',
            );
            for (const step of steps) {
              if (step === 'die') inbound.accepted.dieAfterNextCommit();
              if (step === 'fail') inbound.accepted.failNext(new Unavailable('Not now.'));
              await bench.failing(inbound);
              if (step !== 'poll') await inbound.restart();
            }
            const bodies = await bench.has(inbound, 120);
            expect(keysOf(bodies)).toEqual([...range(60), ...range(60)]);
            await inbound.closeInbound();
          },
        ),
        { numRuns: 5 },
      );
    });

    it('is that of the end of a commit, so that another that begins just there is not skipped', async () => {
      const inbound = await bench.following({ batch: 1 });
      const clients = [await server.client(), await server.client(), await server.client()];
      for (const [n, client] of clients.entries()) await client.query(`BEGIN; INSERT INTO sales_order VALUES (${n})`);
      for (const client of clients) await client.query('COMMIT');
      for (let taken = 1; taken <= clients.length; taken++) {
        await bench.has(inbound, taken);
        inbound.accepted.failNext(new Unavailable('The engine stops.'));
        await inbound.restart();
        await waitUntil('the server knows that it is gone', async () => !(await bench.isActive()));
      }
      for (const client of clients) await client.end();
      expect(keysOf(bodiesOf(inbound))).toEqual([0, 1, 2]);
    });

    it('moves on in a database where nothing happens that is for us, and a restart finds that in order', async () => {
      await server.exec('CREATE TABLE other (note text)');
      const clock = manualClock();
      const inbound = await bench.open({}, { clock: { ...clock, ...timers } });
      await bench.follows(inbound);
      const much = "INSERT INTO other SELECT repeat('x', 1000) FROM generate_series(1, 2000)";
      await server.exec(much);
      const first = await bench.written();
      // It may have been told in the middle of the first: of what comes then, less than is worth storing may be left.
      await server.exec(much);
      await inbound.until('the server may forget its log', bench.isConfirmed(first));
      const writeLittle = async () => {
        await server.exec("INSERT INTO other VALUES ('little')");
        const end = await bench.written();
        await inbound.settle();
        return end;
      };
      let little = await writeLittle();
      // It may have been written before the second was told to its end, and told with it: then nothing is left before the next.
      if (await bench.isConfirmed(little)()) little = await writeLittle();
      expect(await bench.isConfirmed(little)()).toBe(false);
      clock.advance(60_000);
      await inbound.until('the server may forget the rest', bench.isConfirmed(little));
      expect(inbound.accepted.messages).toEqual([]);
      await inbound.restart();
      await server.exec('INSERT INTO sales_order VALUES (1)');
      await bench.has(inbound, 1);
    });

    it('survives that the process is killed between commit and acknowledgement, again and again', async () => {
      const file = join(server.folder, 'store.db');
      const { tls, host, port, database, user } = { ...server.connection } as Record<string, unknown>;
      const connection = {
        tls,
        host,
        port,
        database,
        user,
        password: server.secrets['database'],
        applicationName: 'mortise',
        connectTimeout: 10_000,
        connections: 2,
      };
      const given = JSON.stringify({ connection, options: { ...options, copy: true, batch: 7 } });
      const script = fileURLToPath(new URL('./fixtures/until-killed.ts', import.meta.url));
      const read = (sql: string) => {
        const store = new DatabaseSync(file, { timeout: 5000 });
        try {
          return store.prepare(sql).all();
        } catch {
          return [];
        } finally {
          store.close();
        }
      };
      const count = () => Number(read('SELECT count(*) AS n FROM message')[0]?.['n'] ?? 0);
      let id = 0;
      const write = async () => {
        if (id - count() > 60 || !(await bench.isActive())) return;
        await server.exec(`INSERT INTO sales_order SELECT n FROM generate_series(${id + 1}, ${id + 9}) AS n`);
        id += 9;
      };
      for (let life = 1; life <= 3; life++) {
        const child = spawn(process.execPath, [script, file, given], { stdio: 'ignore' });
        const exited = once(child, 'exit');
        const aim = count() + 40;
        await waitUntil('it has taken some more', async () => {
          await write();
          return count() >= aim;
        });
        if (life === 3) await waitUntil('all is here', () => count() >= id);
        child.kill('SIGKILL');
        await exited;
      }
      const ids = read('SELECT body FROM message ORDER BY rowid').map(
        ({ body }) => (JSON.parse(String(body)) as Body).key?.['order_id'],
      );
      expect(ids).toEqual(range(id));
    });
  });

  describe('the connection', () => {
    it('is made anew after the server was restarted, and after its process was ended', async () => {
      const inbound = await bench.following();
      await server.exec('INSERT INTO sales_order VALUES (1)');
      await bench.has(inbound, 1);
      await server.stop('immediate');
      await inbound.settle();
      await server.start();
      await server.exec('INSERT INTO sales_order VALUES (2)');
      await bench.has(inbound, 2);
      await server.exec('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots');
      await server.exec('INSERT INTO sales_order VALUES (3)');
      await bench.has(inbound, 3);
      expect(keysOf(bodiesOf(inbound))).toEqual([1, 2, 3]);
    });

    it('answers the server, which otherwise would give it up', async () => {
      await server.stop();
      await server.start({ wal_sender_timeout: '600ms' });
      const inbound = await bench.following();
      const sender = "SELECT pid FROM pg_stat_replication WHERE backend_start < now() - interval '1500 ms'";
      await inbound.until('it has lasted longer than that', async () => (await server.all(sender)).length > 0);
      expect(inbound.pollErrors).toEqual([]);
      await server.stop();
      await server.start();
    });

    it('belongs to one engine: the second says so, and takes over when the first is gone', async () => {
      const first = await bench.following();
      const second = await bench.open({}, { cursor: first.accepted.cursor ?? null });
      expect(await bench.failing(second)).toMatchObject({ code: 'MORTISE_POSTGRES_SLOT_BUSY' });
      await first.closeInbound();
      await server.exec('INSERT INTO sales_order VALUES (1)');
      await bench.has(second, 1);
    });
  });

  it('confirms a transaction as soon as its end is there, where its changes filled a batch', async () => {
    const clock = manualClock();
    const inbound = await bench.open({ batch: 2 }, { clock: { ...clock, ...timers } });
    await bench.follows(inbound);
    await server.exec('INSERT INTO sales_order VALUES (1), (2)');
    const [first] = await bench.has(inbound, 2);
    expect(first).toMatchObject({ lsn: expect.any(String) });
    await inbound.until('it is confirmed', bench.isConfirmed(first?.lsn ?? ''));
  });

  it('never confirms more than is committed', async () => {
    const inbound = await bench.following();
    inbound.accepted.hold();
    await server.exec('INSERT INTO sales_order VALUES (1)');
    const written = await bench.written();
    await inbound.until('it waits', () => inbound.accepted.waiting > 0);
    expect(await bench.isConfirmed(written)()).toBe(false);
    inbound.accepted.release();
    await inbound.until('it is confirmed', bench.isConfirmed(written));
  });
});

/** For a clock that stands still: what waits for a moment goes on after it. */
const timers = { after: (ms: number, fire: () => void) => ({ cancel: clearTimeout.bind(undefined, setTimeout(fire, ms)) }) };

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}
