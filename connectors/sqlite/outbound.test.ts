// Writing to a real database: effects, refusals, repeats, locks, and what a killed process leaves.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InDoubt, Rejected, Unavailable } from '@mortise/sdk';
import { manualClock, openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { OutboundForTest, OutboundHarness, SendForTest } from '@mortise/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { testDatabase } from './fixtures/database.ts';
import type { TestDatabase } from './fixtures/database.ts';
import { outbounds } from './outbound.ts';

let database: TestDatabase;
let opened: { readonly name: string; readonly outbound: OutboundHarness }[];

beforeEach(() => {
  database = testDatabase();
  opened = [];
});

afterEach(async () => {
  await closeAll();
  database.remove();
});

const orders = () => database.all('SELECT order_id, total FROM sales_order ORDER BY order_id');
const key = { key: ['order_id'] };

describe('insert', () => {
  it('writes what the body says, and says how much that was', async () => {
    const body = { order_id: 'a', total: '9.90', lines: [{ sku: 'x', count: 2 }] };
    expect(await send('insert', body)).toEqual({ detail: 'rows: 1' });
    expect(database.all('SELECT *, typeof(total) AS type FROM sales_order')).toEqual([
      { order_id: 'a', total: 9.9, lines: '[{"sku":"x","count":2}]', updated_at: 0, type: 'real' },
    ]);
  });

  it('writes whole numbers without a fraction into columns of text', async () => {
    await send('insert', { order_id: 5, total: 1, lines: true });
    expect(database.all('SELECT order_id, lines FROM sales_order')).toEqual([{ order_id: '5', lines: '1' }]);
  });

  it('writes a list in one transaction, or not at all', async () => {
    expect(await send('insert', [{ order_id: 'a' }, { order_id: 'b', total: 1 }])).toEqual({ detail: 'rows: 2' });
    await expect(send('insert', [{ order_id: 'c' }, { order_id: 'a' }])).rejects.toBeInstanceOf(Rejected);
    expect(orders().map((row) => row['order_id'])).toEqual(['a', 'b']);
  });

  it.each([
    ['an unknown column', { order_id: 'a', colour: 'red' }, {}, 'no column named colour'],
    ['an unknown table', { order_id: 'a' }, { table: 'nothing' }, 'no such table: nothing'],
    ['a null where none may be', { order_id: null }, {}, 'NOT NULL constraint failed: sales_order.order_id'],
    ['a value that a check refuses', { order_id: 'a', total: -1 }, {}, 'CHECK constraint failed'],
    ['text as a body', 'text', {}, 'no mapping'],
    ['a table with SQL in its name', { order_id: 'a' }, { table: 'x"; DROP TABLE sales_order; --' }, 'no such table'],
    ['a column with SQL in its name', { 'order_id") VALUES (1); --': 'a' }, {}, 'no column named'],
  ])('of %s is Rejected, in the words of SQLite', async (_, body, options, words) => {
    const error: unknown = await send('insert', body, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Rejected);
    expect(String(error)).toContain(words);
    expect(database.count()).toBe(0);
  });

  it('that fails takes no other down, although they share a transaction', async () => {
    await open('insert');
    const sends = Array.from({ length: 40 }, (_, n) => send('insert', { order_id: `order ${n}`, total: n % 10 === 3 ? -1 : n }));
    const outcomes = await Promise.allSettled(sends);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
    expect(database.count()).toBe(36);
    expect(database.count('mortise_inbox')).toBe(36);
  });

  it('that only the end of the transaction refuses fails alone as well', async () => {
    database.exec('CREATE TABLE line (order_id TEXT REFERENCES sales_order DEFERRABLE INITIALLY DEFERRED)');
    await send('insert', { order_id: 'a' });
    const outcomes = await Promise.allSettled(['a', 'b', 'a'].map((id) => send('insert', { order_id: id }, { table: 'line' })));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(database.count('line')).toBe(2);
  });
});

describe('upsert, update and delete', () => {
  beforeEach(() => database.exec("INSERT INTO sales_order (order_id, total, lines) VALUES ('a', 1, 'x'), ('b', 2, 'y')"));

  it('upsert inserts or updates, and leaves alone what the body does not name', async () => {
    await send(
      'upsert',
      [
        { order_id: 'a', total: 5 },
        { order_id: 'c', total: 6 },
      ],
      key,
    );
    expect(database.all('SELECT order_id, total, lines FROM sales_order ORDER BY 1')).toEqual([
      { order_id: 'a', total: 5, lines: 'x' },
      { order_id: 'b', total: 2, lines: 'y' },
      { order_id: 'c', total: 6, lines: null },
    ]);
  });

  it('upsert without a unique key in the table is Rejected', async () => {
    await expect(send('upsert', { total: 1, lines: 'x' }, { key: ['total'] })).rejects.toThrow(
      'ON CONFLICT clause does not match',
    );
  });

  it('update changes the row with the key', async () => {
    await send('update', { order_id: 'a', total: 5 }, key);
    expect(orders()).toEqual([
      { order_id: 'a', total: 5 },
      { order_id: 'b', total: 2 },
    ]);
  });

  it('update of a row that is missing is Rejected, with all that was sent with it, unless that is to be ignored', async () => {
    const body = [
      { order_id: 'a', total: 5 },
      { order_id: 'z', total: 5 },
    ];
    await expect(send('update', body, key)).rejects.toThrow('No row of sales_order has the key {"order_id":"z"}.');
    expect(orders()[0]).toEqual({ order_id: 'a', total: 1 });
    expect(await send('update', body, { ...key, missing: 'ignore' })).toEqual({ detail: 'rows: 1' });
  });

  it('delete removes the row with the key; a missing one is ignored, unless it is to be Rejected', async () => {
    expect(await send('delete', [{ order_id: 'a' }, { order_id: 'z' }], key)).toEqual({ detail: 'rows: 1' });
    expect(orders()).toEqual([{ order_id: 'b', total: 2 }]);
    await expect(send('delete', { order_id: 'z' }, { ...key, missing: 'reject' })).rejects.toBeInstanceOf(Rejected);
  });
});

describe('execute', () => {
  const statement = 'INSERT INTO sales_order (order_id, total) VALUES (:id, :total) ON CONFLICT DO NOTHING';

  it("takes its parameters from the body's properties, once for each element", async () => {
    expect(
      await send(
        'execute',
        [
          { id: 'a', total: 1, more: 'x' },
          { id: 'b', total: 2 },
          { id: 'a', total: 3 },
        ],
        { statement },
      ),
    ).toEqual({ detail: 'rows: 2' });
    expect(orders()).toEqual([
      { order_id: 'a', total: 1 },
      { order_id: 'b', total: 2 },
    ]);
  });

  it('takes its parameters from the options, where they are given', async () => {
    await send('execute', [1, 2], { statement, parameters: { id: "it's", total: 7 } });
    expect(orders()).toEqual([{ order_id: "it's", total: 7 }]);
  });

  it('runs once where the statement takes nothing from the body', async () => {
    await send('execute', [1, 2, 3], { statement: 'INSERT INTO sales_order (order_id) VALUES (hex(randomblob(8)))' });
    expect(database.count()).toBe(1);
  });

  it.each(['COMMIT', 'DELETE FROM a; DELETE FROM b', 'SELEKT 1', 'INSERT INTO sales_order (order_id) VALUES (:unknown)'])(
    '%s is Rejected',
    async (text) => {
      await expect(send('execute', {}, { statement: text })).rejects.toBeInstanceOf(Rejected);
    },
  );

  it('takes no templates, which could become a part of the statement', async () => {
    await expect(send('execute', {}, { statement: "DELETE FROM sales_order WHERE order_id = '${id}'" })).rejects.toThrow(
      'statement is wrong',
    );
  });
});

describe('query', () => {
  it('replies with the rows, exact to the last digit', async () => {
    const statement = "SELECT :a AS a, 9007199254740993 AS large, 0.1 AS real, x'01ff' AS blob, NULL AS none";
    const { reply, detail } = await send('query', { a: 'b' }, { statement });
    expect(reply?.body).toEqual([{ a: 'b', large: '9007199254740993', real: 0.1, blob: 'Af8=', none: null }]);
    expect(detail).toBe('rows: 1');
  });

  it('replies with the first row, or null, where one is asked for', async () => {
    const one = { statement: 'SELECT order_id FROM sales_order WHERE order_id >= :id ORDER BY 1', one: true };
    database.exec("INSERT INTO sales_order (order_id) VALUES ('a'), ('b')");
    expect((await send('query', { id: 'a' }, one)).reply?.body).toEqual({ order_id: 'a' });
    expect((await send('query', { id: 'z' }, one)).reply?.body).toBeNull();
  });

  it('refuses more rows than are asked for', async () => {
    const endless = { statement: 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c', rowsMax: 10 };
    await expect(send('query', {}, endless)).rejects.toThrow('There are more than 10 rows.');
    expect((await send('query', {}, { ...endless, statement: `${endless.statement} LIMIT 10` })).reply?.body).toHaveLength(10);
  });

  it('cannot write', async () => {
    await expect(send('query', {}, { statement: "INSERT INTO sales_order (order_id) VALUES ('a')" })).rejects.toBeInstanceOf(
      Rejected,
    );
    expect(database.count()).toBe(0);
  });

  it('that takes too long is given up, with what waits behind it; the next one is answered', async () => {
    const slow = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000000) SELECT count(*) AS n FROM c';
    const outbound = await open('query');
    await outbound.send({}, { statement: 'SELECT 1' });
    const behind = outbound.send({}, { statement: slow }).catch((error: unknown) => error);
    await expect(outbound.send({}, { statement: slow }, { timeoutMs: 100 })).rejects.toBeInstanceOf(Unavailable);
    expect((await outbound.send({}, { statement: 'SELECT 2 AS two' })).reply?.body).toEqual([{ two: 2 }]);
    expect(await behind).toBeInstanceOf(Unavailable);
  });
});

describe('the inbox', () => {
  const again: SendForTest = { deliveryId: 'd-1' };

  it('makes a repeat have no effect, also from another process', async () => {
    await send('insert', { order_id: 'a' }, {}, again);
    await closeAll();
    expect(await send('insert', { order_id: 'a' }, {}, { ...again, attempt: 2 })).toEqual({ detail: 'was done before' });
    expect(database.count()).toBe(1);
  });

  it('forgets a delivery that failed', async () => {
    await expect(send('insert', { order_id: 'a', total: -1 }, {}, again)).rejects.toBeInstanceOf(Rejected);
    await send('insert', { order_id: 'a', total: 1 }, {}, again);
    expect(database.count()).toBe(1);
  });

  it('is not made where it is not wanted; then repeats are not safe, and are declared so', async () => {
    for (const id of ['a', 'b']) await send('insert', { order_id: id }, { inbox: false }, again);
    expect(database.count()).toBe(2);
    expect(database.all("SELECT name FROM sqlite_schema WHERE name LIKE 'mortise%'")).toEqual([]);
    const { repeats } = connector.outbounds.insert;
    expect(typeof repeats === 'function' && [repeats({ inbox: false }), repeats({})]).toEqual(['unsafe', 'safe']);
  });

  it('drops what is older than it is to be kept', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 1));
    await send('insert', { order_id: 'a' }, {}, { deliveryId: 'old' }, { clock });
    await closeAll();
    clock.advance(8 * 86_400_000);
    await send('insert', { order_id: 'b' }, { inboxKeep: '7d' }, { deliveryId: 'new' }, { clock });
    expect(database.all('SELECT * FROM mortise_inbox')).toEqual([{ delivery_id: 'new', at: '2026-01-09T00:00:00.000Z' }]);
  });
});

