// Writing to a real server: effects, refusals, repeats, locks, timeouts, and what a lost answer leaves.

import { Busy, InDoubt, Rejected, Unavailable } from '@mortise/sdk';
import { manualClock, openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { OutboundForTest, OutboundHarness, SendForTest } from '@mortise/sdk/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { startCommitGate } from './fixtures/commit-gate.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';
import { outbounds } from './outbound.ts';

const schema = `
  CREATE TABLE sales_order (
    order_id text PRIMARY KEY,
    total numeric CHECK (total >= 0),
    lines jsonb,
    tags text[],
    updated_at timestamptz NOT NULL DEFAULT '2026-01-01'
  )`;
const key = { key: ['order_id'] };

describe.skipIf(noServer)(`the outbounds (${noServer ?? 'on a server'})`, () => {
  let server: TestServer;
  let opened: { readonly name: string; readonly outbound: OutboundHarness }[] = [];

  beforeAll(async () => {
    server = await startTestServer();
  });
  beforeEach(() => server.reset(schema));
  afterEach(async () => {
    for (const { outbound } of opened) await outbound.close();
    opened = [];
  });
  afterAll(() => server.remove());

  const open = async (name: string, more: Partial<OutboundForTest> = {}) => {
    const { connection, secrets } = server;
    const outbound = await openOutboundForTest({ connector, outbounds, name, connection, secrets, ...more });
    opened.push({ name, outbound });
    return outbound;
  };
  const send = async (name: string, body: unknown, options: object = {}, more: SendForTest = {}) => {
    const outbound = opened.find((one) => one.name === name)?.outbound ?? (await open(name));
    const table = ['execute', 'call'].includes(name) ? {} : { table: 'sales_order' };
    return outbound.send(body, { ...table, ...options }, more);
  };
  const failure = (sending: Promise<unknown>) =>
    sending.then(
      () => expect.fail('it was sent'),
      (error: unknown) => error as Error,
    );
  const orders = () => server.all('SELECT order_id, total FROM sales_order ORDER BY order_id');
  const count = async (table = 'sales_order') => (await server.all(`SELECT 1 FROM ${table}`)).length;

  describe('insert', () => {
    it('writes what the body says, and says how much that was', async () => {
      const body = { order_id: 'a', total: '9.90', lines: [{ sku: 'x', count: 2 }], tags: ['new', 'a,"b'] };
      expect(await send('insert', body)).toEqual({ detail: 'rows: 1' });
      expect(await server.all('SELECT order_id, total, lines, tags FROM sales_order')).toEqual([body]);
    });

    it('writes a list in one transaction, or not at all', async () => {
      expect(await send('insert', [{ order_id: 'a' }, { order_id: 'b', total: 1 }, { order_id: 'c', total: 2 }])).toEqual({
        detail: 'rows: 3',
      });
      await expect(send('insert', [{ order_id: 'd' }, { order_id: 'a' }])).rejects.toBeInstanceOf(Rejected);
      expect((await orders()).map((row) => row['order_id'])).toEqual(['a', 'b', 'c']);
    });

    it('writes only the columns that are named, where the body has them', async () => {
      await send('insert', [{ order_id: 'a', total: 1, lines: 'x' }, {}], { columns: ['total', 'order_id'] }).catch(
        () => undefined,
      );
      await send('insert', { order_id: 'b', total: 1, nothing: 'x' }, { columns: ['total', 'order_id'] });
      expect(await orders()).toEqual([{ order_id: 'b', total: '1' }]);
    });

    it('finds a table in the schema that is named', async () => {
      await server.exec('CREATE SCHEMA IF NOT EXISTS "Sales"; CREATE TABLE IF NOT EXISTS "Sales"."Order" (id int)');
      await send('insert', { id: 1 }, { schema: 'Sales', table: 'Order' });
      expect(await count('"Sales"."Order"')).toBe(1);
      await server.exec('DROP SCHEMA "Sales" CASCADE');
    });

    it.each([
      ['an unknown column', { order_id: 'a', colour: 'red' }, {}, 'colour'],
      ['an unknown table', { order_id: 'a' }, { table: 'nothing' }, 'nothing'],
      ['a null where none may be', { order_id: null }, {}, 'column order_id'],
      ['a value that a check refuses', { order_id: 'a', total: -1 }, {}, 'constraint sales_order_total_check'],
      ['a value of another type', { order_id: 'a', tags: ['x'], total: 'much' }, {}, 'column total'],
      ['a value of another type in a list', [{ order_id: 'a' }, { order_id: 'b', updated_at: 'never' }], {}, 'column updated_at'],
      ['a number that is too large', { order_id: 'a', total: '1e999999' }, {}, 'column total'],
      ['text with a zero byte', { order_id: 'a\u0000' }, {}, ''],
      ['text as a body', 'text', {}, 'no mapping'],
      ['a number that JSON has not', { order_id: 'a', total: Number.NaN }, {}, 'NaN'],
      ['a table with SQL in its name', { order_id: 'a' }, { table: 'x"; DROP TABLE sales_order; --' }, 'DROP'],
      ['a column with SQL in its name', { 'order_id") VALUES (1); --': 'a' }, {}, 'VALUES'],
    ])('of %s is Rejected, and says where', async (_, body, options, words) => {
      const error = await failure(send('insert', body, options));
      expect(error).toBeInstanceOf(Rejected);
      expect(error.message).toContain(words);
      expect(await count()).toBe(0);
    });
  });

  describe('upsert, update and delete', () => {
    beforeEach(() => server.exec("INSERT INTO sales_order (order_id, total, tags) VALUES ('a', 1, '{x}'), ('b', 2, '{y}')"));

    it('upsert inserts or updates, and leaves alone what the body does not name', async () => {
      const body = [
        { order_id: 'a', total: 5 },
        { order_id: 'c', total: 6 },
        { order_id: 'c', total: 7 },
      ];
      expect(await send('upsert', body, key)).toEqual({ detail: 'rows: 3' });
      expect(await server.all('SELECT order_id, total, tags FROM sales_order ORDER BY 1')).toEqual([
        { order_id: 'a', total: '5', tags: ['x'] },
        { order_id: 'b', total: '2', tags: ['y'] },
        { order_id: 'c', total: '7', tags: null },
      ]);
      await send('upsert', { order_id: 'a' }, key);
      await expect(send('upsert', { total: 1 }, key)).rejects.toThrow('The body has no "order_id"');
    });

    it('upsert without a unique key in the table is Rejected', async () => {
      await expect(send('upsert', { total: 1 }, { key: ['total'] })).rejects.toThrow('ON CONFLICT');
    });

    it('update of a row that is missing is Rejected, with all that was sent with it, unless that is to be ignored', async () => {
      const body = [
        { order_id: 'a', total: 5 },
        { order_id: 'z', total: 5 },
      ];
      await expect(send('update', body, key)).rejects.toThrow('No row of sales_order has the key {"order_id":"z"}.');
      expect((await orders())[0]).toEqual({ order_id: 'a', total: '1' });
      expect(await send('update', body, { ...key, missing: 'ignore' })).toEqual({ detail: 'rows: 1' });
      await expect(send('update', { order_id: 'a' }, key)).rejects.toThrow('nothing to update');
    });

    it('delete removes the row with the key; a missing one is ignored, unless it is to be Rejected', async () => {
      expect(await send('delete', [{ order_id: 'a' }, { order_id: 'z' }], key)).toEqual({ detail: 'rows: 1' });
      expect(await orders()).toEqual([{ order_id: 'b', total: '2' }]);
      await expect(send('delete', { order_id: 'z' }, { ...key, missing: 'reject' })).rejects.toBeInstanceOf(Rejected);
    });
  });

  describe('execute and call', () => {
    const statement = 'INSERT INTO sales_order (order_id, total) VALUES (:id, :total) ON CONFLICT DO NOTHING';

    it("takes parameters from the body's properties, once for each element, or from its own", async () => {
      const body = [
        { id: 'a', total: 1, more: 'x' },
        { id: "b'; DROP TABLE sales_order; --", total: 2 },
        { id: 'a', total: 3 },
      ];
      expect(await send('execute', body, { statement })).toEqual({ detail: 'rows: 2' });
      await send('execute', body, { statement, parameters: { id: 'c', total: null } });
      expect(await orders()).toHaveLength(3);
      await send('execute', body, { statement: 'DELETE FROM sales_order' });
      expect(await orders()).toHaveLength(0);
      await expect(send('execute', { id: 'a' }, { statement })).rejects.toThrow('parameter "total" is not given: there is id');
    });

    it('call replies with rows, exactly', async () => {
      const asked = await send(
        'call',
        { a: '12345678901234567890.10', b: [1, 2], c: null },
        {
          statement:
            "SELECT :a::numeric AS a, :b::int[] AS b, :b AS json, :c::text AS c, 9007199254740993 AS d, now() > '2026-01-01' AS e",
        },
      );
      expect(asked).toEqual({
        detail: 'rows: 1',
        reply: { body: [{ a: '12345678901234567890.10', b: [1, 2], json: '[1,2]', c: null, d: '9007199254740993', e: true }] },
      });
      const none = await send('call', {}, { statement: 'SELECT 1 WHERE false', one: true });
      expect(none.reply?.body).toBeNull();
    });

    it('call may only read, gives no more rows than asked for, and refuses what it cannot answer', async () => {
      await expect(send('call', { id: 'a', total: 1 }, { statement })).rejects.toBeInstanceOf(Rejected);
      await expect(send('call', {}, { statement: 'SELECT generate_series(1, 100000)', rowsMax: 10 })).rejects.toThrow(
        'more than 10 rows',
      );
      expect((await send('call', {}, { statement: 'SELECT generate_series(1, 10) AS n', rowsMax: 10 })).detail).toBe('rows: 10');
    });

    it('call that writes gives a repeat the same reply, and has one effect', async () => {
      const options = {
        statement: 'INSERT INTO sales_order (order_id) VALUES (gen_random_uuid()) RETURNING order_id',
        readOnly: false,
      };
      const first = await send('call', {}, options, { deliveryId: 'd' });
      expect(await send('call', {}, options, { deliveryId: 'd' })).toEqual(first);
      expect(await count()).toBe(1);
    });
  });

  describe('the inbox', () => {
    it('makes a delivery once, however often and however concurrently it is sent', async () => {
      await open('insert');
      const sends = Array.from({ length: 12 }, () => send('insert', { order_id: 'a' }, {}, { deliveryId: 'same' }));
      const details = (await Promise.all(sends)).map(({ detail }) => detail);
      expect(details.filter((detail) => detail === 'rows: 1')).toHaveLength(1);
      expect(details.filter((detail) => detail === 'was done before')).toHaveLength(11);
      expect(await count()).toBe(1);
    });

    it('is made on first use by whoever comes first, and anew where it was dropped', async () => {
      const many = await Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          open('insert').then(async (one) => one.send({ order_id: `${n}` }, { table: 'sales_order' })),
        ),
      );
      expect(many).toHaveLength(5);
      await server.exec('DROP TABLE mortise_inbox');
      await expect(send('insert', { order_id: 'x' })).rejects.toBeInstanceOf(Unavailable);
      await send('insert', { order_id: 'x' });
    });

    it('forgets delivery ids after their time, and does without where that is said', async () => {
      const clock = manualClock();
      const outbound = await open('insert', { clock });
      await outbound.send({ order_id: 'a' }, { table: 'sales_order', inboxKeep: '1d' });
      clock.advance(2 * 86_400_000);
      await (await open('insert', { clock })).send({ order_id: 'b' }, { table: 'sales_order', inboxKeep: '1d' });
      expect(await count('mortise_inbox')).toBe(1);
      await send('insert', { order_id: 'c' }, { inbox: false });
      expect(await count('mortise_inbox')).toBe(1);
    });
  });

  describe('a failure', () => {
    it('of a lock, a deadlock or a serialization is Busy; a timeout is Unavailable; all are undone', async () => {
      await server.exec("INSERT INTO sales_order VALUES ('a', 1)");
      const raise = (state: string) => ({ statement: `DO $$ BEGIN RAISE 'no' USING ERRCODE = '${state}'; END $$` });
      for (const state of ['40001', '40P01', '55P03'])
        expect(await failure(send('execute', {}, raise(state)))).toBeInstanceOf(Busy);
      for (const state of ['53100', '57P01', '58030', '28000', '42501'])
        expect(await failure(send('execute', {}, raise(state)))).toBeInstanceOf(Unavailable);
      const slow = await failure(send('execute', {}, { statement: 'SELECT pg_sleep(60)', statementTimeout: '50ms' }));
      expect(slow).toBeInstanceOf(Unavailable);
      expect(await count('mortise_inbox')).toBe(0);
    });

    it('of a check that only COMMIT makes is Rejected', async () => {
      await server.exec('CREATE TABLE line (order_id text REFERENCES sales_order DEFERRABLE INITIALLY DEFERRED)');
      const error = await failure(send('insert', { order_id: 'x' }, { table: 'line' }));
      expect(error).toBeInstanceOf(Rejected);
      expect(error.message).toContain('line_order_id_fkey');
    });

    it('of time being up ends the statement on the server', async () => {
      const time = new AbortController();
      const sending = failure(
        send('execute', {}, { statement: 'SELECT pg_sleep(600)', statementTimeout: '1h' }, { signal: time.signal }),
      );
      const sleeping = () =>
        server.all("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'");
      await waitUntil('the statement runs', async () => (await sleeping()).length > 0);
      time.abort();
      expect(await sending).toBeInstanceOf(Unavailable);
      await waitUntil('the statement is ended', async () => (await sleeping()).length === 0);
    });

    it('of a backend that an administrator ends is Unavailable, and the next send has a new connection', async () => {
      await send('insert', { order_id: 'a' });
      const sending = failure(send('insert', { order_id: 'b' }, { table: 'sales_order' }));
      await sending.catch(() => undefined);
      await server.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mortise'");
      await waitUntil('a send goes through', () =>
        send('insert', { order_id: 'c' }).then(
          () => true,
          () => false,
        ),
      );
      const slow = failure(send('execute', {}, { statement: 'SELECT pg_sleep(600)' }));
      await waitUntil('it is ended', async () => {
        const rows = await server.all(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'",
        );
        return rows.length > 0;
      });
      expect(await slow).toBeInstanceOf(Unavailable);
    });

    it.each(['cut', 'stall'] as const)('of an answer to COMMIT (%s) is in doubt, and a repeat does it once', async (mode) => {
      const gate = await startCommitGate(server.port);
      const outbound = await open('insert', { connection: { ...server.connection, port: gate.port } });
      await outbound.send({ order_id: 'first' }, { table: 'sales_order' });
      gate.mode = mode;
      const time = new AbortController();
      const sending = failure(
        outbound.send({ order_id: 'a' }, { table: 'sales_order' }, { deliveryId: 'd', signal: time.signal }),
      );
      await waitUntil('it has its effect', async () => (await count()) === 2);
      if (mode === 'stall') time.abort();
      expect(await sending).toBeInstanceOf(InDoubt);
      gate.mode = 'pass';
      expect(await outbound.send({ order_id: 'a' }, { table: 'sales_order' }, { deliveryId: 'd' })).toEqual({
        detail: 'was done before',
      });
      await gate.close();
    });

    it('of the server being restarted is passed over', async () => {
      await send('insert', { order_id: 'a' });
      await server.stop();
      expect(await failure(send('insert', { order_id: 'b' }))).toBeInstanceOf(Unavailable);
      await server.start();
      await send('insert', { order_id: 'b' });
      expect(await count()).toBe(2);
    });
  });
});
