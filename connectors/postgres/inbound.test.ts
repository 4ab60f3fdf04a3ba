// The inbounds `query` and `listen` on a real server: every version of a row once, however late it is committed; notifications while they last.

import fc from 'fast-check';
import { Rejected, Unavailable } from '@mortise/sdk';
import { manualClock, openInboundForTest, startFaultProxy, waitUntil } from '@mortise/sdk/testing';
import type { InboundForTest, InboundHarness } from '@mortise/sdk/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';
import { inbounds } from './inbound.ts';

const schema = 'CREATE TABLE sales_order (order_id text PRIMARY KEY, total numeric, updated_at timestamptz DEFAULT now())';
const byTime = { table: 'sales_order', watermark: 'updated_at', key: ['order_id'] };

describe.skipIf(noServer)(`reading (${noServer ?? 'from a server'})`, () => {
  let server: TestServer;
  let opened: InboundHarness[] = [];

  beforeAll(async () => {
    server = await startTestServer();
  });
  beforeEach(() => server.reset(schema));
  afterEach(async () => {
    for (const inbound of opened) await inbound.close();
    opened = [];
  });
  afterAll(() => server.remove());

  const open = async (name: string, options: unknown, more: Partial<InboundForTest> = {}) => {
    const { connection, secrets } = server;
    const inbound = await openInboundForTest({ connector, inbounds, name, connection, secrets, options, ...more });
    opened.push(inbound);
    return inbound;
  };
  const query = (options: object = byTime, more: Partial<InboundForTest> = {}) => open('query', options, more);
  /** A look that ends a pass is idle too, although another pass may find something: so it looks until one has found nothing. */
  const readAll = async (inbound: InboundHarness) => {
    for (let idle = 0; idle < 2; ) idle = (await inbound.poll()) === 'more' ? 0 : idle + 1;
    return ids(inbound);
  };

  describe('query', () => {
    it('gives rows in the order of their watermark, whole, with their key as subject', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a', 1.50, '2026-01-02'), ('b', NULL, '2026-01-01 12:00:00.123456+02')");
      const inbound = await query();
      await inbound.poll();
      expect(inbound.accepted.messages).toMatchObject([
        { subject: 'b', body: { order_id: 'b', total: null, updated_at: '2026-01-01T10:00:00.123456Z' } },
        { subject: 'a', body: { order_id: 'a', total: '1.50', updated_at: '2026-01-02T00:00:00Z' } },
      ]);
      expect(inbound.accepted.commits).toHaveLength(1);
    });

    it('gives rows that are committed late, behind others with a later watermark, once', async () => {
      const late = await server.client();
      await late.query(
        "BEGIN; INSERT INTO sales_order VALUES ('late', 1, '2026-01-01'); SAVEPOINT s; INSERT INTO sales_order VALUES ('sub', 1, '2026-01-01'); RELEASE s",
      );
      await server.exec("INSERT INTO sales_order VALUES ('new', 1, '2026-01-05')");
      const inbound = await query();
      await readAll(inbound);
      await late.query('COMMIT');
      await late.end();
      expect((await readAll(inbound)).toSorted()).toEqual(['late', 'new', 'sub']);
      await inbound.restart();
      expect(await readAll(inbound)).toHaveLength(3);
    });

    it('waits with a row until every transaction that began to write before has ended', async () => {
      const open = await server.client();
      await open.query("BEGIN; INSERT INTO sales_order VALUES ('first', 1, '2026-01-01')");
      await server.exec("INSERT INTO sales_order VALUES ('second', 1, '2026-01-02')");
      const inbound = await query();
      expect(await readAll(inbound)).toEqual([]);
      await open.query('ROLLBACK');
      await open.end();
      expect(await readAll(inbound)).toEqual(['second']);
    });

    it('gives a row again that was updated, and not otherwise', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a', 1, '2026-01-01'), ('b', 1, '2026-01-02')");
      const inbound = await query();
      await readAll(inbound);
      await server.exec("UPDATE sales_order SET total = 2 WHERE order_id = 'a'");
      await server.exec('SELECT * FROM sales_order FOR UPDATE');
      expect(await readAll(inbound)).toEqual(['a', 'b', 'a']);
    });

    it('leaves out what has no watermark, or lies up to the start', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a', 1, NULL), ('b', 1, '2026-01-01'), ('c', 1, '2026-01-02')");
      expect(await readAll(await query({ ...byTime, start: '2026-01-01' }))).toEqual(['c']);
    });

    it.each([
      ['a time', 'timestamptz', "'2026-01-02 12:00'", "'2026-01-02 11:30'", "'2026-01-02 10:30'", '1 hour'],
      ['a date', 'date', "'2026-01-10'", "'2026-01-09'", "'2026-01-07'", '2 days'],
      ['a number', 'bigint', '9007199254740993', '9007199254740990', '9007199254740980', '5'],
    ])('looks back only so far as it is told, where the watermark is %s', async (_, type, newest, near, far, overlap) => {
      await server.exec(`CREATE TABLE t (order_id text PRIMARY KEY, mark ${type}); INSERT INTO t VALUES ('newest', ${newest})`);
      const inbound = await query({ table: 't', watermark: 'mark', key: ['order_id'], overlap });
      await readAll(inbound);
      await server.exec(`INSERT INTO t VALUES ('near', ${near}), ('far', ${far})`);
      expect(await readAll(inbound)).toEqual(['newest', 'near']);
    });

    it('says where a watermark can have no overlap, and what is wrong with the table', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a')");
      const inbound = await query({ table: 'sales_order', watermark: 'order_id', key: ['order_id'], overlap: '5' });
      await readAll(inbound);
      await server.exec("INSERT INTO sales_order VALUES ('b')");
      await expect(inbound.poll()).rejects.toMatchObject({ code: 'MORTISE_POSTGRES_OVERLAP' });
      await expect((await query({ ...byTime, table: 'nothing' })).poll()).rejects.toBeInstanceOf(Rejected);
      await expect((await query({ ...byTime, watermark: 'nothing' })).poll()).rejects.toThrow('nothing');
    });

    it('is refused where it reads something else than before, or the server was set back', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a')");
      const inbound = await query();
      await readAll(inbound);
      const { cursor } = inbound.accepted;
      await expect(query({ ...byTime, key: ['total'] }, { cursor: cursor ?? null })).rejects.toMatchObject({
        code: 'MORTISE_POSTGRES_CURSOR',
      });
      const ahead = { ...Object(cursor), seen: '999999999999' };
      await expect((await query(byTime, { cursor: ahead })).poll()).rejects.toMatchObject({ code: 'MORTISE_POSTGRES_CURSOR' });
    });

    it('reads the same again where it was not accepted, and does not accept it twice where that was not known', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a')");
      const inbound = await query();
      inbound.accepted.failNext(new Unavailable('Not now.'));
      await expect(inbound.poll()).rejects.toThrow('Not now.');
      inbound.accepted.dieAfterNextCommit();
      await expect(inbound.poll()).rejects.toThrow('The engine stops.');
      inbound.accepted.revive();
      expect(await readAll(inbound)).toEqual(['a']);
      expect(inbound.accepted.duplicates).toBe(1);
    });

    it('looks at once where it is notified, also after its connection was lost', async () => {
      const clock = manualClock();
      const inbound = await query({ ...byTime, notifyChannel: 'changed' }, { clock });
      const waits = () => waitUntil('it waits', () => clock.pending > 0);
      const first = inbound.poll();
      await waits();
      await server.exec("INSERT INTO sales_order VALUES ('a'); NOTIFY changed");
      await first;
      const second = inbound.poll();
      await waits();
      expect(ids(inbound)).toEqual(['a']);
      await server.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
      await second;
      await server.exec("INSERT INTO sales_order VALUES ('b')");
      const third = inbound.poll();
      await waits();
      expect(ids(inbound)).toEqual(['a', 'b']);
      clock.advance(60_000);
      await third;
      expect(clock.pending).toBe(0);
    });

    it('gives every version of a row that is there when it looks once, whatever is committed when, and wherever it is restarted', async () => {
      const step = fc.oneof(
        fc.constantFrom('poll' as const, 'restart' as const),
        fc.record({
          writer: fc.integer({ min: 0, max: 2 }),
          does: fc.constantFrom('write', 'write', 'commit', 'rollback'),
          mark: fc.integer({ min: 0, max: 3 }),
        }),
      );
      const clients = [await server.client(), await server.client(), await server.client()];
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.integer({ min: 1, max: 3 }), async (steps, batch) => {
          await server.exec('DROP TABLE IF EXISTS t; CREATE TABLE t (order_id bigserial PRIMARY KEY, mark int)');
          const inbound = await query({ table: 't', watermark: 'mark', key: ['order_id'], batch });
          const begun = new Set<number>();
          for (const one of steps) {
            if (one === 'restart') await inbound.restart();
            else if (one === 'poll') await inbound.poll();
            else if (one.does === 'write') {
              await clients[one.writer]?.query(
                `${begun.has(one.writer) ? '' : 'BEGIN; '}INSERT INTO t (mark) VALUES (${one.mark})`,
              );
              begun.add(one.writer);
            } else {
              await clients[one.writer]?.query(one.does);
              begun.delete(one.writer);
            }
          }
          for (const client of clients) await client.query('COMMIT');
          const all = (await server.all('SELECT order_id::text FROM t ORDER BY order_id')).map((row) => row['order_id']);
          expect((await readAll(inbound)).toSorted((a, b) => Number(a) - Number(b))).toEqual(all);
          await inbound.closeInbound();
        }),
        { numRuns: 25 },
      );
      for (const client of clients) await client.end();
    });
  });

  describe('listen', () => {
    const listening = async (options: object, more: Partial<InboundForTest> = {}) => {
      const inbound = await open('listen', { notifyChannel: 'Changed', ...options }, more);
      await inbound.until('it listens', async () => (await server.connections()) > 0);
      return inbound;
    };

    it('gives the rows that its statement finds for a notification', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a', 1.5, '2026-01-01'), ('b', 2, '2026-01-01')");
      const inbound = await listening({ statement: 'SELECT order_id, total FROM sales_order WHERE order_id = :payload' });
      await server.exec(`NOTIFY "Changed", 'b'; NOTIFY "Changed", 'nobody''s'; NOTIFY "Changed", 'a'`);
      await inbound.until('both are here', () => inbound.accepted.messages.length >= 2);
      expect(inbound.accepted.messages.map(({ body }) => body)).toEqual([
        { order_id: 'b', total: '2' },
        { order_id: 'a', total: '1.5' },
      ]);
    });

    it('drops a notification for which the statement cannot be asked, and says so', async () => {
      const inbound = await listening({ statement: 'SELECT :payload::int AS n' });
      await server.exec(`NOTIFY "Changed", 'x'; NOTIFY "Changed", '7'`);
      await inbound.until('the other is here', () => inbound.accepted.messages.length > 0);
      expect(inbound.accepted.messages.map(({ body }) => body)).toEqual([{ n: 7 }]);
      expect(inbound.log.lines).toMatchObject([{ level: 'error', facts: { reason: expect.stringContaining('integer') } }]);
    });

    it('listens again after its connection was lost, and says that it was', async () => {
      const proxy = await startFaultProxy({ target: server });
      const inbound = await listening({}, { connection: { ...server.connection, port: proxy.port } });
      proxy.cutAll();
      await inbound.until('it has noticed', () => inbound.log.lines.length > 0);
      await inbound.until('a new one comes', async () => {
        await server.exec('NOTIFY "Changed", \'new\'');
        return inbound.accepted.messages.length > 0;
      });
      expect(inbound.log.lines).toMatchObject([{ level: 'warn' }]);
      await proxy.close();
    });

    it('drops what comes faster than it is accepted beyond 10,000, and says how many', async () => {
      const inbound = await listening({ batch: 10_000 });
      inbound.accepted.failNext(new Unavailable('Not now.'), 1);
      await server.exec(`SELECT pg_notify('Changed', n::text) FROM generate_series(1, 10500) AS n`);
      await inbound.until('those are here', () => inbound.accepted.messages.length >= 10_000);
      await inbound.settle();
      const dropped = inbound.log.lines.reduce((sum, { facts }) => sum + Number(facts['dropped'] ?? 0), 0);
      expect(inbound.accepted.messages.length + dropped).toBe(10_500);
    });
  });
});

function ids(inbound: InboundHarness): unknown[] {
  return inbound.accepted.messages.map(({ body }) => (body as { order_id: unknown }).order_id);
}
