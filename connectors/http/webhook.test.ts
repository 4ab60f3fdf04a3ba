// Webhooks over real HTTP: what becomes a message, and what the sender is answered.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BodyTooLarge, Busy, Unavailable } from '@mortise/sdk';
import type { Reply } from '@mortise/sdk';
import { openInboundForTest, pause, waitUntil } from '@mortise/sdk/testing';
import type { InboundHarness } from '@mortise/sdk/testing';
import connector from './connector.ts';
import { inbounds } from './inbound.ts';

const order = readFileSync(join(import.meta.dirname, 'fixtures/order-created.json'));
const secrets = { KEY: 'the-key-of-the-shop', PASSWORD: 'a-password', GITHUB: 'a-github-secret' };
const kibibyte = 1024;

type Body = NonNullable<RequestInit['body']>;

let open: InboundHarness | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function webhook(options: Readonly<Record<string, unknown>> = {}, more: { readonly messageBytesMax?: number } = {}) {
  const given = { path: '/hook', verify: { scheme: 'none' }, ...options };
  open = await openInboundForTest({ connector, inbounds, name: 'webhook', options: given, secrets, ...more });
  return open;
}

async function post(inbound: InboundHarness, body: Body = order, headers: Record<string, string> = {}, path = '/hook') {
  return fetch(inbound.listener.url + path, { method: 'POST', body, headers });
}

async function json(response: Response): Promise<unknown> {
  return response.json();
}

describe('the message', () => {
  it('has the bytes, the type of the content and the headers', async () => {
    const inbound = await webhook({ type: 'order.created' });
    const response = await post(inbound, order, { 'Content-Type': 'application/json', 'X-Shop': 'berlin' });
    expect(response.status).toBe(202);
    const [message] = inbound.accepted.messages;
    expect(await json(response)).toEqual({ id: message?.id, duplicate: false });
    expect(Buffer.from(message?.body as Uint8Array)).toEqual(order);
    expect(message).toMatchObject({ type: 'order.created', contentType: 'application/json', headers: { 'x-shop': 'berlin' } });
  });

  it('has no header that proves who someone is', async () => {
    const inbound = await webhook({ verify: { scheme: 'api-key', header: 'X-Shop-Key', secret: 'env:KEY' } });
    const proofs = {
      'x-shop-key': secrets.KEY,
      authorization: 'Bearer b',
      cookie: 'c=d',
      'proxy-authorization': 'e',
      'proxy-f': 'g',
    };
    expect((await post(inbound, order, { ...proofs, 'x-other': 'stays' })).status).toBe(202);
    const names = Object.keys(inbound.accepted.messages[0]?.headers ?? {});
    expect(names).toContain('x-other');
    for (const name of Object.keys(proofs)) expect(names).not.toContain(name);
  });

  it('has the type that a header names before the one that is given', async () => {
    const inbound = await webhook({ type: 'order', typeHeader: 'X-Topic' });
    await post(inbound, order, { 'x-topic': 'orders/paid' });
    await post(inbound);
    expect(inbound.accepted.messages.map(({ type }) => type)).toEqual(['orders/paid', 'order']);
  });

  it('has the type that GitHub says', async () => {
    const inbound = await webhook({ verify: { scheme: 'github', secret: 'env:GITHUB' } });
    const signature = `sha256=${createHmac('sha256', secrets.GITHUB).update(order).digest('hex')}`;
    const response = await post(inbound, order, {
      'x-hub-signature-256': signature,
      'x-github-event': 'push',
      'x-github-delivery': 'd-1',
    });
    expect(response.status).toBe(202);
    expect(inbound.accepted.messages[0]?.type).toBe('github.push');
    expect(inbound.accepted.commits[0]?.key).toBe('d-1');
    expect(Object.keys(inbound.accepted.messages[0]?.headers ?? {})).not.toContain('x-hub-signature-256');
  });

  it('has no type where nobody says one', async () => {
    const inbound = await webhook();
    await post(inbound, order, { 'x-github-event': 'push' });
    expect(inbound.accepted.messages[0]?.type).toBeUndefined();
  });

  it('of a GET is the query, as own properties only', async () => {
    const inbound = await webhook({ method: 'GET' });
    const response = await fetch(`${inbound.listener.url}/hook?a=1&b=x+y&b=%C3%BC&__proto__=p&constructor=c&empty`);
    expect(response.status).toBe(202);
    const [message] = inbound.accepted.messages;
    const text = Buffer.from(message?.body as Uint8Array).toString();
    expect(text).toBe('{"a":"1","b":["x y","ü"],"__proto__":"p","constructor":"c","empty":""}');
    expect(message?.contentType).toBe('application/json');
  });

  it('comes from a path with parameters', async () => {
    const inbound = await webhook({ path: '/shops/:shop/orders' });
    expect((await post(inbound, order, {}, '/shops/berlin/orders')).status).toBe(202);
  });
});

