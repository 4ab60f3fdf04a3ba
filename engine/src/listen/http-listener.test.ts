// The inbound listener: routes come and go, bodies have limits, and every refusal has a code.

import { request } from 'node:http';
import { BodyTooLarge } from '@mortise/sdk';
import type { HttpRequest, HttpRoute } from '@mortise/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from './address.ts';
import { InboundListener } from './http-listener.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let listener: InboundListener;
let url: string;

beforeEach(async () => {
  listener = new InboundListener(silent);
  listener.changes = 0;
  const { port } = await listener.listen('127.0.0.1', 0);
  url = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  const closed = listener.close();
  listener.closeNow();
  await closed;
});

const echo: HttpRoute = {
  method: 'POST',
  path: '/echo/:name',
  bodyBytesMax: 100,
  handle: async (got: HttpRequest) => ({
    status: 201,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: got.parameters['name'],
      query: got.query,
      x: got.headers['x-a'],
      body: Buffer.from(await got.readBody()).toString(),
    }),
  }),
};

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', body, headers });

describe('the inbound listener', () => {
  it('hands requests to their route, with parameters, query and headers', async () => {
    listener.route(echo);
    const answer = await post('/echo/a%20b?x=1', 'hello', { 'X-A': '1' });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ name: 'a b', query: 'x=1', x: '1', body: 'hello' });
  });

  it('says 404 where nobody listens, and 405 with the methods where one does', async () => {
    listener.route(echo);
    const none = await post('/nowhere', '');
    expect([none.status, await none.json()]).toEqual([404, expect.objectContaining({ code: 'MORTISE_HTTP_NO_ROUTE' })]);
    listener.route({ ...echo, path: '/plain' });
    const other = await fetch(`${url}/plain`);
    expect([other.status, other.headers.get('allow'), await other.json()]).toEqual([
      405,
      'POST',
      expect.objectContaining({ code: 'MORTISE_HTTP_METHOD' }),
    ]);
  });

  it('takes a route away when it is closed, and refuses a second one of the same method and path', async () => {
    const route = listener.route(echo);
    expect(() => listener.route(echo)).toThrowError(expect.objectContaining({ code: 'MORTISE_ENGINE_ROUTE_TAKEN' }));
    route.close();
    expect((await post('/echo/x', '')).status).toBe(404);
    listener.route(echo);
    expect((await post('/echo/x', '')).status).toBe(201);
  });

  it('finds a route without parameters as it was written, and with escapes where they mean the same', async () => {
    const route = listener.route({ ...echo, path: '/a b/ü' });
    listener.route({ ...echo, path: '/a/b' });
    listener.route({ ...echo, path: '/:name' });
    expect(() => listener.route({ ...echo, path: '/a/b' })).toThrowError(
      expect.objectContaining({ code: 'MORTISE_ENGINE_ROUTE_TAKEN' }),
    );
    const nameOf = async (path: string): Promise<unknown> => {
      const answer = await post(path, '');
      return answer.status === 201 ? ((await answer.json()) as { readonly name?: string }).name : answer.status;
    };
    expect(await nameOf('/a%20b/%C3%BC')).toBe(undefined);
    expect(await nameOf('/%61/b')).toBe(undefined);
    // An escaped slash parts nothing, and what is no escape is looked up as it is.
    expect(await nameOf('/a%2Fb')).toBe('a/b');
    expect((await post('/a/%', '')).status).toBeGreaterThanOrEqual(400);
    route.close();
    expect(await nameOf('/a%20b/%C3%BC')).toBe(404);
  });

  it('refuses a body that says it is too long before it is read', async () => {
    let began = false;
    listener.route({ ...echo, handle: async () => ((began = true), { status: 200 }) });
    const answer = await post('/echo/x', 'x'.repeat(101));
    expect([answer.status, await answer.json()]).toEqual([413, expect.objectContaining({ code: 'MORTISE_HTTP_BODY_TOO_LARGE' })]);
    expect(began).toBe(false);
  });

  it('refuses a body that grows too long while it comes, and reads no more of it', async () => {
    let readBytes = 0;
    listener.route({
      ...echo,
      handle: async ({ body }) => {
        for await (const chunk of body) readBytes += chunk.length;
        return { status: 200 };
      },
    });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${url}/echo/x`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, (answer) =>
        resolve(answer.statusCode),
      );
      sending.on('error', reject);
      sending.write('x'.repeat(60));
      setTimeout(() => sending.write('x'.repeat(60)), 20);
    });
    expect(status).toBe(413);
    expect(readBytes).toBe(60);
  });

  it('answers 500 with a code, and tells nothing of it, when a handler fails', async () => {
    listener.route({ ...echo, handle: () => Promise.reject(new Error('secret detail')) });
    const answer = await post('/echo/x', '');
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/^(?!.*secret)(?=.*MORTISE_HTTP_FAULT)/);
    listener.route({ ...echo, path: '/large', handle: () => Promise.reject(new BodyTooLarge(1)) });
    expect((await post('/large', '')).status).toBe(413);
  });

  it('asks to come again while the engine does not know yet who listens', async () => {
    listener.changes += 1;
    const answer = await post('/echo/x', '');
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'MORTISE_HTTP_NOT_READY' })]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('tells its handler when the requester is gone', async () => {
    const gone = Promise.withResolvers<boolean>();
    const began = Promise.withResolvers<void>();
    listener.route({
      ...echo,
      handle: async ({ signal }) => {
        signal.addEventListener('abort', () => gone.resolve(true));
        began.resolve();
        await gone.promise;
        return { status: 200 };
      },
    });
    const controller = new AbortController();
    const asking = fetch(`${url}/echo/x`, { method: 'POST', body: '', signal: controller.signal }).catch(() => undefined);
    await began.promise;
    controller.abort();
    expect(await gone.promise).toBe(true);
    await asking;
  });

  it('says what is wrong when its port is taken', async () => {
    const second = new InboundListener(silent);
    await expect(second.listen('127.0.0.1', Number(new URL(url).port))).rejects.toMatchObject({ code: 'MORTISE_ENGINE_LISTEN' });
  });
});

describe('addresses', () => {
  it('are HOST:PORT, with brackets around IPv6', () => {
    for (const text of ['127.0.0.1:8081', 'localhost:0', '[::1]:8080']) expect(formatAddress(parseAddress(text))).toBe(text);
  });

  it('that are none are refused with what was expected', () => {
    for (const text of ['8081', '127.0.0.1', '127.0.0.1:99999', '::1:8080', 'a b:1']) {
      expect(() => parseAddress(text)).toThrowError(expect.objectContaining({ code: 'MORTISE_ENGINE_ADDRESS' }));
    }
  });
});
