// Request and reply: who asks is answered by the flow; who waits too long, or asks again, hears what became of it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePorts, ownEngines, until } from './engine-process.ts';
import type { EngineProcess, Ports } from './engine-process.ts';
import { Billing, shopKey, writeProject } from './orders-project.ts';

interface MessageRows {
  readonly rows: readonly { readonly delivery: { readonly state: string }; readonly message: { readonly id: string } }[];
}

/** Bills what comes in, and answers with the number of the invoice. `resume` where the request is to be finished all the same. */
const billingFlow = (inbound: string, resume: boolean): string => `
from: { system: shop, inbound: ${inbound} }
resume: ${resume}
retry: { for: 1h, backoff: 100ms..300ms }
steps:
  - call: { system: billing, outbound: bill, into: invoice }
  - reply: { body: '{ "order": orderId, "invoice": $invoice.number }', status: 201 }
`;

const engines = ownEngines();
let billing: Billing;
let folder: string;
let ports: Ports;

beforeEach(async () => {
  billing = new Billing();
  ports = await freePorts();
  folder = writeProject({
    'mortise.yaml': 'name: orders\nlimits: { freeDisk: 64MiB }\n',
    'systems/shop.yaml': `
connector: http
inbounds:
  bill: { uses: webhook, path: /bill, verify: { scheme: api-key, secret: env:SHOP_KEY }, replyTimeout: 500ms }
  bill-patiently: { uses: webhook, path: /bill-patiently, verify: { scheme: api-key, secret: env:SHOP_KEY }, replyTimeout: 30s }
  bill-anyway: { uses: webhook, path: /bill-anyway, verify: { scheme: api-key, secret: env:SHOP_KEY }, replyTimeout: 30s }
  bill-later: { uses: webhook, path: /bill-later, verify: { scheme: api-key, secret: env:SHOP_KEY }, replyTimeout: 30s }
`,
    'systems/billing.yaml': `
connector: http
connection: { url: "${await billing.listen()}" }
outbounds: { bill: { uses: request, path: /invoices, onInDoubt: retry } }
`,
    'flows/bill.yaml': billingFlow('bill', false),
    'flows/bill-patiently.yaml': billingFlow('bill-patiently', false),
    'flows/bill-anyway.yaml': billingFlow('bill-anyway', true),
    'flows/bill-later.yaml': billingFlow('bill-later', false).replace('steps:', 'steps:\n  - delay: 300ms'),
  });
});

afterEach(() => billing.close());

describe('a request', () => {
  it('is answered with what the flow replies, after it has settled', async () => {
    const engine = await start();
    const response = await ask(engine, '/bill-patiently', 'LI-1');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({ order: 'LI-1', invoice: expect.stringMatching(/^R-/) });
    expect(await engine.count('done')).toBe(1);
  });

  it('with the key of an earlier one gets the reply of that, also after a restart, and bills nothing', async () => {
    const first = await start();
    const [one, two] = [
      await ask(first, '/bill-patiently', 'LI-1', 'key-1'),
      await ask(first, '/bill-patiently', 'LI-1', 'key-1'),
    ];
    const answer: unknown = await one.json();
    expect([two.status, await two.json()]).toEqual([201, answer]);
    expect(await first.stop()).toBe(0);
    const three = await ask(await start(), '/bill-patiently', 'LI-1', 'key-1');
    expect([three.status, await three.json()]).toEqual([201, answer]);
    expect([...billing.requests.values()].map(({ times }) => times)).toEqual([1]);
  });

  it('with the key of one that is under way is 409, later gets the same reply, and with another body is 422', async () => {
    const engine = await start();
    billing.delayMs = 600;
    const both = await Promise.all([
      ask(engine, '/bill-patiently', 'LI-1', 'key-1'),
      ask(engine, '/bill-patiently', 'LI-1', 'key-1'),
    ]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const later = await ask(engine, '/bill-patiently', 'LI-1', 'key-1');
    expect(later.status).toBe(201);
    expect(await later.json()).toEqual(await both.find(({ status }) => status === 201)?.json());
    expect((await ask(engine, '/bill-patiently', 'LI-2', 'key-1')).status).toBe(422);
    expect([...billing.requests.values()].map(({ times }) => times)).toEqual([1]);
  });

  it('of which the message is held for a while is answered when it goes on', async () => {
    const response = await ask(await start(), '/bill-later', 'LI-1');
    expect([response.status, await response.json()]).toEqual([201, { order: 'LI-1', invoice: expect.stringMatching(/^R-/) }]);
  });

  it('that takes too long is answered 504 with the id, under which the message is found', async () => {
    const engine = await start();
    billing.delayMs = 1200;
    const response = await ask(engine, '/bill', 'LI-1');
    expect(response.status).toBe(504);
    const { id } = (await response.json()) as { readonly id: string };
    await engine.settled();
    expect(await engine.get(`/api/v1/messages/${id}`)).toMatchObject({ root: id });
    expect((await engine.balance()).even).toBe(true);
  });
});

describe('a request whose requester is gone', () => {
  it('is abandoned where the engine died meanwhile', async () => {
    const { id, engine } = await askAndKill('/bill-patiently');
    await engine.settled();
    expect(await statesOf(engine, 'bill-patiently')).toEqual(['abandoned']);
    expect(await engine.get(`/api/v1/messages/${id}`)).toMatchObject({ root: id });
    expect((await engine.balance()).even).toBe(true);
  });

  it('is finished all the same where the flow resumes, and its reply is kept for who asks again', async () => {
    const { engine } = await askAndKill('/bill-anyway');
    await engine.settled();
    expect(await statesOf(engine, 'bill-anyway')).toEqual(['done']);
    const again = await ask(engine, '/bill-anyway', 'LI-1', 'key-1');
    expect([again.status, await again.json()]).toEqual([201, { order: 'LI-1', invoice: expect.stringMatching(/^R-/) }]);
    expect(billing.requests.size).toBe(1);
  });
});

async function start(): Promise<EngineProcess> {
  const engine = await engines.start({ folder, ports, environment: { SHOP_KEY: shopKey } });
  await engine.ready();
  return engine;
}

function ask(engine: EngineProcess, path: string, orderId: string, key?: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    'x-api-key': shopKey,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  return fetch(`${engine.inbound}${path}`, { method: 'POST', headers, body: JSON.stringify({ orderId }) });
}

/** Asks while billing gives no answer, kills the engine, starts it again with a billing that does. */
async function askAndKill(path: string): Promise<{ readonly id: string; readonly engine: EngineProcess }> {
  const first = await start();
  billing.delayMs = 600_000;
  const asking = ask(first, path, 'LI-1', 'key-1').then(
    () => 'answered',
    () => 'cut',
  );
  await until(() => billing.requests.size === 1);
  await first.kill();
  expect(await asking).toBe('cut');
  billing.delayMs = 0;
  const engine = await start();
  const { rows } = await engine.get<MessageRows>('/api/v1/messages');
  return { id: rows.at(-1)?.message.id ?? '', engine };
}

async function statesOf(engine: EngineProcess, flow: string): Promise<readonly string[]> {
  const { rows } = await engine.get<MessageRows>(`/api/v1/messages?flow=${flow}`);
  return rows.map(({ delivery }) => delivery.state);
}