describe('a lock', () => {
  it('of another program makes it Unavailable after a while, and nothing was done', async () => {
    await open('insert', { connection: { file: database.file, busyTimeout: '50ms' } });
    database.lock();
    const outcomes = await Promise.allSettled(['a', 'b'].map((id) => send('insert', { order_id: id })));
    expect(outcomes).toMatchObject([{ reason: expect.any(Unavailable) }, { reason: expect.any(Unavailable) }]);
    database.unlock();
    await send('insert', { order_id: 'a' });
    expect(database.count()).toBe(1);
  });

  it('of a reader, where there is no write-ahead log, makes the commit fail, and nothing was done', async () => {
    const old = testDatabase('delete');
    const reader = new DatabaseSync(old.file);
    reader.exec('BEGIN; SELECT * FROM sales_order');
    await open('insert', { connection: { file: old.file, busyTimeout: '50ms' } });
    await expect(send('insert', { order_id: 'a' })).rejects.toBeInstanceOf(Unavailable);
    reader.exec('COMMIT');
    expect(old.count()).toBe(0);
    await send('insert', { order_id: 'a' });
    expect(old.count()).toBe(1);
    reader.close();
    old.remove();
  });

  it('does not stop the engine', async () => {
    database.lock();
    const outbound = await open('insert');
    let turns = 0;
    const sending = outbound.send({ order_id: 'a' }, { table: 'sales_order' });
    await waitUntil('the event loop has turned', () => ++turns > 5);
    database.unlock();
    expect((await sending).detail).toBe('rows: 1');
  });
});

