// A day on which everything goes wrong once: each message is in one state, and the day comes out even, in JSON and CSV, also after a kill.

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { Billing, post, shopKey, writeProject } from './orders-project.ts';

const command = fileURLToPath(new URL('../cli/src/mortise.mjs', import.meta.url));
const engines = ownEngines();
const billing = new Billing();
/** Takes a request, and hangs up in place of an answer. */
const crm = createServer((request) => request.resume().once('end', () => request.socket.destroy()));

beforeEach(() => new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve)));
afterEach(async () => {
  await billing.close();
  await new Promise((resolve) => crm.close(resolve));
});

const files = (billingUrl: string, crmUrl: string): Readonly<Record<string, string>> => ({
  'mortise.yaml': 'name: day\nlimits: { freeDisk: 64MiB }\n',
  'models/order.schema.json': JSON.stringify({
    type: 'object',
    required: ['id', 'kind'],
    properties: { id: { type: 'string' } },
  }),
  'systems/shop.yaml': `
connector: http
inbounds:
  orders: { uses: webhook, path: /orders, verify: { scheme: api-key, secret: env:SHOP_KEY }, format: json }
`,
  'systems/billing.yaml': `
connector: http
connection: { url: "${billingUrl}" }
outbounds:
  bill: { uses: request, path: /invoices }
`,
  'systems/crm.yaml': `
connector: http
connection: { url: "${crmUrl}" }
outbounds:
  note: { uses: request, path: /notes, onInDoubt: hold }
`,
  'systems/warehouse.yaml': `
connector: file
connection: { folder: picks, create: true }
outbounds:
  pick: { uses: write, name: "\${id}.json" }
`,
  'channels/batches.yaml': 'kind: publish-subscribe\n',
  'channels/nobody.yaml': 'kind: publish-subscribe\n',
  'flows/orders.yaml': `
from: { system: shop, inbound: orders }
steps:
  - filter: kind != "test"
  - validate: order@1
  - route:
      - when: kind = "bill"
        to: { system: billing, outbound: bill }
      - when: kind = "note"
        to: { system: crm, outbound: note }
      - when: kind = "pick"
        to: { system: warehouse, outbound: pick }
      - when: kind = "batch"
        to: { channel: batches }
      - when: kind = "lost"
        to: { channel: nobody }
`,
  'flows/batches.yaml': `
from: { channel: batches }
steps:
  - aggregate: { id: batch, by: '"all"', atMost: 100, after: 1h, emit: '{ "id": "batch" }' }
to: { system: warehouse, outbound: pick }
`,
});

interface Day {
  readonly even: boolean;
  readonly reasons: readonly string[];
  readonly rows: readonly { readonly destination: string; readonly created: number; readonly states: Record<string, number> }[];
  readonly unfinished: readonly { readonly delivery: string; readonly state: string; readonly reason: string }[];
}

async function mortise(engine: EngineProcess, ...parts: readonly string[]): Promise<string> {
  const control = ['--control', engine.control.replace('http://', '')];
  const child = spawn(process.execPath, [command, ...parts, ...control], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  return out;
}

/** Today where it is about noon now, so that the day does not end while it is looked at. */
function today(): readonly string[] {
  const aheadHours = 12 - new Date().getUTCHours();
  const zone = aheadHours < 0 ? `Etc/GMT+${-aheadHours}` : `Etc/GMT-${aheadHours}`;
  return ['--day', new Date(Date.now() + aheadHours * 3_600_000).toISOString().slice(0, 10), '--zone', zone];
}

/** By destination, the states in which there is something. */
function statesOf({ rows }: Day): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const some = (states: Record<string, number>) => Object.fromEntries(Object.entries(states).filter(([, count]) => count > 0));
  return Object.fromEntries(rows.map(({ destination, states }) => [destination, some(states)]));
}

function valuesOf(csv: string): readonly (readonly string[])[] {
  return csv
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
}