describe('the key', () => {
  it.each([
    ['the header that is named', { 'x-event': '1', 'idempotency-key': '2', 'webhook-id': '3', 'x-github-delivery': '4' }, '1'],
    ['idempotency-key', { 'idempotency-key': '2', 'webhook-id': '3', 'x-github-delivery': '4' }, '2'],
    ['webhook-id', { 'webhook-id': '3', 'x-github-delivery': '4' }, '3'],
    ['x-github-delivery', { 'x-github-delivery': '4' }, '4'],
    ['nothing', {}, undefined],
    ['nothing, where the header is empty', { 'x-event': '' }, undefined],
  ])('is taken from %s', async (_, headers, key) => {
    const inbound = await webhook({ idempotency: 'X-Event' });
    await post(inbound, order, headers);
    expect(inbound.accepted.commits[0]?.key).toBe(key);
  });

  it('makes the second one a duplicate with the id of the first', async () => {
    const inbound = await webhook();
    const first = await json(await post(inbound, order, { 'idempotency-key': 'same' }));
    const second = await post(inbound, order, { 'idempotency-key': 'same' });
    expect(second.status).toBe(202);
    expect(await json(second)).toEqual({ ...(first as object), duplicate: true });
    expect(inbound.accepted.messages).toHaveLength(1);
  });
});

describe('what was signed', () => {
  const stripe = { verify: { scheme: 'stripe', secret: 'env:KEY' } };
  const signed = (body: string) => {
    const seconds = Math.floor(Date.now() / 1000);
    return `t=${seconds},v1=${createHmac('sha256', secrets.KEY).update(`${seconds}.${body}`).digest('hex')}`;
  };

  it('is a duplicate when it is sent again, whatever key somebody puts beside it', async () => {
    const inbound = await webhook(stripe);
    const signature = signed('{"id":"evt_1"}');
    for (const key of ['a', 'b']) {
      const headers = { 'stripe-signature': signature, 'idempotency-key': key, 'webhook-id': key };
      expect((await post(inbound, '{"id":"evt_1"}', headers)).status).toBe(202);
    }
    expect(inbound.accepted.commits.map(({ key }) => key)).toEqual(['evt_1']);
  });

  it('is known by the header that is named, where one is', async () => {
    const inbound = await webhook({ ...stripe, idempotency: 'x-event' });
    await post(inbound, '{"id":"evt_1"}', { 'stripe-signature': signed('{"id":"evt_1"}'), 'x-event': 'mine' });
    expect(inbound.accepted.commits[0]?.key).toBe('mine');
  });

  it('has the type that Shopify says', async () => {
    const inbound = await webhook({ verify: { scheme: 'shopify', secret: 'env:KEY' } });
    const hmac = createHmac('sha256', secrets.KEY).update(order).digest('base64');
    const headers = { 'x-shopify-hmac-sha256': hmac, 'x-shopify-topic': 'orders/create', 'x-shopify-webhook-id': 'w-1' };
    expect((await post(inbound, order, headers)).status).toBe(202);
    expect(inbound.accepted.messages[0]?.type).toBe('shopify.orders.create');
    expect(inbound.accepted.commits[0]?.key).toBe('w-1');
  });
});

