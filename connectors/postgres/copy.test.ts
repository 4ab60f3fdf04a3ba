// The copy of a table that goes on changing: it and the stream behind it are the table, however often the copy is cut off.

import { Unavailable } from '@mortise/sdk';
import type { InboundHarness } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bodiesOf, Following, keysOf, schema } from './fixtures/following.ts';
import type { Body } from './fixtures/following.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';

describe.skipIf(noServer)(`the copy of changes (${noServer ?? 'on a server'})`, () => {
  let server: TestServer;
  let bench: Following;

  beforeAll(async () => {
    server = await startTestServer();
    bench = new Following(server);
  });
  beforeEach(() => server.reset(schema));
  afterEach(() => bench.close());
  afterAll(() => server.remove());

  it('and the stream meet without gap and overlap, while the application goes on writing', async () => {
    await server.exec('INSERT INTO sales_order SELECT n, 0 FROM generate_series(1, 300) AS n');
    const inbound = await bench.open({ batch: 50 });
    const application = await server.client();
    let [id, enough] = [300, false];
    const writing = (async () => {
      while (!enough || id < 400) {
        await application.query(`INSERT INTO sales_order VALUES (${++id}, 0)`);
        await application.query(`UPDATE sales_order SET total = total + 1 WHERE order_id = ${1 + (id % 300)}`);
        await application.query(`DELETE FROM sales_order WHERE order_id = ${id - 200}`);
      }
    })();
    await bench.follows(inbound);
    enough = true;
    await writing;
    await application.query(`INSERT INTO sales_order VALUES (${++id}, 0)`);
    await application.end();
    await inbound.until('the last is here', () => bodiesOf(inbound).some(({ key }) => key?.['order_id'] === id));
    const bodies = bodiesOf(inbound);
    const created = bodies.filter(({ operation }) => ['copy', 'insert'].includes(operation)).map(({ key }) => key?.['order_id']);
    expect(new Set(created).size).toBe(created.length);
    expect(stateOf(bodies)).toEqual(await tableState('sales_order', 'order_id', 'total'));
  });

  it('goes on with the same rows where accept has failed', async () => {
    await server.exec('INSERT INTO sales_order SELECT n FROM generate_series(1, 5) AS n');
    const inbound = await bench.open({ batch: 2 });
    await bench.has(inbound, 2);
    inbound.accepted.failNext(new Unavailable('Not now.'), 2);
    await bench.follows(inbound);
    expect(keysOf(bodiesOf(inbound))).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes the columns and rows that the publication has', async () => {
    await server.exec(`INSERT INTO sales_order VALUES (1, 1, 'a'), (2, 2, 'b');
      CREATE PUBLICATION part FOR TABLE sales_order (order_id, total) WHERE (total > 1) WITH (publish = insert)`);
    const inbound = await bench.following({ publication: 'part' });
    await server.exec("INSERT INTO sales_order VALUES (3, 0, 'c'), (4, 4, 'd')");
    expect((await bench.has(inbound, 2)).map(({ after }) => after)).toEqual([
      { order_id: 2, total: '2' },
      { order_id: 4, total: '4' },
    ]);
  });

  it('is left out where that is said', async () => {
    await server.exec('INSERT INTO sales_order VALUES (1)');
    const inbound = await bench.following({ copy: false });
    await server.exec('INSERT INTO sales_order VALUES (2)');
    expect((await bench.has(inbound, 1)).map(({ key }) => key)).toEqual([{ order_id: 2 }]);
  });

  describe('that is cut off', () => {
    it('goes on behind the rows that were handed over, and tells what became of them meanwhile', async () => {
      await server.exec('INSERT INTO sales_order SELECT n FROM generate_series(1, 10) AS n');
      const inbound = await bench.open({ batch: 3 });
      await inbound.poll();
      await bench.stopped(inbound);
      await server.exec(`DELETE FROM sales_order WHERE order_id IN (2, 7); UPDATE sales_order SET total = 1 WHERE order_id IN (3, 8);
        UPDATE sales_order SET order_id = 20 WHERE order_id = 1; UPDATE sales_order SET order_id = 1 WHERE order_id = 9`);
      await inbound.restart();
      await bench.follows(inbound);
      await server.exec('INSERT INTO sales_order VALUES (11)');
      const bodies = await bench.has(inbound, 14);
      expect(bodies.map(({ operation, key }) => `${operation} ${String(key?.['order_id'])}`)).toEqual([
        'copy 1',
        'copy 2',
        'copy 3',
        'delete 2',
        'update 3',
        'delete 1',
        'insert 1',
        'copy 4',
        'copy 5',
        'copy 6',
        'copy 8',
        'copy 10',
        'copy 20',
        'insert 11',
      ]);
      expect(stateOf(bodies)).toEqual(await tableState('sales_order', 'order_id', 'total'));
    });

    it('takes back the rows that nothing tells apart, and gives all of them again', async () => {
      await server.exec(`CREATE TABLE bare (note text); CREATE PUBLICATION inserts FOR TABLE bare WITH (publish = insert);
        INSERT INTO bare SELECT 'a' FROM generate_series(1, 5)`);
      const inbound = await bench.open({ publication: 'inserts', batch: 2 });
      await inbound.poll();
      await bench.stopped(inbound);
      await server.exec("INSERT INTO bare VALUES ('b')");
      await inbound.restart();
      await bench.follows(inbound);
      expect((await bench.has(inbound, 9)).slice(2).map(({ operation, after }) => [operation, after?.['note']])).toEqual([
        ['truncate', undefined],
        ...['a', 'a', 'a', 'a', 'a', 'b'].map((note) => ['copy', note]),
      ]);
    });

    it('stops where the slot was dropped: what became of the rows is lost', async () => {
      await server.exec('INSERT INTO sales_order SELECT n FROM generate_series(1, 10) AS n');
      const inbound = await bench.open({ batch: 3 });
      await inbound.poll();
      await bench.stopped(inbound);
      await server.exec("SELECT pg_drop_replication_slot('orders')");
      await inbound.restart();
      expect(await bench.failing(inbound)).toMatchObject({ code: 'MORTISE_POSTGRES_SLOT_MISSING' });
    });

    it('is the table in the end, whatever is written meanwhile and wherever it is cut off', { timeout: 180_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 9 }),
          fc.array(deed, { minLength: 5, maxLength: 25 }),
          async (batch, deeds) => {
            await server.reset(wares);
            const inbound = await bench.open({ publication: 'wares', batch });
            for (const one of deeds) await done(inbound, one);
            await bench.follows(inbound);
            await server.exec("INSERT INTO ware VALUES ('end', 0, 0)");
            await inbound.until('the last is here', () => bodiesOf(inbound).some(({ key }) => key?.['code'] === 'end'));
            expect(stateOf(bodiesOf(inbound))).toEqual(await tableState('ware', "code || '/' || size", 'amount'));
            await inbound.closeInbound();
          },
        ),
        { numRuns: 6 },
      );
    });
  });

  /** What is written, or where the inbound is cut off. */
  const done = async (inbound: InboundHarness, one: Deed): Promise<void> => {
    if (typeof one !== 'string') await server.exec(one.sql).catch(() => undefined);
    if (one === 'die') inbound.accepted.dieAfterNextCommit();
    if (one === 'die' || one === 'poll') await bench.failing(inbound);
    if (one !== 'die' && one !== 'restart') return;
    await bench.stopped(inbound);
    await inbound.restart();
  };

  const tableState = async (table: string, key: string, value: string) =>
    Object.fromEntries(
      (await server.all(`SELECT (${key})::text AS key, ${value} AS value FROM ${table} ORDER BY 1`)).map((row) => [
        row['key'],
        row['value'],
      ]),
    );
});

