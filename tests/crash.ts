// Kills an engine again and again while orders come in, and says what became of them: for the short and the long crash test.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { freePorts } from './engine-process.ts';
import type { EngineProcess, OwnEngines, Ports } from './engine-process.ts';
import { Billing, postUntilTaken, query, seededRandom, shopKey, writeOrdersProject } from './orders-project.ts';

/** One kill in so many comes at any moment of a start; the others when the engine works. */
const killsPerStart = 4;
const startMs = 1200;
const workMs = 600;
const sendersOfEach = 3;
/** Between two orders of one sender: enough to have some under way at any time, few enough to count them all. */
const pauseMs = 10;

export interface Crashing {
  readonly kills: number;
  readonly seed: number;
}

/** Sends, kills, starts again; then lets everything end and checks what is where. */
export async function crashAndCount({ kills, seed }: Crashing, engines: OwnEngines): Promise<void> {
  const billing = new Billing();
  const folder = writeOrdersProject(await billing.listen());
  const ports = await freePorts();
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const start = (): Promise<EngineProcess> => engines.start({ folder, ports, environment: { SHOP_KEY: shopKey } });
  try {
    const [last, sent] = await Promise.all([
      (async () => {
        await killAgainAndAgain(kills, seededRandom(seed), start);
        const engine = await start();
        await engine.ready();
        stopping.abort();
        return engine;
      })(),
      startSenders(ports, stopping.signal, givingUp.signal),
    ]);
    await last.settled();
    await checkNothingIsLost(last);
    checkEffects(folder, sent, billing);
    expect(await last.stop()).toBe(0);
  } finally {
    stopping.abort();
    givingUp.abort();
    await billing.close();
  }
}

async function killAgainAndAgain(kills: number, random: () => number, start: () => Promise<EngineProcess>): Promise<void> {
  for (let killed = 0; killed < kills; killed++) {
    const engine = await start();
    const isAtStart = random() < 1 / killsPerStart;
    if (!isAtStart) await engine.ready();
    await sleep(random() * (isAtStart ? startMs : workMs));
    if (engine.hasEnded) throw new Error(`The engine ended by itself before kill ${killed + 1}.\n${engine.log()}`);
    await engine.kill();
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

/** The books are even, and no person has anything to do. */
async function checkNothingIsLost(engine: EngineProcess): Promise<void> {
  const { even, reasons } = await engine.balance();
  expect({ even, reasons }).toEqual({ even: true, reasons: [] });
  expect(await engine.count('dead', 'in-doubt', 'invalid', 'unclaimed', 'abandoned')).toBe(0);
}

/** What was answered 2xx took effect once, everywhere. */
function checkEffects(folder: string, { orders, payments }: SentOrders, billing: Billing): void {
  const ids = (sql: string): readonly unknown[] =>
    query(folder, sql)
      .map((row) => row['id'])
      .sort();
  const sorted = orders.toSorted();
  expect(orders.length).toBeGreaterThan(10);
  expect(ids('SELECT order_id AS id FROM sales_order')).toEqual(sorted);
  expect(ids('SELECT order_id AS id FROM invoice')).toEqual(sorted);
  expect(ids('SELECT payment_id AS id FROM payment')).toEqual(payments.toSorted());
  expect(readdirSync(join(folder, 'picks')).sort()).toEqual(sorted.map((id) => `${id}.json`));
  const billed = [...billing.requests.values()].map(({ body }) => (JSON.parse(body) as { orderId: string }).orderId);
  expect(billed.sort()).toEqual(sorted);
}
