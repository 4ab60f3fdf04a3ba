// Back-pressure: a system that is down fills a flow up to its limit; then senders are asked to come again, and nothing is lost.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, ownEngines, until } from './engine-process.ts';
import { Billing, shopKey, writeProject } from './orders-project.ts';

const backlog = 20;
const lanes = 4;

const engines = ownEngines();
let billing: Billing;

beforeEach(() => {
  billing = new Billing();
});

afterEach(() => billing.close());

it.each([
  ['a step that calls it', 'steps:\n  - call: { system: billing, outbound: bill }\n'],
  ['its only target', 'to: { system: billing, outbound: bill }\n'],
])('answers 503 from the limit on where the system is %s, and drains in order when the system is back', async (_what, ending) => {
  const port = await freePort();
  const folder = writeProject({
    'mortise.yaml': 'name: orders\nlimits: { freeDisk: 64MiB }\n',
    'systems/shop.yaml': `
connector: http
inbounds: { orders: { uses: webhook, path: /orders, verify: { scheme: api-key, secret: env:SHOP_KEY } } }
`,
    'systems/billing.yaml': `
connector: http
connection: { url: "http://127.0.0.1:${port}" }
outbounds: { bill: { uses: request, path: /invoices, onInDoubt: retry } }
`,
    'flows/orders.yaml': `
from: { system: shop, inbound: orders }
order: { by: customer }
backlog: ${backlog}
retry: { for: 1h, backoff: 100ms..300ms }
${ending}`,
  });
  const engine = await engines.start({ folder, environment: { SHOP_KEY: shopKey } });
  await engine.ready();
  const { inbound } = engine;

  const taken: Order[] = [];
  let refused: Response | undefined;
  await until(async () => {
    const order = { customer: `customer-${taken.length % lanes}`, number: taken.length };
    const response = await send(inbound, order);
    if (response.status === 202) taken.push(order);
    else refused = response;
    return refused !== undefined || taken.length > 10 * backlog;
  });
  expect(refused?.status).toBe(503);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(taken.length).toBeGreaterThanOrEqual(backlog);
  expect(taken.length).toBeLessThanOrEqual(backlog + 20);

  await billing.listen(port);
  await engine.settled(60_000);
  expect((await send(inbound, { customer: 'customer-0', number: taken.length })).status).toBe(202);
  taken.push({ customer: 'customer-0', number: taken.length });
  await engine.settled();
  const billed = [...billing.requests.values()].map(({ body }) => JSON.parse(body) as Order);
  for (const customer of new Set(taken.map((order) => order.customer))) {
    const numbers = (orders: readonly Order[]) =>
      orders.filter((order) => order.customer === customer).map(({ number }) => number);
    expect(numbers(billed)).toEqual(numbers(taken));
  }
  const { even, reasons } = await engine.balance();
  expect({ even, reasons }).toEqual({ even: true, reasons: [] });
});

interface Order {
  readonly customer: string;
  readonly number: number;
}

async function send(inbound: string, order: Order): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-api-key': shopKey };
  const response = await fetch(`${inbound}/orders`, { method: 'POST', headers, body: JSON.stringify(order) });
  await response.arrayBuffer();
  return response;
}
