// The listener for tests keeps the contract of `HttpListener`.

import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../runtime.ts';
import { startTestListener } from './connector-listener.ts';
import type { TestHttpListener } from './connector-listener.ts';
import { waitUntil } from './connector-until.ts';

let listener: TestHttpListener;

beforeEach(async () => {
  listener = await startTestListener();
});

afterEach(() => listener.close());

function route(
  path: string,
  handle: (request: HttpRequest) => Promise<HttpResponse>,
  { method = 'POST', bodyBytesMax = 100 } = {},
) {
  return listener.route({ method, path, bodyBytesMax, handle });
}

const post = (path: string, body = '', headers: Record<string, string> = {}) =>
  fetch(listener.url + path, { method: 'POST', body, headers });

describe('a request', () => {
  it('has its parts: decoded path and parameters, raw query, headers in lower case', async () => {
    let seen: HttpRequest | undefined;
    route('/shop/:tenant/orders', async (one) => {
      seen = one;
      return { status: 201, headers: { 'x-a': 'b' }, body: await one.readBody() };
    });
    const response = await post('/shop/m%C3%BCnchen/orders?a=%20&b', 'hello', { 'X-Shop': 'one' });
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([201, 'b', 'hello']);
    expect(seen).toMatchObject({ method: 'POST', path: '/shop/münchen/orders', query: 'a=%20&b', remoteAddress: '127.0.0.1' });
    expect({ ...seen?.parameters }).toEqual({ tenant: 'münchen' });
    expect(seen?.headers['x-shop']).toBe('one');
  });

  it('has a header that is given twice joined', async () => {
    route('/', async ({ headers }) => ({ status: 200, body: headers['authorization'] ?? '' }));
    const response = await new Promise<string>((resolve) => {
      const sending = request(
        listener.url,
        { method: 'POST', headers: ['authorization', 'one', 'authorization', 'two', 'host', 'x'] },
        (answer) => answer.on('data', (chunk) => resolve(String(chunk))),
      );
      sending.end();
    });
    expect(response).toBe('one, two');
  });

  it('tells when the requester is gone', async () => {
    let signal: AbortSignal | undefined;
    route('/', async (one) => {
      signal = one.signal;
      return new Promise(() => undefined);
    });
    const going = new AbortController();
    const posting = fetch(listener.url, { method: 'POST', signal: going.signal }).catch(() => 'gone');
    await waitUntil('the request is there', () => signal !== undefined);
    expect(signal?.aborted).toBe(false);
    going.abort();
    await waitUntil('it is told', () => signal?.aborted === true);
    expect(await posting).toBe('gone');
  });
});

describe('routes', () => {
  it('are found by method and path, and taken once', async () => {
    const here = route('/a', async () => ({ status: 204 }));
    expect(() => route('/a', async () => ({ status: 200 }))).toThrow('POST /a is taken');
    expect((await post('/a')).status).toBe(204);
    expect((await post('/a/b')).status).toBe(404);
    const other = await fetch(`${listener.url}/a`);
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST']);
    here.close();
    here.close();
    expect([listener.routes.length, (await post('/a')).status]).toEqual([0, 404]);
  });

  it('do not match a slash within a parameter, nor a broken encoding', async () => {
    route('/a/:b', async ({ parameters }) => ({ status: 200, body: parameters['b'] ?? '' }));
    expect(await (await post('/a/x%2Fy')).text()).toBe('x/y');
    expect((await post('/a/x/y')).status).toBe(404);
    expect((await post('/a/%zz')).status).toBe(400);
  });
});

describe('a long body', () => {
  it('is refused from its length, without asking the route', async () => {
    let asked = false;
    route('/', async () => {
      asked = true;
      return { status: 200 };
    });
    expect((await post('/', 'x'.repeat(101))).status).toBe(413);
    expect(asked).toBe(false);
  });

  it('is refused while it grows, and the answer arrives', async () => {
    route('/', async (one) => ({ status: 200, body: await one.readBody() }));
    const sending = request(listener.url, { method: 'POST' });
    sending.on('error', () => undefined);
    sending.write('x'.repeat(101));
    const status = await new Promise((resolve) => sending.on('response', (answer) => resolve(answer.statusCode)));
    expect(status).toBe(413);
    sending.destroy();
  });
});

it('answers 500 where a route fails', async () => {
  route('/', async () => {
    throw new Error('A defect.');
  });
  expect((await post('/')).status).toBe(500);
});
