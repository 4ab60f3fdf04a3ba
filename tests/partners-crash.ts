// Kills the demo again and again while orders come in, and goes over what its supplier and its mainframe got: for the short and the long test.

import { cpSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { makeOrder, orderAsJson } from '../examples/order-to-cash/orders.ts';
import { signedHeaders } from '../examples/order-to-cash/signing.ts';
import { freePorts, until } from './engine-process.ts';
import type { EngineProcess, OwnEngines, Ports } from './engine-process.ts';
import { query, seededRandom } from './orders-project.ts';
import { lookAtInterchanges, lookAtPostings } from './partners-check.ts';
import type { Findings, ReceivedFile } from './partners-check.ts';

const example = fileURLToPath(new URL('../examples/order-to-cash', import.meta.url));
const secret = `whsec_${Buffer.from('a secret of the demo').toString('base64')}`;
/** One kill in so many comes at any moment of a start; the others when the engine works. */
const killsPerStart = 4;
const startMs = 1200;
const workMs = 1500;
const senders = 4;
const pauseMs = 50;
/** So many orders of each sender for one kill: a slow machine is killed as often, and has not more to do in the end. */
const ordersPerKill = 12;
/** Fewer would say little: where the machine is slow, the last life goes on until there are so many. */
const ordersMin = 40;
const settledWithinMs = 300_000;

interface Sent {
  readonly all: string[];
  /** Orders that have something that can be touched: these are ordered from the supplier. */
  readonly goods: string[];
}

/** Kills, starts again; then lets everything end. Gives what it found, which has been checked. */
export async function crashPartners(
  kills: number,
  seed: number,
  engines: OwnEngines,
): Promise<Readonly<Record<string, Findings>>> {
  const ports = await freePorts();
  const folder = copyDemo(ports);
  const script = [join(example, 'start.ts'), '--feed', '0', '--project', folder];
  const environment = { SHOP_WEBHOOK_SECRET: secret, CRM_API_KEY: 'a key of the CRM', SHOP_API_KEY: 'a key of the shop' };
  const start = (): Promise<EngineProcess> => engines.start({ folder, ports, script, environment });
  const [stopping, givingUp] = [new AbortController(), new AbortController()];
  try {
    const sent: Sent = { all: [], goods: [] };
    const [last] = await Promise.all([
      (async () => {
        const engine = await killAgainAndAgain(kills, seededRandom(seed), start);
        await until(() => sent.all.length >= ordersMin, settledWithinMs);
        stopping.abort();
        return engine;
      })(),
      sendOrders(sent, ports, { seed, most: kills * ordersPerKill }, stopping.signal, givingUp.signal),
    ]);
    const demo = join(folder, '.mortise', 'demo');
    await everythingIsAnswered(demo, last, sent);
    expect(await last.balance()).toMatchObject({ even: true, reasons: [] });
    expect(await leftForPeople(last)).toEqual([]);
    expect(await last.stop()).toBe(0);
    return { supplier: checkSupplier(demo, sent), ledger: checkLedger(demo, sent) };
  } finally {
    stopping.abort();
    givingUp.abort();
  }
}

function copyDemo(ports: Ports): string {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-partners-'));
  cpSync(example, folder, { recursive: true, filter: (path) => !path.includes('.mortise') });
  const change = (file: string, former: string, now: string): void => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toContain(former);
    writeFileSync(join(folder, file), text.replaceAll(former, now));
  };
  for (const name of ['shop', 'crm']) change(`systems/${name}.yaml`, '127.0.0.1:8081', `127.0.0.1:${ports.inbound}`);
  change('flows/orders-to-ledger.yaml', 'after: 1m', 'after: 1s');
  change('flows/orders-to-ledger.yaml', 'atMost: 500', 'atMost: 10');
  return folder;
}

async function killAgainAndAgain(
  kills: number,
  random: () => number,
  start: () => Promise<EngineProcess>,
): Promise<EngineProcess> {
  for (let killed = 0; killed < kills; killed++) {
    const engine = await start();
    const isAtStart = random() < 1 / killsPerStart;
    if (!isAtStart) await engine.ready();
    await sleep(random() * (isAtStart ? startMs : workMs));
    if (engine.hasEnded) throw new Error(`The demo ended by itself before kill ${killed + 1}.\n${engine.log()}`);
    await engine.kill();
  }
  const engine = await start();
  await engine.ready();
  return engine;
}

