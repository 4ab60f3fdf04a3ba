// Kills an engine again and again while orders come in, and says what became of them: for the short and the long crash test.

import { globSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TestServer } from '../connectors/postgres/fixtures/server.ts';
import { freePorts, until } from './engine-process.ts';
import type { EngineProcess, OwnEngines, Ports } from './engine-process.ts';
import { Billing, postUntilTaken, query, seededRandom, shopKey, writeOrdersProject } from './orders-project.ts';

/** One kill in so many comes at any moment of a start; the others when the engine works. */
const killsPerStart = 4;
const startMs = 1200;
const workMs = 600;
const sendersOfEach = 3;
/** Between two orders of one sender: enough to have some under way at any time, few enough to count them all. */
const pauseMs = 10;
const fileEveryMs = 250;
const recordsPerFile = 20;
const tickMs = 500;
const reloadEveryMs = 2000;
/** Suspects run one at a time: after many kills that takes a while. */
const settledWithinMs = 300_000;

export interface Crashing {
  readonly kills: number;
  readonly seed: number;
  /** A PostgreSQL server that orders go to as well. */
  readonly ledger?: TestServer;
  /** What is done so often, in place of a kill: a clean stop and a start, or a reload of a changed project. */
  readonly how?: 'kill' | 'stop' | 'reload';
}

/** Sends, kills, starts again; then lets everything end and checks what is where. */
export async function crashAndCount({ kills, seed, ledger, how = 'kill' }: Crashing, engines: OwnEngines): Promise<void> {
  const billing = new Billing();
  const folder = writeOrdersProject(await billing.listen(), ledger ? { ledgerPort: ledger.port } : {});
  const environment = { SHOP_KEY: shopKey, ...(ledger ? { DATABASE_KEY: String(Object.values(ledger.secrets)[0]) } : {}) };
  const ports = await freePorts();
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const start = (): Promise<EngineProcess> => engines.start({ folder, ports, environment });
  try {
    const [last, sent, skus] = await Promise.all([
      (async () => {
        if (how !== 'reload') await endAgainAndAgain(kills, how, seededRandom(seed), start);
        const engine = await start();
        await engine.ready();
        if (how === 'reload') await reloadAgainAndAgain(kills, folder, engine);
        stopping.abort();
        return engine;
      })(),
      startSenders(ports, stopping.signal, givingUp.signal),
      dropFiles(folder, stopping.signal),
    ]);
    await until(() => filesIn(folder) === 0, settledWithinMs);
    await last.settled(settledWithinMs);
    await checkNothingIsLost(last);
    checkEffects(folder, sent, skus, billing);
    if (ledger) await checkLedger(ledger, sent);
    expect(await last.stop()).toBe(0);
    checkTicks(folder);
  } finally {
    stopping.abort();
    givingUp.abort();
    await billing.close();
  }
}

async function endAgainAndAgain(
  kills: number,
  how: 'kill' | 'stop',
  random: () => number,
  start: () => Promise<EngineProcess>,
): Promise<void> {
  for (let killed = 0; killed < kills; killed++) {
    const engine = await start();
    const isAtStart = how === 'kill' && random() < 1 / killsPerStart;
    if (!isAtStart) await engine.ready();
    await sleep(random() * (isAtStart ? startMs : workMs));
    if (engine.hasEnded) throw new Error(`The engine ended by itself before kill ${killed + 1}.\n${engine.log()}`);
    if (how === 'kill') await engine.kill();
    else expect(await engine.stop()).toBe(0);
  }
}

/** Each time a flow is another one than before. */
async function reloadAgainAndAgain(count: number, folder: string, engine: EngineProcess): Promise<void> {
  const file = join(folder, 'flows', 'orders-to-erp.yaml');
  const text = readFileSync(file, 'utf8');
  for (let version = 1; version <= count; version++) {
    writeFileSync(file, text.replace('"version": 1', `"version": ${version}`));
    expect(await engine.post('/api/v1/reload')).toMatchObject({ applied: true });
    await sleep(reloadEveryMs);
  }
}

interface SentOrders {
  readonly orders: readonly string[];
  readonly payments: readonly string[];
}