describe('who is not verified', () => {
  it.each([
    ['standard-webhooks', { scheme: 'standard-webhooks', secret: 'env:KEY' }, { KEY: 'd2hhdGV2ZXI=' }],
    ['github', { scheme: 'github', secret: 'env:KEY' }, secrets],
    ['stripe', { scheme: 'stripe', secret: 'env:KEY' }, secrets],
    ['slack', { scheme: 'slack', secret: 'env:KEY' }, secrets],
    ['shopify', { scheme: 'shopify', secret: 'env:KEY' }, secrets],
    ['twilio', { scheme: 'twilio', secret: 'env:KEY', url: 'https://hooks.example/hook' }, secrets],
    ['api-key', { scheme: 'api-key', secret: 'env:KEY' }, secrets],
    ['basic', { scheme: 'basic', user: 'shop', password: 'env:KEY' }, secrets],
  ])('is answered 401 and no more, with %s', async (_, verify, given) => {
    open = await openInboundForTest({ connector, inbounds, name: 'webhook', options: { path: '/hook', verify }, secrets: given });
    const response = await post(open, order, {
      'x-api-key': 'wrong',
      authorization: 'Basic wrong',
      'webhook-id': 'a',
      'x-hub-signature-256': 'b',
    });
    expect(response.status).toBe(401);
    expect(await json(response)).toEqual({ type: 'about:blank', title: 'Unauthorized', status: 401 });
    expect(open.accepted.calls).toBe(0);
  });

  it('is told of basic authentication, as HTTP asks for', async () => {
    const inbound = await webhook({ verify: { scheme: 'basic', user: 'shop', password: 'env:PASSWORD' } });
    expect((await post(inbound)).headers.get('www-authenticate')).toContain('Basic realm=');
    const authorization = `Basic ${Buffer.from(`shop:${secrets.PASSWORD}`).toString('base64')}`;
    expect((await post(inbound, order, { authorization })).status).toBe(202);
  });

  it('is not let in by forgetting to say how', async () => {
    await expect(openInboundForTest({ connector, inbounds, name: 'webhook', options: { path: '/hook' } })).rejects.toThrow(
      'verify is missing',
    );
  });

  it('is not read a body of, where the headers suffice to tell', async () => {
    const inbound = await webhook({ verify: { scheme: 'api-key', secret: 'env:KEY' } });
    const status = await statusBeforeBodyEnds(inbound, { 'transfer-encoding': 'chunked' });
    expect(status).toBe(401);
  });
});

/** Sends half a body and waits for the answer. */
async function statusBeforeBodyEnds(inbound: InboundHarness, headers: Record<string, string>): Promise<number | undefined> {
  const sending = httpRequest(`${inbound.listener.url}/hook`, { method: 'POST', headers });
  sending.on('error', () => undefined);
  sending.write('half');
  const status = await new Promise<number | undefined>((resolve) =>
    sending.on('response', (response) => resolve(response.statusCode)),
  );
  sending.destroy();
  return status;
}