/** Each order is sent until it is answered with 2xx, as webhooks are: with the same content, under the same id. */
async function sendOrders(
  { all, goods }: Sent,
  { inbound }: Ports,
  { seed, most }: { readonly seed: number; readonly most: number },
  stopping: AbortSignal,
  givingUp: AbortSignal,
): Promise<void> {
  const random = seededRandom(seed + 1);
  const send = async (first: number): Promise<void> => {
    for (let number = first; !stopping.aborted && number < first + most; number++) {
      const order = makeOrder(number, random);
      const text = orderAsJson(order);
      await untilTaken(`http://127.0.0.1:${inbound}/shop/orders`, `msg_${number}`, text, givingUp);
      all.push(order.name);
      if (text.includes('"requires_shipping":true')) goods.push(order.name);
      await sleep(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: senders }, (_, index) => send((index + 1) * 1_000_000)));
}

async function untilTaken(url: string, id: string, body: string, givingUp: AbortSignal): Promise<void> {
  while (!givingUp.aborted) {
    const response = await fetch(url, { method: 'POST', headers: signedHeaders(secret, id, body), body }).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    if (response && response.status < 500) {
      expect(response.status).toBe(202);
      return;
    }
    await sleep(pauseMs);
  }
}

/** Both have answered all that they got, and all answers are in the ERP. */
async function everythingIsAnswered(demo: string, engine: EngineProcess, { all, goods }: Sent): Promise<void> {
  const count = (sql: string): number => query(demo, sql).length;
  await until(
    () => count('SELECT 1 FROM purchase_order WHERE acknowledgment IS NOT NULL AND answer IS NOT NULL') >= goods.length,
    settledWithinMs,
  );
  await until(() => count('SELECT 1 FROM ledger_document') >= all.length, settledWithinMs);
  await engine.settled(settledWithinMs);
  const left = (): readonly string[] =>
    ['supplier', 'ledger'].flatMap((name) => ['in', 'out'].flatMap((way) => filesIn(join(demo, name, way))));
  await until(() => left().length === 0, settledWithinMs);
  await engine.settled(settledWithinMs);
}

/** What a person would have to look at. The demo's CRM is asked by the demo itself: a question under way dies with who asked it. */
async function leftForPeople(engine: EngineProcess): Promise<readonly string[]> {
  const { rows } = await engine.balance();
  return rows.flatMap(({ destination, states }) =>
    ['dead', 'in-doubt', 'invalid', 'unclaimed', 'abandoned']
      .filter((state) => (states[state] ?? 0) > 0 && !(state === 'abandoned' && destination === 'flow:played-crm'))
      .map((state) => `${destination}: ${states[state]} ${state}`),
  );
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('.'));
}

function checkSupplier(demo: string, { goods }: Sent): Findings {
  const findings = lookAtInterchanges(receivedBy(demo, 'supplier'));
  expect(findings.problems).toEqual([]);
  expect(objectionsOf(demo, 'supplier')).toEqual([]);
  expect(findings.orders.toSorted()).toEqual(goods.toSorted());
  // Each 855 that the supplier sent was acknowledged once, and no 997 ever was.
  const answered = query(join(demo, 'supplier'), "SELECT name FROM answer WHERE name LIKE '855-%'", 'memory.db');
  const numbers = answered.map(({ name }) => Number(/\d+(?=\.edi)/.exec(String(name))?.[0]));
  expect(findings.acknowledged.toSorted(ascending)).toEqual(numbers.toSorted(ascending));
  expect(findings.gaps).toEqual([]);
  const rows = query(demo, 'SELECT order_id, interchange, acknowledgment, answer FROM purchase_order');
  expect(rows.map((row) => row['order_id']).sort()).toEqual(goods.toSorted());
  expect(
    rows.filter((row) => row['acknowledgment'] !== 'received' || row['answer'] === null || row['interchange'] === null),
  ).toEqual([]);
  return findings;
}

function checkLedger(demo: string, { all }: Sent): Findings {
  const findings = lookAtPostings(receivedBy(demo, 'ledger'));
  expect(findings.problems).toEqual([]);
  expect(objectionsOf(demo, 'ledger')).toEqual([]);
  expect(findings.orders.toSorted()).toEqual(all.toSorted());
  expect(findings.gaps).toEqual([]);
  const documents = query(demo, 'SELECT order_id, document FROM ledger_document');
  expect(documents.map((row) => row['order_id']).sort()).toEqual(all.toSorted());
  expect(new Set(documents.map((row) => row['document'])).size).toBe(all.length);
  return findings;
}

function receivedBy(demo: string, system: string): readonly ReceivedFile[] {
  return query(join(demo, system), 'SELECT name, bytes, times FROM received ORDER BY rowid', 'memory.db').map((row) => ({
    name: String(row['name']),
    bytes: row['bytes'] as Uint8Array,
    times: Number(row['times']),
  }));
}

function objectionsOf(demo: string, system: string): readonly unknown[] {
  return query(join(demo, system), 'SELECT name, what FROM objection', 'memory.db');
}

function ascending(one: number, other: number): number {
  return one - other;
}
