// Groups and numbers of an engine that is killed under load: each message is in one group, each group has one number.

import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { freePorts, ownEngines } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { postUntilTaken, query, seededRandom, shopKey, writeProject } from './orders-project.ts';

const kills = 5;
const senders = 4;
const customers = 6;
const workMs = 500;
const pauseMs = 5;
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));
const engines = ownEngines();

const files = {
  'mortise.yaml': 'name: groups\nlimits: { freeDisk: 64MiB }\n',
  'systems/shop.yaml': `
connector: http
inbounds:
  orders: { uses: webhook, path: /orders, verify: { scheme: api-key, secret: env:SHOP_KEY } }
`,
  'systems/erp.yaml': `
connector: sqlite
connection: { file: erp.db }
outbounds:
  insert-batch: { uses: insert, table: batch, inbox: true }
`,
  'flows/batches.yaml': `
from: { system: shop, inbound: orders }
steps:
  - aggregate: { id: batch, by: customer, atMost: 5, after: 2s, emit: '{ "customer": $group[0].customer, "ids": $join($group.id, " ") }' }
  - sequence: { name: batch, into: number }
  - map: '{ "number": $number, "customer": customer, "ids": ids }'
to: { system: erp, outbound: insert-batch }
`,
};

interface JourneyAnswer {
  readonly messages: readonly {
    readonly id: string;
    readonly members?: readonly { readonly root: string }[];
    readonly deliveries: readonly { readonly messages: readonly string[]; readonly into?: { readonly message: string } }[];
  }[];
}

it(`each message is in one group over ${kills} kills (MORTISE_TEST_SEED=${seed})`, { timeout: 120_000 }, async () => {
  const folder = writeProject(files);
  const database = new DatabaseSync(join(folder, 'erp.db'), { timeout: 10_000 });
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE batch (number INTEGER, customer TEXT, ids TEXT) STRICT');
  database.close();
  const ports = await freePorts();
  const start = (): Promise<EngineProcess> => engines.start({ folder, ports, environment: { SHOP_KEY: shopKey } });
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const url = `http://127.0.0.1:${ports.inbound}/orders`;
  const each = Array.from({ length: senders }, (_, index) => sendOrders(index, url, stopping.signal, givingUp.signal));
  const sending = Promise.all(each);
  try {
    const random = seededRandom(seed);
    for (let killed = 0; killed < kills; killed++) {
      const engine = await start();
      await engine.ready();
      await sleep(random() * workMs);
      await engine.kill();
    }
    const last = await start();
    await last.ready();
    stopping.abort();
    const sent = (await sending).flat();
    await last.settled(60_000);
    expect(await last.balance()).toMatchObject({ even: true, reasons: [] });
    expect(await last.count('dead', 'in-doubt', 'invalid', 'unclaimed', 'abandoned')).toBe(0);
    checkBatches(folder, sent);
    await checkJourney(last);
    expect(await last.stop()).toBe(0);
  } finally {
    stopping.abort();
    givingUp.abort();
  }
});

/** Sends orders under ids of the sender until it is to stop; those are taken once however often they come. */
async function sendOrders(index: number, url: string, stopping: AbortSignal, givingUp: AbortSignal): Promise<readonly string[]> {
  const ids: string[] = [];
  while (!stopping.aborted) {
    const id = `order-${index}-${ids.length}`;
    await postUntilTaken(url, id, { id, customer: `c${(index + ids.length) % customers}` }, givingUp);
    ids.push(id);
    await sleep(pauseMs);
  }
  return ids;
}

/** Every order is in one batch, with orders of its customer; batches are numbered from 1 without a gap. */
function checkBatches(folder: string, sent: readonly string[]): void {
  const batches = query(folder, 'SELECT number, customer, ids FROM batch ORDER BY number');
  const ids = batches.flatMap((row) => String(row['ids']).split(' '));
  expect(sent.length).toBeGreaterThan(20);
  expect(ids.sort()).toEqual(sent.toSorted());
  expect(batches.map((row) => row['number'])).toEqual(batches.map((_, index) => index + 1));
  for (const { ids: own } of batches) expect(String(own).split(' ').length).toBeLessThanOrEqual(5);
}

/** The journey of a group's message tells its members, each of a journey of its own. */
async function checkJourney(engine: EngineProcess): Promise<void> {
  const { rows } = await engine.get<{ rows: readonly { message: { id: string } }[] }>(
    '/api/v1/messages?destination=outbound:erp.insert-batch&limit=1',
  );
  const journey = await engine.get<JourneyAnswer>(`/api/v1/messages/${rows[0]?.message.id}`);
  const members = journey.messages.flatMap((message) => message.members ?? []);
  expect(new Set(members.map(({ root }) => root)).size).toBe(members.length);
  const group = journey.messages.find((message) => message.members);
  const isShown = (id: string | undefined): boolean =>
    journey.messages.some(({ deliveries }) => deliveries.some(({ messages }) => id !== undefined && messages.includes(id)));
  expect({ members: members.length > 0, isShown: isShown(group?.id) }).toEqual({ members: true, isShown: true });
  const other = await engine.get<JourneyAnswer>(`/api/v1/messages/${members.at(-1)?.root}`);
  const into = other.messages.flatMap(({ deliveries }) => deliveries.flatMap((delivery) => delivery.into?.message ?? []));
  expect(into).toContain(group?.id);
}