it('comes out even, and names each thing that did not come out', { timeout: 120_000 }, async () => {
  const { port } = crm.address() as AddressInfo;
  const folder = writeProject(files(await billing.listen(), `http://127.0.0.1:${port}`));
  const day = today();
  const start = async (): Promise<EngineProcess> => {
    const started = await engines.start({ folder, environment: { SHOP_KEY: shopKey } });
    await started.ready();
    return started;
  };
  const dayOf = async (asked: EngineProcess): Promise<Day> =>
    JSON.parse(await mortise(asked, 'balance', ...day, '--json')) as Day;
  const engine = await start();
  let sent = 0;
  const send = async (kind: string, count: number, answer = 202): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const id = `order-${sent++}`;
      const body = kind === 'broken' ? '{"id":' : JSON.stringify({ id: kind === 'unfit' ? 1 : id, kind });
      expect(await post(`${engine.inbound}/orders`, id, body)).toBe(answer);
    }
  };
  await mortise(engine, 'pause', 'system', 'warehouse', '--reason', 'moves');
  billing.status = 400;
  await send('bill', 3);
  await until(async () => (await engine.count('dead')) === 3);
  billing.status = 200;
  for (const [kind, count] of [
    ['bill', 2],
    ['note', 2],
    ['pick', 4],
    ['batch', 3],
    ['lost', 1],
    ['test', 2],
    ['unfit', 1],
    ['odd', 1],
  ] as const)
    await send(kind, count);
  await send('broken', 1, 400);
  const [dead] = (await dayOf(engine)).unfinished.filter(({ state }) => state === 'dead');
  await mortise(engine, 'discard', dead?.delivery ?? '', '--reason', 'cancelled by the customer');

  const expected = {
    'flow:orders': { done: 15, filtered: 2, invalid: 3 },
    // Each came to its step, and is held there as a delivery of its own.
    'flow:batches': { done: 3, held: 3 },
    'channel:nobody': { unclaimed: 1 },
    'outbound:billing.bill': { done: 2, dead: 2, discarded: 1 },
    'outbound:crm.note': { 'in-doubt': 2 },
    'outbound:warehouse.pick': { waiting: 4 },
  };
  await until(async () => (await engine.count('in-doubt', 'held', 'unclaimed')) === 6 && (await engine.count('running')) === 0);
  const before = await dayOf(engine);
  expect(statesOf(before)).toEqual(expected);
  await engine.kill();
  const again = await start();
  const after = await dayOf(again);
  expect(after).toMatchObject({ even: true, reasons: [] });
  expect(statesOf(after)).toEqual(expected);
  expect(after.unfinished).toHaveLength(16);
  expect(after.unfinished.find(({ state }) => state === 'discarded')).toMatchObject({ reason: 'cancelled by the customer' });

  const [titles = [], ...rows] = valuesOf(await mortise(again, 'balance', ...day, '--csv'));
  expect(rows.map((row) => row[2])).toEqual(Object.keys(expected).sort());
  for (const row of rows) {
    const states = row.slice(titles.indexOf('in') + 1, titles.indexOf('dropped'));
    expect(states.reduce((sum, count) => sum + Number(count), 0)).toBe(Number(row[titles.indexOf('in')]));
  }
  const listed = valuesOf(await mortise(again, 'balance', ...day, '--csv', 'unfinished'));
  expect(
    listed
      .slice(1)
      .map((row) => row[4])
      .sort(),
  ).toEqual(after.unfinished.map(({ delivery }) => delivery).sort());

  await mortise(again, 'resume', 'system', 'warehouse');
  await mortise(again, 'retry', '--all');
  await until(async () => (await again.count('waiting', 'running', 'dead')) === 0);
  const settled = await dayOf(again);
  expect(settled).toMatchObject({ even: true, reasons: [] });
  expect(statesOf(settled)).toMatchObject({
    'outbound:billing.bill': { done: 4, discarded: 1 },
    'outbound:warehouse.pick': { done: 4 },
  });
  const own = JSON.parse(await mortise(again, 'balance', ...day, '--system', 'warehouse', '--json')) as Day;
  expect(Object.keys(statesOf(own))).toEqual(['outbound:warehouse.pick']);
});