/** Ids that were answered with 2xx. After `stopping` nothing new is sent, but what was begun is sent until it is answered. */
async function startSenders({ inbound }: Ports, stopping: AbortSignal, givingUp: AbortSignal): Promise<SentOrders> {
  const base = `http://127.0.0.1:${inbound}`;
  const sendMany = async (path: string, name: string, bodyOf: (id: string, count: number) => object): Promise<string[]> => {
    const ids: string[] = [];
    while (!stopping.aborted) {
      const id = `${name}-${ids.length}`;
      const { answers } = await postUntilTaken(`${base}${path}`, id, bodyOf(id, ids.length), givingUp);
      expect(answers.at(-1)).toBe(202);
      ids.push(id);
      await sleep(pauseMs);
    }
    return ids;
  };
  const each = Array.from({ length: sendersOfEach }, (_, index) => index);
  const orders = each.map((index) =>
    sendMany('/orders', `order-${index}`, (id, count) => ({ id, customer: `customer-${count % 7}` })),
  );
  const payments = each.map((index) => sendMany('/payments', `payment-${index}`, (id, count) => ({ id, cents: count })));
  return { orders: (await Promise.all(orders)).flat(), payments: (await Promise.all(payments)).flat() };
}

/** Drops a file of stock now and then, each record of which occurs once; what they hold. */
async function dropFiles(folder: string, stopping: AbortSignal): Promise<readonly string[]> {
  const skus: string[] = [];
  mkdirSync(join(folder, 'stocks'), { recursive: true });
  for (let file = 0; !stopping.aborted; file++) {
    const own = Array.from({ length: recordsPerFile }, (_, index) => `sku-${file}-${index}`);
    const path = join(folder, 'stocks', `STOCK-${file}.csv`);
    writeFileSync(`${path}.part`, ['sku,quantity', ...own.map((sku) => `${sku},1`), ''].join('\n'));
    renameSync(`${path}.part`, path);
    skus.push(...own);
    await sleep(fileEveryMs);
  }
  return skus;
}

/** How many files of stock are still to be taken, or are being taken. */
function filesIn(folder: string): number {
  // The folder of a claimed file goes with it, also while it is looked through: glob takes it for empty then.
  return globSync(['*.csv', '.claimed/**/*.csv'], { cwd: join(folder, 'stocks') }).length;
}

/** The books are even, and no person has anything to do. */
async function checkNothingIsLost(engine: EngineProcess): Promise<void> {
  const { even, reasons } = await engine.balance();
  expect({ even, reasons }).toEqual({ even: true, reasons: [] });
  expect(await engine.count('dead', 'in-doubt', 'invalid', 'unclaimed', 'abandoned')).toBe(0);
}

/** What was answered 2xx, and what lay in the folder, took effect once, everywhere. */
function checkEffects(folder: string, { orders, payments }: SentOrders, skus: readonly string[], billing: Billing): void {
  const ids = (sql: string): readonly unknown[] =>
    query(folder, sql)
      .map((row) => row['id'])
      .sort();
  const sorted = orders.toSorted();
  expect(orders.length).toBeGreaterThan(10);
  expect(ids('SELECT order_id AS id FROM sales_order')).toEqual(sorted);
  expect(ids('SELECT order_id AS id FROM invoice')).toEqual(sorted);
  expect(ids('SELECT order_id AS id FROM survey')).toEqual(sorted);
  expect(ids('SELECT payment_id AS id FROM payment')).toEqual(payments.toSorted());
  expect(ids('SELECT sku AS id FROM stock')).toEqual(skus.toSorted());
  expect(readdirSync(join(folder, 'picks')).sort()).toEqual(sorted.map((id) => `${id}.json`));
  const billed = [...billing.requests.values()].map(({ body }) => (JSON.parse(body) as { orderId: string }).orderId);
  expect(billed.sort()).toEqual(sorted);
}

async function checkLedger(ledger: TestServer, { orders }: SentOrders): Promise<void> {
  const booked = await ledger.all('SELECT order_id FROM booking ORDER BY order_id COLLATE "C"');
  expect(booked.map((row) => row['order_id'])).toEqual(orders.toSorted());
}

/** The clock left out no time and gave none twice, whether an engine was there for it or not. */
function checkTicks(folder: string): void {
  const ticks = query(folder, 'SELECT scheduled FROM tick ORDER BY scheduled').map((row) => Date.parse(String(row['scheduled'])));
  const first = ticks[0] ?? 0;
  expect(ticks.length).toBeGreaterThan(5);
  expect(ticks).toEqual(ticks.map((_, index) => first + index * tickMs));
}