describe('a long body', () => {
  const longBody = Buffer.alloc(600 * kibibyte, 'x');
  const chunked = () => ReadableStream.from([longBody.subarray(0, 1000), longBody.subarray(1000)]) as ReadableStream<Uint8Array>;
  const send = (inbound: InboundHarness, body: Body) =>
    fetch(`${inbound.listener.url}/hook`, { method: 'POST', body, duplex: 'half' } as RequestInit);
  const spied = async (options: Readonly<Record<string, unknown>>) => {
    const bodies: unknown[] = [];
    const spying: typeof inbounds = {
      webhook: (context) =>
        inbounds.webhook({
          ...context,
          accept: (messages, accepting) => {
            bodies.push(...messages.map(({ body }) => body));
            return context.accept(messages, accepting);
          },
        }),
    };
    open = await openInboundForTest({
      connector,
      inbounds: spying,
      name: 'webhook',
      options: { path: '/hook', ...options },
      secrets,
    });
    return { inbound: open, bodies };
  };

  it('is passed on as a stream, with and without a content-length', async () => {
    const { inbound, bodies } = await spied({ verify: { scheme: 'none' } });
    expect((await send(inbound, longBody)).status).toBe(202);
    expect((await send(inbound, chunked())).status).toBe(202);
    for (const body of bodies) expect(body).not.toBeInstanceOf(Uint8Array);
    for (const message of inbound.accepted.messages) expect(Buffer.from(message.body as Uint8Array).equals(longBody)).toBe(true);
  });

  it('is gathered where the signature is over it', async () => {
    const { inbound, bodies } = await spied({ verify: { scheme: 'github', secret: 'env:GITHUB' } });
    const signature = `sha256=${createHmac('sha256', secrets.GITHUB).update(longBody).digest('hex')}`;
    expect((await post(inbound, longBody, { 'x-hub-signature-256': signature })).status).toBe(202);
    expect(bodies[0]).toBeInstanceOf(Uint8Array);
  });

  it('is none where a small one comes without a content-length', async () => {
    const { inbound, bodies } = await spied({ verify: { scheme: 'none' } });
    const small = ReadableStream.from([Buffer.from('{"a":'), Buffer.from('1}')]) as ReadableStream<Uint8Array>;
    expect((await send(inbound, small)).status).toBe(202);
    expect(Buffer.from(bodies[0] as Uint8Array).toString()).toBe('{"a":1}');
  });

  it('is refused with 413 past the limit, from its length or while it grows', async () => {
    const inbound = await webhook({}, { messageBytesMax: 300 * kibibyte });
    expect(await statusBeforeBodyEnds(inbound, { 'content-length': String(longBody.byteLength) })).toBe(413);
    expect((await send(inbound, chunked()).catch(() => ({ status: 413 }))).status).toBe(413);
    expect(inbound.accepted.messages).toHaveLength(0);
  });
});

describe('the answer', () => {
  it('to several records has all their ids', async () => {
    const inbound = await webhook();
    inbound.accepted.splitInto(() => 3);
    const response = await post(inbound);
    expect(response.status).toBe(202);
    const { id } = inbound.accepted.messages[0] ?? {};
    expect(await json(response)).toEqual({ ids: [id, `${id}-2`, `${id}-3`] });
  });

  it('to a body without records has no ids', async () => {
    const inbound = await webhook();
    inbound.accepted.splitInto(() => 0);
    expect(await json(await post(inbound))).toEqual({ ids: [] });
  });

  it.each([
    ['MORTISE_FORMAT_SYNTAX', 400, 'Bad Request'],
    ['MODEL_MISMATCH', 422, 'Unprocessable Content'],
  ])('to what is refused as %s is %i, a problem with position and id', async (code, status, title) => {
    const inbound = await webhook();
    inbound.accepted.refuseWith(() => ({ code, message: 'It does not fit.', position: { line: 3 } }));
    const response = await post(inbound);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const { id } = inbound.accepted.messages[0] ?? {};
    expect(await json(response)).toEqual({
      type: 'about:blank',
      title,
      status,
      code,
      detail: 'It does not fit.',
      position: { line: 3 },
      id,
    });
  });

  it('to several records of which one is refused has all their ids too', async () => {
    const inbound = await webhook();
    inbound.accepted.splitInto(() => 2);
    inbound.accepted.refuseWith(() => ({ code: 'MODEL_MISMATCH', message: 'It does not fit.' }));
    const answer = await json(await post(inbound));
    const { id } = inbound.accepted.messages[0] ?? {};
    expect(answer).toMatchObject({ status: 422, id, ids: [id, `${id}-2`] });
  });

  it.each([
    [1, '1'],
    [1500, '2'],
    [60_000, '60'],
  ])('under back-pressure of %i ms is 503 with Retry-After %s', async (retryAfterMs, seconds) => {
    const inbound = await webhook();
    inbound.accepted.failNext(new Busy('Too much is waiting.', retryAfterMs));
    const response = await post(inbound);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe(seconds);
  });

  it('of an engine that stops is 503', async () => {
    const inbound = await webhook();
    inbound.accepted.failNext(new Unavailable('The engine stops.'));
    const response = await post(inbound);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBeNull();
  });

  it('is 413 where the body is found too long while it is stored', async () => {
    const inbound = await webhook();
    inbound.accepted.failNext(new BodyTooLarge(10));
    expect((await post(inbound)).status).toBe(413);
  });

  it('is the listener’s where accept fails in a way that it may not', async () => {
    const inbound = await webhook();
    inbound.accepted.failNext(new Error('A defect.'));
    expect((await post(inbound)).status).toBe(500);
  });
});

