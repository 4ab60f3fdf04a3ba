// The API as its users see it: a real engine, asked over HTTP.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { CauseGroups, RetryCounts } from './deliveries.ts';
import type { ChannelView, EngineView, FlowView, SystemView } from './mesh.ts';
import type { Journey, MessageRows } from './messages.ts';
import type { Problem } from './problem.ts';
import type { Sent } from './send.ts';

let running: RunningHost;
beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.close());

const api = '/api/v1';
const unknownId = '019f0000-0000-7000-8000-000000000000';

async function send(target: string, value: unknown, more: object = {}): Promise<string> {
  const { status, body } = await running.post<Sent>(`${api}/send`, { target, value, ...more });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.messages[0]?.id ?? '';
}

/** Waits until everything that came of a message has ended, and two looks have shown the same. */
async function journeyOf(id: string): Promise<Journey> {
  let former = '';
  return running.until<Journey>(`${api}/messages/${id}`, (journey) => {
    const isSettled = journey.messages.every(
      ({ deliveries }) => deliveries.length > 0 && deliveries.every(({ state }) => state !== 'waiting'),
    );
    const isSame = former === JSON.stringify(journey);
    former = JSON.stringify(journey);
    return isSettled && isSame;
  });
}

/** Sends an order that the CRM refuses for good; gives the ids of the message and of the dead delivery. */
async function deadLetter(id: string): Promise<{ readonly message: string; readonly delivery: string }> {
  running.answerWith(400);
  const message = await send('shop.order', { id });
  const { messages } = await journeyOf(message);
  running.answerWith(200);
  const dead = messages.flatMap(({ deliveries }) => deliveries).find(({ state }) => state === 'dead');
  return { message, delivery: dead?.id ?? '' };
}