/** Two columns tell the rows apart, in an order that is neither that of bytes nor the one in which they were made. */
const wares = `CREATE TABLE ware (code text COLLATE "und-x-icu", size int, amount int, PRIMARY KEY (code, size));
  CREATE TABLE after_ware (id int PRIMARY KEY); INSERT INTO after_ware SELECT generate_series(1, 3);
  CREATE PUBLICATION wares FOR TABLE ware, after_ware;
  INSERT INTO ware SELECT code, size, 0 FROM unnest(ARRAY['b', 'A', 'ä', 'Z', 'z-1', '''']) AS code, generate_series(9, 10) AS size`;

type Deed = 'poll' | 'die' | 'restart' | { readonly sql: string };

const code = fc.constantFrom("'b'", "'A'", "'ä'", "'Z'", "'z-1'", "''''", "'n'");
const size = fc.constantFrom(9, 10, 11);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Deed>('poll', 'poll', 'die', 'restart') },
  fc.tuple(code, size).map(([of, at]) => ({ sql: `INSERT INTO ware VALUES (${of}, ${at}, 1)` })),
  fc.tuple(code, size).map(([of, at]) => ({ sql: `DELETE FROM ware WHERE code = ${of} AND size = ${at}` })),
  fc.tuple(code, size).map(([of, at]) => ({ sql: `UPDATE ware SET amount = amount + 1 WHERE code = ${of} OR size = ${at}` })),
  fc.tuple(code, code, size).map(([of, to, at]) => ({ sql: `UPDATE ware SET code = ${to} WHERE code = ${of} AND size = ${at}` })),
  { weight: 1, arbitrary: fc.constant({ sql: "SET LOCAL lock_timeout = '300ms'; TRUNCATE ware" }) },
);

/** What a receiver would have that does what the messages say. */
function stateOf(bodies: readonly Body[]): Record<string, unknown> {
  const state = new Map<string, unknown>();
  const truncated = bodies.findLastIndex(({ operation }) => operation === 'truncate');
  // A table that is truncated is empty for every snapshot at once: the changes before that are of rows that a copy may not have had.
  for (const { operation, table, key, before, after } of bodies.slice(truncated + 1)) {
    if (table === 'after_ware') continue;
    apply(state, operation, { name: nameOf(key), old: before && nameOf(key && { ...key, ...before }), after });
  }
  return Object.fromEntries([...state].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Applied {
  readonly name: string;
  /** Where the change gave the row another key: the one before. */
  readonly old: string | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** Throws where a row is created that is there, or one changed that is not. */
function apply(state: Map<string, unknown>, operation: string, { name, old, after }: Applied): void {
  const known = operation === 'update' ? (old ?? name) : name;
  if (state.has(known) !== ['update', 'delete'].includes(operation))
    throw new Error(`${operation} of ${known}, which is ${state.has(known) ? '' : 'not '}there.`);
  state.delete(known);
  if (operation !== 'delete') state.set(name, after?.['total'] ?? after?.['amount'] ?? null);
}

function nameOf(key: Readonly<Record<string, unknown>> | null): string {
  return Object.values(key ?? {})
    .map(String)
    .join('/');
}