describe('a reply', () => {
  const replied = async (reply: Reply | undefined, options: Readonly<Record<string, unknown>> = {}) => {
    const inbound = await webhook(options);
    inbound.accepted.replyWith(() => reply);
    return post(inbound);
  };

  it('of a value is JSON', async () => {
    const response = await replied({ body: { total: 1 } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await json(response)).toEqual({ total: 1 });
  });

  it('of bytes goes out as it is, with status, type and headers', async () => {
    const headers = { 'x-answer': 'yes', 'Content-Length': '1', 'transfer-encoding': 'chunked' };
    const response = await replied({ body: Buffer.from('<ok/>'), status: 201, contentType: 'application/xml', headers });
    expect([response.status, response.headers.get('content-type'), response.headers.get('x-answer')]).toEqual([
      201,
      'application/xml',
      'yes',
    ]);
    expect(await response.text()).toBe('<ok/>');
  });

  it('of bytes without a type is called bytes', async () => {
    const response = await replied({ body: Buffer.from([0]) });
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
  });

  it('of text is JSON unless its type says otherwise', async () => {
    expect(await (await replied({ body: 'hello' })).text()).toBe('"hello"');
    await open?.close();
    expect(await (await replied({ body: 'hello', contentType: 'text/plain' })).text()).toBe('hello');
  });

  it('without a body is a status', async () => {
    const response = await replied({ body: undefined, status: 204 });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it.each([99, 100, 600, 200.5, Number.NaN])('with the impossible status %d is 200', async (status) => {
    expect((await replied({ body: 1, status })).status).toBe(200);
  });

  it('that does not come in time is 504 with the id', async () => {
    const inbound = await webhook({ replyTimeout: '20ms' });
    inbound.accepted.replyWith(() => new Promise(() => undefined));
    const response = await post(inbound);
    expect(response.status).toBe(504);
    expect(await json(response)).toMatchObject({ status: 504, id: inbound.accepted.messages[0]?.id });
  });

  it('that the flow does not give is 504 too', async () => {
    expect((await replied(undefined)).status).toBe(504);
  });

  it('is abandoned when the requester goes away', async () => {
    const inbound = await webhook();
    inbound.accepted.replyWith(() => new Promise(() => undefined));
    const going = new AbortController();
    const posting = fetch(`${inbound.listener.url}/hook`, { method: 'POST', body: order, signal: going.signal }).catch(
      (error: Error) => error.name,
    );
    await waitUntil('the message is accepted', () => inbound.accepted.messages.length === 1);
    going.abort();
    expect(await posting).toBe('AbortError');
    await waitUntil('the reply is abandoned', () => inbound.accepted.abandoned.length === 1);
  });

  it.each([1, 2])('is waited for no longer when the inbound closes, by %d calls at once', async (calls) => {
    const inbound = await webhook();
    inbound.accepted.replyWith(() => new Promise(() => undefined));
    const posting = post(inbound);
    await waitUntil('the message is accepted', () => inbound.accepted.messages.length === 1);
    await pause();
    await Promise.all(Array.from({ length: calls }, () => inbound.closeInbound()));
    expect((await posting).status).toBe(504);
    expect(inbound.accepted.abandoned).toEqual([]);
  });
});

describe('what belongs to the listener', () => {
  it('answers other methods and paths', async () => {
    const inbound = await webhook();
    const other = await fetch(`${inbound.listener.url}/hook`, { method: 'HEAD' });
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await post(inbound, order, {}, '/other')).status).toBe(404);
  });

  it('takes a method and path once', async () => {
    const inbound = await webhook();
    expect(() =>
      inbound.listener.route({ method: 'POST', path: '/hook', bodyBytesMax: 1, handle: async () => ({ status: 200 }) }),
    ).toThrow('is taken');
  });
});