describe('health', () => {
  it('is live, and ready once the engine takes messages', async () => {
    expect(await running.get('/health/live')).toMatchObject({ status: 200, body: { state: 'live' } });
    expect(await running.get('/health/ready')).toMatchObject({ status: 200, body: { state: 'ready' } });
  });

  it('has figures that Prometheus reads', async () => {
    const { headers, body } = await running.get<string>('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toMatch(/^mortise_deliveries\{destination="flow:in",state="waiting"\} 0$/m);
    expect(body).toMatch(/^mortise_breaker_open\{system="crm",connection="default"\} 0$/m);
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
    const sample = /^[a-z_]+(\{([a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? [\d.e+-]+$/;
    for (const line of body.trimEnd().split('\n'))
      expect(line).toMatch(line.startsWith('#') ? /^# (HELP|TYPE) [a-z_]+ / : sample);
  });

  it('counts what is accepted', async () => {
    const count = async (): Promise<number> =>
      Number(/^mortise_accepted_total (\d+)$/m.exec((await running.get<string>('/metrics')).body)?.[1]);
    const before = await count();
    await send('shop.order', { id: 'counted' });
    expect(await count()).toBe(before + 1);
  });
});

describe('the mesh', () => {
  it('tells what runs, and where it listens', async () => {
    const { body } = await running.get<EngineView>(`${api}/engine`);
    expect(body).toMatchObject({ name: 'acme', state: 'ready', node: process.version, addresses: running.host.addresses });
    expect(body.folder).toContain('mortise-project-');
    expect(body.revision).toMatch(/^[0-9a-f]{12}$/);
  });

  it('lists flows with where they receive and send', async () => {
    const { body } = await running.get<FlowView[]>(`${api}/flows`);
    expect(body.map(({ name, from, to, replies }) => ({ name, from, to, replies }))).toEqual([
      { name: 'in', from: 'shop.order', to: ['channel:orders'], replies: false },
      { name: 'notes', from: 'shop.raw', to: ['outbound:crm.add-note'], replies: false },
      { name: 'out', from: 'channel:orders', to: ['outbound:crm.put-order', 'channel:nobody'], replies: false },
      { name: 'placed', from: 'shop.webhook@placed', to: ['outbound:console.line'], replies: false },
      { name: 'price', from: 'shop.price', to: [], replies: true },
    ]);
    expect(body[0]).toMatchObject({
      description: 'Orders of the shop.',
      waiting: 0,
      running: expect.any(Number),
      concurrency: 16,
    });
  });

  it('lists systems with their inbounds, outbounds and breakers', async () => {
    const { body } = await running.get<SystemView[]>(`${api}/systems`);
    const [shop] = body.filter(({ name }) => name === 'shop');
    expect(shop?.inbounds.map(({ target, state }) => `${target} ${state}`).sort()).toEqual([
      'shop.order open',
      'shop.price open',
      'shop.raw open',
      'shop.webhook@placed open',
    ]);
    const [crm] = body.filter(({ name }) => name === 'crm');
    expect(crm?.connections).toEqual([{ name: 'default', connector: 'http', breaker: 'closed' }]);
    expect(crm?.outbounds.map(({ destination }) => destination).sort()).toEqual([
      'outbound:crm.add-note',
      'outbound:crm.put-order',
    ]);
  });

  it('lists channels with who sends and who receives', async () => {
    const { body } = await running.get<ChannelView[]>(`${api}/channels`);
    expect(body).toEqual([
      { name: 'nobody', kind: 'publish-subscribe', from: ['out'], to: [] },
      { name: 'orders', kind: 'publish-subscribe', model: 'order@1', from: ['in'], to: ['out'] },
    ]);
  });

  it('asks a system whether it answers', async () => {
    const { body } = await running.post(`${api}/systems/console/ping`);
    expect(body).toEqual({ connections: [{ name: 'default', connector: 'log', state: 'unknown', tookMs: expect.any(Number) }] });
    expect(await running.post(`${api}/systems/crn/ping`)).toMatchObject({
      status: 404,
      body: { code: 'MORTISE_CONTROL_UNKNOWN', remedy: 'Did you mean "crm"?' },
    });
  });
});

describe('send', () => {
  it('hands a value to an inbound, as if it had come from outside, and it arrives', async () => {
    const id = await send('shop.order', { id: 'S1' });
    await journeyOf(id);
    expect(running.received).toContain('PUT /orders/S1 {"id":"S1"}');
  });

  it('takes text and bytes for an inbound', async () => {
    for (const content of [{ text: '{"id":"S2"}' }, { base64: Buffer.from('{"id":"S3"}').toString('base64') }]) {
      expect(await running.post(`${api}/send`, { target: 'shop.order', ...content })).toMatchObject({ status: 200 });
    }
  });

  it('takes type, subject, headers and content type along', async () => {
    const id = await send(
      'shop.order',
      { id: 'S4' },
      { type: 'order.made', subject: 's', headers: { 'X-One': '1' }, contentType: 'application/vnd.order+json' },
    );
    expect((await journeyOf(id)).messages[0]).toMatchObject({
      type: 'order.made',
      subject: 's',
      headers: { 'x-one': '1' },
      contentType: 'application/vnd.order+json',
    });
  });

  it('says of the same key that it is a duplicate', async () => {
    const first = await send('shop.order', { id: 'S5' }, { key: 'k1' });
    const { body } = await running.post<Sent>(`${api}/send`, { target: 'shop.order', value: { id: 'S5' }, key: 'k1' });
    expect(body.messages).toEqual([{ id: first, duplicate: true }]);
  });

  it('waits for a reply where the flow gives one', async () => {
    const { body } = await running.post<Sent>(`${api}/send`, { target: 'shop.price', value: { amount: 21 } });
    expect(body.reply).toMatchObject({ status: 201, value: { price: 42 } });
  });

  it('says which message got no reply', async () => {
    const { status, body } = await running.post<Problem>(`${api}/send`, {
      target: 'shop.price',
      value: { silent: true },
      replyTimeoutMs: 10_000,
    });
    expect(status).toBe(504);
    expect(body).toMatchObject({ code: 'MORTISE_CONTROL_NO_REPLY', messages: [{ id: expect.any(String) }] });
  });

  it('says why a message was refused, and under which id that is recorded', async () => {
    const { status, body } = await running.post<Problem & { readonly messages: readonly { readonly id: string }[] }>(
      `${api}/send`,
      {
        target: 'shop.order',
        value: { name: 'no id' },
      },
    );
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'MORTISE_CONTROL_REFUSED',
      reason: 'MORTISE_STEP_INVALID',
      messages: [{ refused: 'MORTISE_STEP_INVALID' }],
    });
    expect((await journeyOf(body.messages[0]?.id ?? '')).messages[0]?.deliveries[0]).toMatchObject({ state: 'invalid' });
  });

  it('publishes into a channel, with or without "channel:"', async () => {
    for (const target of ['channel:orders', 'orders']) await journeyOf(await send(target, { id: `via ${target.length}` }));
    expect(running.received).toContain('PUT /orders/via%206 {"id":"via 6"}');
  });

  it('refuses a value that the channel does not take', async () => {
    expect(await running.post(`${api}/send`, { target: 'orders', value: 1 })).toMatchObject({
      status: 422,
      body: { code: 'MORTISE_STEP_INVALID' },
    });
    expect(await running.post(`${api}/send`, { target: 'orders', text: 'no JSON' })).toMatchObject({
      status: 400,
      body: { code: 'MORTISE_CONTROL_BODY' },
    });
    expect(await running.post(`${api}/send`, { target: 'orders', value: { id: 'x' }, key: 'k' })).toMatchObject({
      status: 400,
      body: { code: 'MORTISE_CONTROL_REQUEST' },
    });
  });

  it('finds an inbound that a flow wrote in place', async () => {
    const { messages } = await journeyOf(await send('shop.webhook', { id: 1 }));
    expect(messages[0]?.deliveries[0]).toMatchObject({ destination: 'flow:placed', state: 'done' });
  });

  it('wants exactly one body, and a target that is there', async () => {
    for (const body of [{}, { text: '', value: 1 }]) {
      expect(await running.post(`${api}/send`, { target: 'shop.order', ...body })).toMatchObject({
        status: 400,
        body: { code: 'MORTISE_CONTROL_BODY' },
      });
    }
    const unknown = await running.post(`${api}/send`, { target: 'shop.ordr', value: 1 });
    expect(unknown).toMatchObject({
      status: 404,
      body: { code: 'MORTISE_CONTROL_UNKNOWN', remedy: 'Did you mean "shop.order"?' },
    });
  });
});

describe('messages', () => {
  it('are found by key, flow, destination, state and time, newest first', async () => {
    const id = await send('shop.order', { id: 'M1' });
    await journeyOf(id);
    const rows = async (query: string): Promise<readonly string[]> => {
      const { body } = await running.get<MessageRows>(`${api}/messages?${query}`);
      return body.rows.map(({ delivery }) => `${delivery.destination} ${delivery.state}`);
    };
    expect(await rows('key=order=M1')).toEqual([
      'channel:nobody unclaimed',
      'outbound:crm.put-order done',
      'flow:out done',
      'flow:in done',
    ]);
    expect(await rows('key=order=M1&flow=in')).toEqual(['flow:in done']);
    expect(await rows('key=order=M1&destination=outbound:crm.put-order')).toEqual(['outbound:crm.put-order done']);
    expect(await rows('key=order=M1&state=unclaimed&state=dead')).toEqual(['channel:nobody unclaimed']);
    expect(await rows('key=order=M1&since=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await rows('key=order=M1&until=2999-01-01T00:00:00Z')).toHaveLength(4);
    expect(await rows('key=order=none')).toEqual([]);
  });

  it('come in pages that neither skip nor repeat', async () => {
    for (const n of [1, 2, 3]) await journeyOf(await send('shop.order', { id: `P${n}` }));
    const all = (await running.get<MessageRows>(`${api}/messages?key=shop=web&limit=1000`)).body;
    expect(all.next).toBeUndefined();
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await running.get<MessageRows>(`${api}/messages?key=shop=web&limit=5${cursor}`);
      expect(body.rows.length).toBeLessThanOrEqual(5);
      paged.push(...body.rows.map(({ delivery }) => delivery.id));
      if (body.next === undefined) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(paged).toEqual(all.rows.map(({ delivery }) => delivery.id));
    expect(new Set(paged).size).toBe(paged.length);
  });

  it('show their journey as a tree, by the id of any message or delivery of it', async () => {
    const root = await send('shop.order', { id: 'J1' });
    const journey = await journeyOf(root);
    const [first, ...others] = journey.messages;
    const second = others.find(({ source }) => source === '/channels/orders');
    const rest = others.filter((message) => message !== second);
    expect(first).toMatchObject({
      id: root,
      root,
      source: '/systems/shop/order',
      model: 'order@1',
      deliveries: [{ destination: 'flow:in', messages: [second?.id] }],
    });
    expect(second).toMatchObject({ root, parent: root, deliveries: [{ destination: 'flow:out' }] });
    expect(second?.deliveries[0]?.messages.toSorted()).toEqual(rest.map(({ id }) => id).toSorted());
    for (const id of [second?.id, rest[0]?.deliveries[0]?.id])
      expect((await running.get<Journey>(`${api}/messages/${id}`)).body).toEqual(journey);
  });

  it('give their body as it came, never to be run', async () => {
    const json = await running.get(`${api}/messages/${await send('shop.order', { id: 'B1' })}/body`);
    expect(json).toMatchObject({ status: 200, body: { id: 'B1' } });
    const html = await running.post<Sent>(`${api}/send`, { target: 'shop.raw', text: '<script>', contentType: 'text/html' });
    await journeyOf(html.body.messages[0]?.id ?? '');
    const raw = await running.get<string>(`${api}/messages/${html.body.messages[0]?.id}/body`);
    expect(raw.body).toBe('<script>');
    expect(Object.fromEntries(raw.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': expect.stringContaining('attachment'),
    });
    expect(raw.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('give a body that lies in a file', async () => {
    const long = 'x'.repeat(600_000);
    const { body } = await running.post<Sent>(`${api}/send`, { target: 'shop.raw', text: long, contentType: 'bad\r\nheader: 1' });
    await journeyOf(body.messages[0]?.id ?? '');
    const raw = await running.get<string>(`${api}/messages/${body.messages[0]?.id}/body`);
    expect(raw.body === long).toBe(true);
    expect(raw.headers.get('content-type')).toBe('application/octet-stream');
  });

  it.each(['', '/body'])('that are not there are said not to be: %s', async (rest) => {
    expect(await running.get(`${api}/messages/${unknownId}${rest}`)).toMatchObject({
      status: 404,
      body: { code: 'MORTISE_DELIVERY_NOT_FOUND', status: 404 },
    });
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'state=gone', 'since=yesterday', 'cursor=-1', 'key=novalue', 'colour=red'])(
    'are not asked for by %s',
    async (query) => {
      const { status, headers, body } = await running.get<Problem>(`${api}/messages?${query}`);
      expect(status).toBe(400);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body).toMatchObject({
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        code: 'MORTISE_CONTROL_REQUEST',
        remedy: expect.any(String),
      });
      expect(body.detail).toMatch(/^query/);
    },
  );
});

describe('dead letters', () => {
  it('are listed, and counted by cause', async () => {
    const { delivery } = await deadLetter('D1');
    const { body } = await running.get<MessageRows>(`${api}/dead-letters?destination=outbound:crm.put-order`);
    expect(body.rows.find((row) => row.delivery.id === delivery)?.delivery).toMatchObject({
      state: 'dead',
      error: { code: 'MORTISE_DELIVERY_REJECTED' },
    });
    const { groups, complete } = (await running.get<CauseGroups>(`${api}/dead-letters/causes`)).body;
    expect(complete).toBe(true);
    expect(groups[0]).toMatchObject({
      code: 'MORTISE_DELIVERY_REJECTED',
      destination: 'outbound:crm.put-order',
      state: 'dead',
      newest: { delivery },
    });
  });

  it('are tried again one by one, under the same id', async () => {
    const { message, delivery } = await deadLetter('D2');
    expect(await running.post(`${api}/deliveries/${delivery}/retry`)).toMatchObject({
      status: 200,
      body: { id: delivery, state: 'waiting' },
    });
    const { messages } = await journeyOf(message);
    expect(messages.flatMap(({ deliveries }) => deliveries).find(({ id }) => id === delivery)).toMatchObject({
      state: 'done',
      attempts: 2,
    });
    expect(await running.post(`${api}/deliveries/${delivery}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'MORTISE_DELIVERY_WRONG_STATE' },
    });
  });

  it('are discarded with a reason', async () => {
    const { delivery } = await deadLetter('D3');
    expect(await running.post(`${api}/deliveries/${delivery}/discard`, {})).toMatchObject({ status: 400 });
    const discarded = await running.post(`${api}/deliveries/${delivery}/discard`, { reason: 'a test order' });
    expect(discarded).toMatchObject({ status: 200, body: { state: 'discarded', detail: 'a test order' } });
  });

  it('are tried again all together, by code and with a limit', async () => {
    await running.post(`${api}/dead-letters/retry`, {});
    await running.until<MessageRows>(`${api}/messages?flow=out&state=dead&state=waiting`, ({ rows }) => rows.length === 0);
    for (const n of [1, 2, 3]) await deadLetter(`D4-${n}`);
    const retry = async (asked: object): Promise<RetryCounts> =>
      (await running.post<RetryCounts>(`${api}/dead-letters/retry`, asked)).body;
    expect(await retry({ code: 'MORTISE_TEST_NONE' })).toEqual({ retried: 0, failed: [], more: false });
    expect(await retry({ flow: 'in' })).toMatchObject({ retried: 0 });
    expect(await retry({ destination: 'outbound:crm.put-order', code: 'MORTISE_DELIVERY_REJECTED', limit: 2 })).toEqual({
      retried: 2,
      failed: [],
      more: true,
    });
    await running.until<MessageRows>(`${api}/dead-letters?flow=out`, ({ rows }) => rows.length === 1);
    expect(await retry({ flow: 'out' })).toEqual({ retried: 1, failed: [], more: false });
  });

  it('in doubt are tried again only where that is said', async () => {
    running.answerWith(500);
    const { messages } = await journeyOf(await send('shop.raw', 'x'));
    running.answerWith(200);
    expect(messages.flatMap(({ deliveries }) => deliveries).find(({ state }) => state === 'in-doubt')).toMatchObject({
      destination: 'outbound:crm.add-note',
    });
    const retry = async (inDoubt: boolean) =>
      (await running.post<RetryCounts>(`${api}/dead-letters/retry`, { destination: 'outbound:crm.add-note', inDoubt })).body
        .retried;
    expect([await retry(false), await retry(true)]).toEqual([0, 1]);
  });

  it('that are not there are said not to be', async () => {
    expect(await running.post(`${api}/deliveries/${unknownId}/retry`)).toMatchObject({
      status: 404,
      body: { code: 'MORTISE_DELIVERY_NOT_FOUND' },
    });
    expect(await running.post(`${api}/deliveries/no-id/retry`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('is no id of a message or a delivery') },
    });
  });
});

describe('replay', () => {
  it('sends a message through again, as a new one', async () => {
    const id = await send('shop.order', { id: 'R1' });
    await journeyOf(id);
    const { body } = await running.post<{ id: string; deliveries: number }>(`${api}/messages/${id}/replay`, {});
    expect(body).toEqual({ id: expect.not.stringMatching(id), deliveries: 1 });
    const again = await journeyOf(body.id);
    expect(again.messages[0]).toMatchObject({ id: body.id, replayOf: id });
    expect(running.received.filter((line) => line.startsWith('PUT /orders/R1 '))).toHaveLength(2);
  });

  it('is refused where the message went nowhere in that flow', async () => {
    const id = await send('shop.order', { id: 'R2' });
    await journeyOf(id);
    expect(await running.post(`${api}/messages/${id}/replay`, { flow: 'out' })).toMatchObject({
      status: 409,
      body: { code: 'MORTISE_DELIVERY_WRONG_STATE' },
    });
  });
});

describe('reload', () => {
  it('runs what changed, and refuses what has errors while the old goes on', async () => {
    const { revision } = (await running.get<EngineView>(`${api}/engine`)).body;
    const broken = 'from: { channel: orders }\nsteps: [{ nonsense: 1 }]\n';
    running.write({ 'flows/more.yaml': broken });
    const refused = await running.post(`${api}/reload`);
    expect(refused).toMatchObject({ status: 422, body: { applied: false, revision } });
    expect((refused.body as { problems: { file: string }[] }).problems.some(({ file }) => file === 'flows/more.yaml')).toBe(true);
    running.write({ 'flows/more.yaml': 'from: { channel: nobody }\nto: { system: console, outbound: line }\n' });
    const applied = await running.post<{ revision: string }>(`${api}/reload`);
    expect(applied).toMatchObject({ status: 200, body: { applied: true } });
    expect(applied.body.revision).not.toBe(revision);
    expect((await running.get<FlowView[]>(`${api}/flows`)).body.map(({ name }) => name)).toContain('more');
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/assets/nothing.js'],
    ['GET', '/api/v1/nothing'],
    ['DELETE', '/api/v1/flows'],
    ['PUT', '/api/v1/send'],
  ])('is a problem: %s %s', async (method, path) => {
    const response = await fetch(`http://${running.host.addresses.control}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...keyHeader(running.folder) },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'MORTISE_CONTROL_NO_ROUTE', detail: `There is no ${method} ${path}.` });
  });
});

describe('the balance', () => {
  it('is even after all that', async () => {
    expect(await running.until<{ even: boolean }>(`${api}/balance`, ({ even }) => even)).toMatchObject({ reasons: [] });
  });
});
