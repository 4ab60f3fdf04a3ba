// Telemetry, from a project's files to a collector: one trace over flows, channels, systems and restarts; the figures of /metrics.

import { afterEach, describe, expect, it } from 'vitest';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { runHost } from '../engine/src/control/host.fixture.ts';
import type { RunningHost } from '../engine/src/control/host.fixture.ts';
import { openCollector } from './otlp-collector.ts';
import type { CollectedSpan, Collector } from './otlp-collector.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const senderSpan = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${senderSpan}-01`;

let collector: Collector;
let running: RunningHost;
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await running?.close();
  for (const close of closings.splice(0)) await close();
});

type Files = Readonly<Record<string, string>>;

async function start(more = '', files: Files = {}): Promise<void> {
  collector = await openCollector();
  closings.push(() => collector.close());
  const telemetry = `telemetry: { endpoint: "${collector.url}", spanDelay: 50ms, metricsEvery: 1s${more} }`;
  running = await runHost({ 'mortise.yaml': `name: acme\nlimits: { freeDisk: 1KiB }\n${telemetry}\n`, ...files });
}

/** A system that keeps the headers of what it gets, and answers as it is told. */
async function openSystem() {
  const got: IncomingHttpHeaders[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    got.push(request.headers);
    request.resume();
    request.on('end', () => response.writeHead(status, { 'content-type': 'application/json' }).end('{"known":true}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, got, answerWith: (next: number) => (status = next) };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadline)
      throw new Error(
        `It did not become as wanted: ${JSON.stringify(collector.spans.map(({ name, attributes }) => [name, attributes]))}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function order(id: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ id }) };
  expect((await fetch(`http://${running.host.addresses.inbound}/orders`, init)).status).toBe(202);
}

const named = (name: string): readonly CollectedSpan[] => collector.spans.filter((span) => span.name === name);
const one = (name: string): CollectedSpan => {
  const [span] = named(name);
  if (!span) throw new Error(`There is no span ${name}.`);
  return span;
};
/** The names from a span up to the one whose parent nobody of us sent. */
function wayUp(name: string): readonly string[] {
  const way: string[] = [];
  for (let span: CollectedSpan | undefined = one(name); span; ) {
    way.push(span.name);
    const { parentSpanId }: CollectedSpan = span;
    span = collector.spans.find((other) => other.spanId === parentSpanId);
  }
  return way;
}

describe('a trace', () => {
  it('is the sender’s, goes over two flows and a channel, and on to the receiving system', async () => {
    const system = await openSystem();
    await start('', { 'systems/crm.yaml': crmAt(system.url) });
    await order('A', { traceparent, tracestate: 'vendor=1' });
    await until(() => named('deliver outbound:crm.put-order').length === 1 && named('deliver flow:out').length === 1);
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(one('receive shop.order').parentSpanId).toBe(senderSpan);
    expect(wayUp('send crm.put-order')).toEqual([
      'send crm.put-order',
      'deliver outbound:crm.put-order',
      'deliver flow:out',
      'deliver flow:in',
      'receive shop.order',
    ]);
    expect(wayUp('process out').slice(0, 2)).toEqual(['process out', 'deliver flow:out']);
    expect(system.got[0]).toMatchObject({
      traceparent: `00-${traceId}-${one('send crm.put-order').spanId}-01`,
      tracestate: 'vendor=1',
    });
    expect(one('process out')).toMatchObject({
      service: 'acme',
      attributes: {
        'messaging.system': 'mortise',
        'messaging.operation.type': 'process',
        'messaging.destination.name': 'flow:out',
        'messaging.message.conversation_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  it('is one by the message itself where the sender says none, and a call of a flow belongs to its attempt', async () => {
    const system = await openSystem();
    await start('', {
      'systems/crm.yaml': crmAt(system.url),
      'flows/price.yaml':
        'from: { system: shop, inbound: price }\nsteps:\n  - call: { system: crm, outbound: ask, with: \'{ "id": 1 }\', into: answer }\n  - reply: { body: $answer }\n',
    });
    const answer = await fetch(`http://${running.host.addresses.inbound}/prices`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"amount":1}',
    });
    expect(answer.status).toBe(200);
    await until(() => named('send crm.ask').length === 1 && named('deliver flow:price').length === 1);
    expect(wayUp('send crm.ask')).toEqual(['send crm.ask', 'process price', 'deliver flow:price', 'receive shop.price']);
    const { attributes, traceId: own } = one('receive shop.price');
    expect(own).toBe(String(attributes['messaging.message.id']).replaceAll('-', ''));
    expect(system.got[0]?.['traceparent']).toContain(`00-${own}-`);
  });

  it('goes on in the next process, with the attempts that failed in the one before', async () => {
    const system = await openSystem();
    system.answerWith(503);
    await start('', { 'systems/crm.yaml': crmAt(system.url) });
    await order('A', { traceparent });
    await until(() => named('send crm.put-order').length >= 1);
    await running.restart();
    system.answerWith(200);
    await until(() => named('deliver outbound:crm.put-order').length === 1);
    const sends = named('send crm.put-order');
    expect(sends[0]).toMatchObject({ isError: true, attributes: { 'error.type': 'MORTISE_DELIVERY_UNAVAILABLE' } });
    expect(sends.at(-1)?.isError).toBe(false);
    expect(new Set(sends.map((span) => span.spanId)).size).toBe(sends.length);
    expect(new Set(sends.map((span) => span.parentSpanId))).toEqual(new Set([one('deliver outbound:crm.put-order').spanId]));
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  });

  it('is not sent where the sender did not sample it, and the receiving system is told so', async () => {
    const system = await openSystem();
    await start('', { 'systems/crm.yaml': crmAt(system.url) });
    await order('A', { traceparent: traceparent.replace(/01$/, '00') });
    await until(() => system.got.length === 1);
    expect(system.got[0]?.['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    await order('B', { traceparent: traceparent.replace('4bf9', '4bfa') });
    await until(() => named('send crm.put-order').length === 1);
    expect(collector.spans.some((span) => span.traceId === traceId)).toBe(false);
  });

  it('holds nothing of bodies and sentences of errors, and stops nothing where the collector is away', async () => {
    await start();
    collector.answerWith(500);
    running.answerWith(422);
    await order('4n4ry-of-a-body');
    await running.until<{ rows: readonly unknown[] }>('/api/v1/dead-letters', ({ rows }) => rows.length === 1);
    collector.answerWith(200);
    await order('4n4ry-of-a-body');
    await until(() => named('deliver outbound:crm.put-order').some(({ isError }) => isError));
    expect(JSON.stringify(collector.spans)).not.toContain('4n4ry');
  });
});

describe('metrics', () => {
  it('are those of /metrics, by the same names and labels, with the headers that the project says', async () => {
    process.env['OTLP_TOKEN'] = 'a-token-of-the-collector';
    await start(', traces: false, headers: { authorization: "env:OTLP_TOKEN" }');
    await order('A');
    await until(() => (collector.metrics.get('mortise_accepted_total{}') ?? 0) === 1);
    const { body } = await running.get<string>('/metrics');
    const names = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const sent = new Set([...collector.metrics.keys()].map((name) => name.replace(/\{.*/, '')));
    const withSamples = names.filter((name) =>
      body.split('\n').some((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)),
    );
    expect([...sent].toSorted()).toEqual(withSamples.toSorted());
    expect(collector.metrics.get('mortise_deliveries{destination="flow:in",state="waiting"}')).toBe(0);
    expect(collector.headers.every(({ authorization }) => authorization === 'a-token-of-the-collector')).toBe(true);
    expect(collector.spans).toEqual([]);
  });
});

describe('without an endpoint', () => {
  it('nothing is loaded, sent or told to receiving systems', async () => {
    const system = await openSystem();
    collector = await openCollector();
    closings.push(() => collector.close());
    running = await runHost({ 'systems/crm.yaml': crmAt(system.url) });
    await order('A', { traceparent });
    await until(() => system.got.length === 1);
    expect(system.got[0]?.['traceparent']).toBeUndefined();
  });
});

function crmAt(url: string): string {
  return `connector: http
connection: { url: ${url} }
outbounds:
  put-order: { uses: request, method: PUT, path: "/orders/\${id}" }
  add-note: { uses: request, method: POST, path: /notes }
  ask: { uses: request, method: POST, path: /ask, format: json }
`;
}
