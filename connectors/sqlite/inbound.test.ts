// Reading a real table by its watermark: every row once, whatever the batches, restarts and equal watermarks.

import fc from 'fast-check';
import { Busy, Rejected } from '@mortise/sdk';
import { openInboundForTest } from '@mortise/sdk/testing';
import type { InboundForTest, InboundHarness } from '@mortise/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { testDatabase } from './fixtures/database.ts';
import type { TestDatabase } from './fixtures/database.ts';
import { inbounds } from './inbound.ts';

let database: TestDatabase;
let opened: InboundHarness[];

beforeEach(() => {
  database = testDatabase();
  opened = [];
});

afterEach(async () => {
  for (const inbound of opened) await inbound.close();
  database.remove();
});

const byTime = { table: 'sales_order', watermark: 'updated_at', key: ['order_id'] };

describe('rows', () => {
  it('come in the order of their watermark, whole, with their key as subject', async () => {
    database.exec("INSERT INTO sales_order VALUES ('a', 1, NULL, 20), ('b', 2.5, 'x', 10)");
    const inbound = await open(byTime);
    await inbound.poll();
    expect(inbound.accepted.messages).toMatchObject([
      { subject: 'b', body: { order_id: 'b', total: 2.5, lines: 'x', updated_at: 10 } },
      { subject: 'a', body: { order_id: 'a', total: 1, lines: null, updated_at: 20 } },
    ]);
    expect(inbound.accepted.commits).toHaveLength(1);
  });

  it('come again when their watermark has grown, and not otherwise', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('a', 10), ('b', 20)");
    const inbound = await open(byTime);
    await inbound.poll();
    database.exec("UPDATE sales_order SET total = 1; UPDATE sales_order SET updated_at = 30 WHERE order_id = 'a'");
    await inbound.poll();
    expect(ids(inbound)).toEqual(['a', 'b', 'a']);
  });

  it('without a watermark are left out', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('a', NULL), ('b', 1)");
    const inbound = await open(byTime);
    await inbound.poll();
    expect(ids(inbound)).toEqual(['b']);
  });

  it('up to the start are left out', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('a', 10), ('b', 20), ('c', 20), ('d', 30)");
    const inbound = await open({ ...byTime, start: 20 });
    await inbound.poll();
    expect(ids(inbound)).toEqual(['d']);
  });

  it('are told apart by their rowid where no key is named', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('b', 1), ('a', 1), ('c', 1)");
    const inbound = await open({ table: 'sales_order', watermark: 'updated_at', batch: 2 });
    expect([await inbound.poll(), await inbound.poll(), await inbound.poll()]).toEqual(['more', 'idle', 'idle']);
    expect(ids(inbound)).toEqual(['b', 'a', 'c']);
    expect(inbound.accepted.messages[0]?.subject).toBe('1');
  });

  it('each come once, in order, however many share a watermark, whatever is added, and wherever it is restarted', async () => {
    const anyRow = fc.record({ seq: fc.integer({ min: 0, max: 3 }), name: fc.constantFrom('a', 'A', 'b', 'ä', '') });
    const anyStep = fc.oneof(
      fc.constantFrom('poll' as const, 'restart' as const),
      fc.array(anyRow, { minLength: 1, maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 8 }), fc.integer({ min: 1, max: 4 }), async (steps, batch) => {
        database.exec('DROP TABLE IF EXISTS t; CREATE TABLE t (seq INTEGER, name TEXT COLLATE NOCASE, no INTEGER)');
        const inbound = await open({ table: 't', watermark: 'seq', key: ['name', 'no'], batch });
        let [round, no] = [0, 0];
        const readAll = async () => {
          while ((await inbound.poll()) === 'more');
        };
        for (const step of steps) {
          if (step === 'restart') await inbound.restart();
          else if (step === 'poll') await inbound.poll();
          else {
            // New rows lie behind those that were there: that is what a watermark is.
            await readAll();
            round++;
            database.exec(
              `INSERT INTO t VALUES ${step.map(({ seq, name }) => `(${round * 10 + seq}, '${name}', ${++no})`).join(', ')}`,
            );
          }
        }
        await readAll();
        expect(inbound.accepted.messages.map((message) => message.body)).toEqual(
          database.all('SELECT * FROM t ORDER BY seq, name, no'),
        );
        await inbound.closeInbound();
      }),
      { numRuns: 25 },
    );
  });
});

