// Webhooks over real HTTP: bodies that are compressed, and those that come again under an Idempotency-Key.

import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Busy } from '@mortise/sdk';
import type { Reply } from '@mortise/sdk';
import { openInboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { InboundHarness } from '@mortise/sdk/testing';
import connector from './connector.ts';
import { inbounds } from './inbound.ts';

const order = readFileSync(join(import.meta.dirname, 'fixtures/order-created.json'));
const secrets = { GITHUB: 'a-github-secret' };
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

async function post(inbound: InboundHarness, body: Body = order, headers: Record<string, string> = {}) {
  return fetch(`${inbound.listener.url}/hook`, { method: 'POST', body, headers });
}

async function json(response: Response): Promise<unknown> {
  return response.json();
}

describe('an Idempotency-Key', () => {
  const same = { 'idempotency-key': 'same' };

  it('with another body is 422, and names the first', async () => {
    const inbound = await webhook();
    const { id } = (await json(await post(inbound, order, same))) as { id: string };
    const response = await post(inbound, '{"other":1}', same);
    expect([response.status, response.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    expect(await json(response)).toMatchObject({ status: 422, code: 'MORTISE_HTTP_KEY_REUSED', id });
    expect(inbound.accepted.messages).toHaveLength(1);
  });

  it('with another long body, which comes as a stream, is 422 too', async () => {
    const inbound = await webhook();
    const [one, other] = ['x', 'y'].map((text) => text.repeat(300 * kibibyte));
    expect((await post(inbound, one, same)).status).toBe(202);
    expect((await post(inbound, other, same)).status).toBe(422);
    expect((await post(inbound, one, same)).status).toBe(202);
  });

  it('of another sort may come with another body: it is the sender’s id, no more', async () => {
    const inbound = await webhook();
    for (const body of ['1', '2']) expect((await post(inbound, body, { 'x-github-delivery': 'd' })).status).toBe(202);
  });

  it('whose first request is not answered yet is 409; afterwards it gets the stored reply', async () => {
    const inbound = await webhook();
    const replying = Promise.withResolvers<Reply>();
    inbound.accepted.replyWith(() => replying.promise);
    const first = post(inbound, order, same);
    await waitUntil('the message is accepted', () => inbound.accepted.messages.length === 1);
    const second = await post(inbound, order, same);
    expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
    expect(await json(second)).toMatchObject({ status: 409, code: 'MORTISE_HTTP_KEY_IN_USE' });
    replying.resolve({ body: { total: 1 } });
    expect(await json(await first)).toEqual({ total: 1 });
    expect(await json(await post(inbound, order, same))).toEqual({ total: 1 });
    expect(inbound.accepted.messages).toHaveLength(1);
  });

  it('is free again where the first request failed', async () => {
    const inbound = await webhook();
    inbound.accepted.failNext(new Busy('Too much is waiting.', 1));
    expect((await post(inbound, order, same)).status).toBe(503);
    expect((await post(inbound, order, same)).status).toBe(202);
  });
});

describe('a compressed body', () => {
  const compress = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
  const send = (inbound: InboundHarness, encoding: string, body: Body, headers: Record<string, string> = {}) =>
    post(inbound, body, { 'content-encoding': encoding, 'content-type': 'application/json', ...headers });

  it.each(['gzip', 'deflate', 'br'] as const)('with %s is the message as it was before', async (encoding) => {
    const inbound = await webhook();
    const long = Buffer.from(randomBytes(300 * kibibyte).toString('hex'));
    for (const text of [order, long]) {
      expect((await send(inbound, encoding, compress[encoding](text))).status).toBe(202);
      const message = inbound.accepted.messages.at(-1);
      expect(Buffer.from(message?.body as Uint8Array).equals(text)).toBe(true);
      expect(message?.headers).not.toHaveProperty('content-encoding');
    }
  });

  it('is verified as it came', async () => {
    const inbound = await webhook({ verify: { scheme: 'github', secret: 'env:GITHUB' } });
    const body = gzipSync(order);
    const sign = (bytes: Uint8Array) => `sha256=${createHmac('sha256', secrets.GITHUB).update(bytes).digest('hex')}`;
    expect((await send(inbound, 'gzip', body, { 'x-hub-signature-256': sign(order) })).status).toBe(401);
    expect((await send(inbound, 'gzip', body, { 'x-hub-signature-256': sign(body) })).status).toBe(202);
    expect(Buffer.from(inbound.accepted.messages[0]?.body as Uint8Array).equals(order)).toBe(true);
  });

  it('that grows past the limit is 413, short or long', async () => {
    const inbound = await webhook({}, { messageBytesMax: 400 * kibibyte });
    const longBomb = Buffer.concat([gzipSync(randomBytes(300 * kibibyte)), gzipSync(Buffer.alloc(10_000_000))]);
    for (const bomb of [gzipSync(Buffer.alloc(10_000_000)), longBomb]) {
      expect((await send(inbound, 'gzip', bomb)).status).toBe(413);
    }
    expect(inbound.accepted.messages).toHaveLength(0);
  });

  it('in a coding that is not known is 415, with those that are', async () => {
    const inbound = await webhook();
    const response = await send(inbound, 'zebra', order);
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate, br']);
    expect((await send(inbound, 'gzip, gzip, gzip', order)).status).toBe(415);
  });

  it.each(['gzip', 'br'])('that is not %s is 400', async (encoding) => {
    const inbound = await webhook();
    expect((await send(inbound, encoding, order)).status).toBe(400);
    expect((await send(inbound, encoding, Buffer.alloc(300 * kibibyte, 'x'))).status).toBe(400);
    expect((await send(inbound, 'gzip', gzipSync(order).subarray(0, -9))).status).toBe(400);
    expect(inbound.accepted.messages).toHaveLength(0);
  });
});