describe('time that is up', () => {
  it('while the statement runs leaves it in doubt; here it has happened', async () => {
    const slow = `INSERT INTO sales_order (order_id)
      WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 6000000) SELECT :id || count(*) FROM c`;
    const stop = new AbortController();
    const sending = send('execute', { id: 'slow ' }, { statement: slow }, { signal: stop.signal });
    let looks = 0;
    await waitUntil('the statement runs', () => database.isLocked() && ++looks > 2);
    stop.abort();
    await expect(sending).rejects.toBeInstanceOf(InDoubt);
    await waitUntil('it has happened', () => database.count() === 1);
  });
});

describe('the file', () => {
  it('that is missing is not made, unless that is asked for', async () => {
    const file = join(database.file, '..', 'new.db');
    const create = { statement: 'CREATE TABLE t (a)' };
    await expect(send('execute', {}, create, {}, { connection: { file } })).rejects.toBeInstanceOf(Unavailable);
    expect(existsSync(file)).toBe(false);
    await send('execute', {}, create, {}, { connection: { file, create: true } });
    expect(existsSync(file)).toBe(true);
  });

  it('that is no database makes it Unavailable', async () => {
    const file = join(database.file, '..', 'text.db');
    writeFileSync(file, 'This is no database, although it is long enough for a header. '.repeat(20));
    await expect(send('insert', { order_id: 'a' }, {}, {}, { connection: { file } })).rejects.toThrow('file is not a database');
  });

  it('that was replaced meanwhile is written, not the one that was there', async () => {
    const outbound = await open('insert');
    database.exec('PRAGMA journal_mode = delete');
    await outbound.send({ order_id: 'a' }, { table: 'sales_order' });
    copyFileSync(database.file, `${database.file}-copy`);
    renameSync(`${database.file}-copy`, database.file);
    await outbound.send({ order_id: 'b' }, { table: 'sales_order' });
    expect(orders().map((row) => row['order_id'])).toEqual(['a', 'b']);
  });
});