describe('a watermark', () => {
  it.each([
    ['an integer beyond 2^53', 'INTEGER', ['9007199254740993', '9007199254740994']],
    ['an integer in a column without a type', '', ['9007199254740993', '9007199254740994']],
    ['a number with a fraction', 'REAL', ['1.5', '2.25']],
    ['text', 'TEXT', ["'2026-01-01T00:00:00.123456Z'", "'2026-01-01T00:00:00.123457Z'"]],
    ['a BLOB', 'BLOB', ["x'00ff'", "x'0100'"]],
  ])('may be %s: it is gone on from, exactly', async (_, type, [first, second]) => {
    database.exec(`CREATE TABLE t (name TEXT, mark ${type}); INSERT INTO t VALUES ('a', ${first})`);
    const inbound = await open({ table: 't', watermark: 'mark' });
    await inbound.poll();
    await inbound.restart();
    database.exec(`INSERT INTO t VALUES ('b', ${second})`);
    await inbound.poll();
    await inbound.poll();
    expect(inbound.accepted.messages.map(({ body }) => (body as { name: string }).name)).toEqual(['a', 'b']);
  });

  it('of other columns than the ones that were read by is refused, not misunderstood', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('a', 10)");
    const inbound = await open(byTime);
    await inbound.poll();
    const { cursor } = inbound.accepted;
    for (const change of [{ key: ['rowid'] }, { watermark: 'total' }, { table: 'other' }]) {
      await expect(open({ ...byTime, ...change }, { cursor: cursor ?? null })).rejects.toMatchObject({
        code: 'MORTISE_SQLITE_CURSOR',
      });
    }
    await open({ ...byTime, batch: 1 }, { cursor: cursor ?? null });
  });
});

describe('a poll', () => {
  it('that is not accepted reads the same rows again', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('a', 10), ('b', 20)");
    const inbound = await open(byTime);
    const busy = new Busy('Too much.', 1000);
    inbound.accepted.failNext(busy);
    await expect(inbound.poll()).rejects.toBe(busy);
    await inbound.poll();
    expect(ids(inbound)).toEqual(['a', 'b']);
  });

  it('goes on behind rows that are refused, and says how many', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('a', 10), ('b', 20)");
    const inbound = await open(byTime);
    inbound.accepted.refuseWith(({ subject }) =>
      subject === 'a' ? { code: 'MORTISE_FORMAT_VALUE', message: 'No.' } : undefined,
    );
    await inbound.poll();
    await inbound.poll();
    expect(inbound.log.lines).toMatchObject([{ level: 'warn', facts: { table: 'sales_order', refused: 1 } }]);
  });

  it('says what is wrong with the table', async () => {
    await expect((await open({ ...byTime, table: 'nothing' })).poll()).rejects.toThrow(new Rejected('no such table: nothing'));
    await expect((await open({ ...byTime, watermark: 'nothing' })).poll()).rejects.toThrow('no such column: t.nothing');
    database.exec('CREATE TABLE bare (id INTEGER PRIMARY KEY) WITHOUT ROWID');
    await expect((await open({ table: 'bare', watermark: 'id' })).poll()).rejects.toThrow('no such column: t.rowid');
  });

  it('reads what is committed, while another program writes', async () => {
    database.exec("INSERT INTO sales_order (order_id, updated_at) VALUES ('a', 10)");
    database.lock();
    const inbound = await open(byTime);
    await inbound.poll();
    expect(ids(inbound)).toEqual(['a']);
  });
});

async function open(options: unknown, more: Partial<InboundForTest> = {}): Promise<InboundHarness> {
  const inbound = await openInboundForTest({
    connector,
    inbounds,
    name: 'rows',
    connection: { file: database.file },
    options,
    ...more,
  });
  opened.push(inbound);
  return inbound;
}

function ids(inbound: InboundHarness): unknown[] {
  return inbound.accepted.messages.map(({ body }) => (body as { order_id: string }).order_id);
}