describe('a killed process', () => {
  it('leaves whole transactions; sent again, every delivery has taken effect once', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'until-killed.ts'), database.file], {
      stdio: 'pipe',
    });
    child.stdout.resume();
    await waitUntil('a good deal is written', () => database.count() > 200);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const written = database.count();
    expect(database.count('mortise_inbox')).toBe(written);
    await open('execute');
    await Promise.all(
      Array.from({ length: written + 20 }, (_, n) => send('execute', { n }, effect, { deliveryId: `delivery ${n}` })),
    );
    expect(database.all('SELECT max(total) AS most, count(*) AS count FROM sales_order')).toEqual([
      { most: 1, count: written + 20 },
    ]);
  });

  const effect = {
    statement: "INSERT INTO sales_order (order_id, total) VALUES ('order ' || :n, 1) ON CONFLICT DO UPDATE SET total = total + 1",
  };
});

async function open(name: string, more: Partial<OutboundForTest> = {}): Promise<OutboundHarness> {
  const outbound = await openOutboundForTest({ connector, outbounds, name, connection: { file: database.file }, ...more });
  opened.push({ name, outbound });
  return outbound;
}

/** Through the outbound that is open, unless another connection or clock is given. */
async function send(name: string, body: unknown, options: object = {}, how?: SendForTest, more?: Partial<OutboundForTest>) {
  const before = more ? undefined : opened.findLast((one) => one.name === name)?.outbound;
  const outbound = before ?? (await open(name, more));
  return outbound.send(body, { ...(['execute', 'query'].includes(name) ? {} : { table: 'sales_order' }), ...options }, how);
}

async function closeAll(): Promise<void> {
  for (const { outbound } of opened.splice(0)) await outbound.close();
}
