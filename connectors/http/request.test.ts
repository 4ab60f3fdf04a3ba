// Requests to a real system: what is sent, what comes back, and what each failure means.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MortiseError } from '@mortise/sdk';
import { bodyStreamOf, manualClock, openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { OutboundHarness, SendForTest } from '@mortise/sdk/testing';
import connector from './connector.ts';
import { outbounds } from './outbound.ts';
import { addressesOf, hrefOf, urlOf } from './request.ts';
import { startTestSystem } from './test-system.fixture.ts';
import type { TestAnswer, TestSystem } from './test-system.fixture.ts';

const secrets = { TOKEN: 'the-token-of-the-crm', PASSWORD: 'pass:wörd', EMPTY: '' };
const nowMs = Date.UTC(2026, 0, 1);

let system: TestSystem;
let opened: OutboundHarness[] = [];

beforeEach(async () => {
  system = await startTestSystem();
});

afterEach(async () => {
  await Promise.all(opened.map((outbound) => outbound.close()));
  opened = [];
  await system.close();
});

async function outbound(connection: Readonly<Record<string, unknown>> = {}): Promise<OutboundHarness> {
  const given = { url: `${system.url}/api`, ...connection };
  const one = await openOutboundForTest({
    connector,
    outbounds,
    name: 'request',
    connection: given,
    secrets,
    clock: manualClock(nowMs),
  });
  opened.push(one);
  return one;
}

async function send(
  options: Readonly<Record<string, unknown>> = {},
  connection: Readonly<Record<string, unknown>> = {},
  sending: SendForTest = {},
) {
  return (await outbound(connection)).send('{"a":1}', options, sending);
}

async function failure(sending: Promise<unknown>): Promise<MortiseError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MortiseError)) throw new Error(`Expected a failure of the contract, found ${String(error)}.`);
  return error;
}

function answering(answer: TestAnswer): void {
  system.answer = () => answer;
}

describe('what is sent', () => {
  it('is the body with its type and the delivery id, to the base URL and the path', async () => {
    await send({ path: '/orders?dry=1' }, {}, { deliveryId: 'd-1', message: { dataContentType: 'application/json' } });
    expect(system.received).toMatchObject([
      {
        method: 'POST',
        url: '/api/orders?dry=1',
        body: '{"a":1}',
        headers: { 'content-type': 'application/json', 'content-length': '7', 'idempotency-key': 'd-1' },
      },
    ]);
  });

  it('has the same delivery id on every attempt, under the header that is asked for', async () => {
    const one = await outbound();
    for (const attempt of [1, 2]) await one.send('', { idempotencyKey: 'X-Request-Id' }, { deliveryId: 'd-1', attempt });
    expect(system.received.map(({ headers }) => headers['x-request-id'])).toEqual(['d-1', 'd-1']);
    expect(system.received[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'DELETE'])('with %s has no body unless it is asked for', async (method) => {
    const message = { dataContentType: 'application/json' };
    await send({ method }, {}, { message });
    await send({ method, sendBody: true }, {}, { message });
    expect(system.received.map(({ body }) => body)).toEqual(['', '{"a":1}']);
    expect(system.received.map(({ headers }) => headers['content-type'])).toEqual([undefined, 'application/json']);
    expect('idempotency-key' in (system.received[0]?.headers ?? {})).toBe(method === 'DELETE');
  });

  it('has headers, the later the stronger: connection, message, options, credentials', async () => {
    await send(
      { headers: { B: 'options', 'Content-Type': 'application/vnd.api+json', Authorization: 'of the data' } },
      { headers: { A: 'connection', b: 'connection' }, auth: { bearer: 'env:TOKEN' } },
      { message: { dataContentType: 'application/json' } },
    );
    expect(system.received[0]?.headers).toMatchObject({
      a: 'connection',
      b: 'options',
      'content-type': 'application/vnd.api+json',
      authorization: `Bearer ${secrets.TOKEN}`,
    });
  });

  it.each([
    [
      { basic: { user: 'us', password: 'env:PASSWORD' } },
      'authorization',
      `Basic ${Buffer.from(`us:${secrets.PASSWORD}`).toString('base64')}`,
    ],
    [{ header: { name: 'X-Api-Key', value: 'env:TOKEN' } }, 'x-api-key', secrets.TOKEN],
  ])('has the credentials of %o', async (auth, name, value) => {
    await send({}, { auth });
    expect(system.received[0]?.headers[name]).toBe(value);
  });

  it('of a stream is the stream, with its length', async () => {
    const body = Buffer.alloc(700_000, 'x');
    await (await outbound()).send(bodyStreamOf(body), {});
    expect(system.received[0]?.headers['content-length']).toBe('700000');
    expect(system.received[0]?.body).toBe(body.toString());
  });

  it('is refused where the body is a value: nobody encoded it', async () => {
    expect((await failure((await outbound()).send({ a: 1 }, {}))).name).toBe('Rejected');
  });

  it('goes nowhere where a header cannot be written', async () => {
    const error = await failure(send({ headers: { note: 'one\r\nhost: evil' } }));
    expect(error.name).toBe('Rejected');
    expect(system.received).toHaveLength(0);
  });
});

describe('the path', () => {
  const base = new URL('https://crm.example/api/v1?key=k');

  it.each([
    ['', 'https://crm.example/api/v1?key=k'],
    ['/orders', 'https://crm.example/api/v1/orders?key=k'],
    ['/orders?a=1&b=?', 'https://crm.example/api/v1/orders?key=k&a=1&b=?'],
    ['?a=1', 'https://crm.example/api/v1?key=k&a=1'],
    ['//evil.example/x', 'https://crm.example/api/v1//evil.example/x?key=k'],
    ['/a#b', 'https://crm.example/api/v1/a%23b?key=k'],
    ['/a b\tc\\d', 'https://crm.example/api/v1/a%20b%09c%5Cd?key=k'],
    ['/müller', 'https://crm.example/api/v1/m%C3%BCller?key=k'],
    ['/a..b/...', 'https://crm.example/api/v1/a..b/...?key=k'],
  ])('"%s" leads to %s', (path, url) => {
    expect(urlOf(base, path).href).toBe(url);
  });

  it.each(['orders', '@evil.example/', '.evil.example/', ':8080/', '/../admin', '/a/..', '/./a', '/%2e%2E/admin', '/a/.%2e?b'])(
    '"%s" is refused',
    (path) => {
      expect(() => urlOf(base, path)).toThrow('is refused');
    },
  );

  it('never leaves the host or the base path, whatever the data', () => {
    const hostile = fc.array(fc.constantFrom('/', '\\', '.', '..', '%2e', '@', ':', '?', '#', '\t', '\n', 'evil.example', 'a'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(hostile, fc.string(), (parts, text) => {
        for (const path of [`/customers/${parts.join('')}`, `/customers/${text}`, parts.join('')]) {
          const url = tried(() => urlOf(base, path));
          expect(url?.origin ?? base.origin).toBe(base.origin);
          expect(url?.pathname ?? base.pathname).toMatch(/^\/api\/v1(\/|$)/);
        }
      }),
    );
  });

  it('leads where the parser of URLs says, also where it is not asked', () => {
    const part = fc.constantFrom('/', '.', '..', '%2e', '~', '_', '-', 'a', 'Z9', 'é', '?', '#', ' ', '\\', ':', '@', '\n');
    const bases = [
      'https://crm.example',
      'https://crm.example/',
      'https://crm.example:8443/api/v1/',
      'https://crm.example/api?key=k',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.array(part, { maxLength: 10 }), (text, parts) => {
        const [parsed, path] = [new URL(text), parts.join('')];
        for (const one of [path, `/${path}`, '/orders/4711.json']) {
          const [given, expected] = [tried(() => addressesOf(parsed)(one)), tried(() => urlOf(parsed, one))];
          expect(given && hrefOf(given)).toBe(expected?.href);
          expect([given?.origin, given?.hostname]).toEqual([expected?.origin, expected?.hostname]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('that is refused is rejected, and nothing is sent', async () => {
    expect((await failure(send({ path: '/../admin' }))).name).toBe('Rejected');
    expect(system.received).toHaveLength(0);
  });

  function tried<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch {
      return undefined;
    }
  }
});

describe('the reply', () => {
  it('is the answer, with status, type and headers, without cookies and what belongs to the connection', async () => {
    answering({ status: 201, headers: { 'content-type': 'text/plain', etag: '"1"', 'set-cookie': 'a=b' }, body: 'made' });
    const { detail, reply } = await send();
    expect(detail).toBe('HTTP 201');
    expect(reply).toMatchObject({ status: 201, contentType: 'text/plain', headers: { etag: '"1"' } });
    expect(Buffer.from(reply?.body as Uint8Array).toString()).toBe('made');
    expect(Object.keys(reply?.headers ?? {}).toSorted((a, b) => a.localeCompare(b))).toEqual(['content-type', 'date', 'etag']);
  });

  it('has no type where the system says none', async () => {
    expect((await send()).reply).not.toHaveProperty('contentType');
  });

  it('up to its limit is whole', async () => {
    answering({ status: 200, body: 'x'.repeat(1024) });
    expect((await send({ replyBytesMax: '1KiB' })).reply?.body).toHaveLength(1024);
  });

  it('beyond its limit is rejected when reading', async () => {
    answering({ status: 200, body: 'x'.repeat(1025) });
    const error = await failure(send({ method: 'GET', replyBytesMax: '1KiB' }));
    expect([error.name, error.message]).toEqual(['Rejected', expect.stringContaining('replyBytesMax')]);
  });

  it('beyond its limit is dropped where the request took effect', async () => {
    answering({ status: 200, body: 'x'.repeat(300_000) });
    const one = await outbound();
    const receipt = await one.send('', { replyBytesMax: '1KiB' });
    expect(receipt).toEqual({ detail: 'HTTP 200, its answer too long to be kept' });
    expect(one.log.lines).toMatchObject([{ level: 'warn', facts: { status: 200 } }]);
  });
});

describe('an answer', () => {
  const cases: readonly (readonly [number, Record<string, string>, string, string, string])[] = [
    // status, headers, what it means for GET, PUT and POST
    [301, { location: '/other' }, 'Rejected', 'Rejected', 'Rejected'],
    [304, {}, 'Rejected', 'Rejected', 'Rejected'],
    [400, {}, 'Rejected', 'Rejected', 'Rejected'],
    [401, {}, 'Unavailable', 'Unavailable', 'Unavailable'],
    [403, {}, 'Rejected', 'Rejected', 'Rejected'],
    [403, { 'retry-after': '7' }, 'Busy', 'Busy', 'Busy'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' }, 'Busy', 'Busy', 'Busy'],
    [403, { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '7' }, 'Rejected', 'Rejected', 'Rejected'],
    [404, {}, 'Rejected', 'Rejected', 'Rejected'],
    [407, {}, 'Unavailable', 'Unavailable', 'Unavailable'],
    [408, {}, 'Unavailable', 'Unavailable', 'Unavailable'],
    [409, {}, 'Rejected', 'Rejected', 'Rejected'],
    [422, { 'retry-after': '1' }, 'Rejected', 'Rejected', 'Rejected'],
    [425, {}, 'Unavailable', 'Unavailable', 'Unavailable'],
    [429, {}, 'Unavailable', 'Unavailable', 'Unavailable'],
    [429, { 'retry-after': '7' }, 'Busy', 'Busy', 'Busy'],
    [429, { ratelimit: '"default";r=0;t=7' }, 'Busy', 'Busy', 'Busy'],
    [500, {}, 'Unavailable', 'Unavailable', 'InDoubt'],
    [501, {}, 'Rejected', 'Rejected', 'Rejected'],
    [502, {}, 'Unavailable', 'Unavailable', 'InDoubt'],
    [503, {}, 'Unavailable', 'Unavailable', 'Unavailable'],
    [503, { 'retry-after': '7' }, 'Busy', 'Busy', 'Busy'],
    [504, {}, 'Unavailable', 'Unavailable', 'InDoubt'],
    [505, {}, 'Rejected', 'Rejected', 'Rejected'],
    [507, {}, 'Unavailable', 'Unavailable', 'InDoubt'],
  ];

  it.each(cases)('%i with %o means %s for GET, %s for PUT, %s for POST', async (status, headers, ...meanings) => {
    answering({ status, headers });
    const one = await outbound();
    const methods = ['GET', 'PUT', 'POST'];
    const found = await Promise.all(methods.map(async (method) => (await failure(one.send('', { method }))).name));
    expect(found).toEqual(meanings);
  });

  it.each([
    ['7', 7000],
    ['0', 1],
    [new Date(nowMs + 90_000).toUTCString(), 90_000],
    [new Date(nowMs - 90_000).toUTCString(), 1],
    ['99999999', 86_400_000],
  ])('503 with Retry-After %s is Busy for %i ms', async (value, retryAfterMs) => {
    answering({ status: 503, headers: { 'retry-after': value } });
    expect(await failure(send())).toMatchObject({ name: 'Busy', retryAfterMs });
  });

  it('503 with a Retry-After that nobody understands is Unavailable', async () => {
    answering({ status: 503, headers: { 'retry-after': 'soon' } });
    expect((await failure(send())).name).toBe('Unavailable');
  });

  it.each([
    [404, ['2xx', '404'], true],
    [204, ['200-204'], true],
    [205, ['200-204'], false],
    [201, [200], false],
    [302, ['3xx'], true],
    [299, ['2xx'], true],
  ])('%i with success %j: %s', async (status, success, worked) => {
    answering({ status });
    const outcome = await send({ success }).then(
      () => true,
      () => false,
    );
    expect(outcome).toBe(worked);
  });

  it('of refusal is kept up to 2 KiB, without our credentials', async () => {
    answering({ status: 400, body: `bad token ${secrets.TOKEN}: ${'x'.repeat(10_000)}` });
    const { message, details } = await failure(send({ path: '/orders?key=secret' }, { auth: { bearer: 'env:TOKEN' } }));
    expect(message).toBe(`POST ${system.url}/api/orders was answered with HTTP 400.`);
    expect(details).toMatchObject({ status: 400, answer: expect.stringMatching(/^bad token \(hidden\): x+$/) as string });
    expect((details['answer'] as string).length).toBeLessThanOrEqual(2048);
  });

  it.each([
    [
      { basic: { user: 'us', password: 'env:PASSWORD' } },
      [secrets.PASSWORD, Buffer.from(`us:${secrets.PASSWORD}`).toString('base64')],
    ],
    [{ header: { name: 'x-api-key', value: 'env:TOKEN' } }, [secrets.TOKEN]],
  ])('of refusal hides the credentials of %o', async (auth, hidden) => {
    answering({ status: 403, body: hidden.join(' ') });
    const { details } = await failure(send({}, { auth }));
    expect(details['answer']).toBe(hidden.map(() => '(hidden)').join(' '));
  });
});

describe('no answer', () => {
  const through = () => ({ url: system.proxy.url });

  it.each([
    ['GET', 'Unavailable'],
    ['PUT', 'InDoubt'],
    ['POST', 'InDoubt'],
    ['PATCH', 'InDoubt'],
  ])('to a %s that was sent means %s', async (method, meaning) => {
    await system.proxy.set({ mode: 'stall', direction: 'toClient', afterBytes: 0 });
    const time = new AbortController();
    const sending = failure(send({ method }, through(), { signal: time.signal }));
    await waitUntil('the request has arrived', () => system.received.length === 1);
    time.abort();
    expect((await sending).name).toBe(meaning);
  });

  it('is an answer that is cut in the middle', async () => {
    answering({ status: 200, body: 'x'.repeat(10_000) });
    await system.proxy.set({ mode: 'cut', direction: 'toClient', afterBytes: 1000 });
    expect((await failure(send({}, through()))).name).toBe('InDoubt');
  });

  it('is an answer of which the end is missing', async () => {
    answering({ status: 200, body: 'x'.repeat(10_000) });
    await system.proxy.set({ mode: 'half-close', direction: 'toClient', afterBytes: 1000 });
    expect((await failure(send({}, through()))).name).toBe('InDoubt');
  });

  it('but a slow one is an answer', async () => {
    answering({ status: 200, body: 'x'.repeat(1000) });
    await system.proxy.set({ mode: 'slow', direction: 'toClient', bytesPerSecond: 20_000 });
    expect((await send({}, through())).reply?.body).toHaveLength(1000);
  });

  it('where nobody listens means Unavailable', async () => {
    await system.proxy.set({ mode: 'refuse' });
    const error = await failure(send({}, through()));
    expect([error.name, error.message]).toEqual(['Unavailable', expect.stringContaining('was not sent: connect ECONNREFUSED')]);
  });

  it('where the name does not exist means Unavailable', async () => {
    expect((await failure(send({}, { url: 'http://no-such-host.invalid' }))).name).toBe('Unavailable');
  });

  it('where TLS fails means Unavailable', async () => {
    expect((await failure(send({}, { url: system.url.replace('http:', 'https:') }))).name).toBe('Unavailable');
    expect(system.received).toHaveLength(0);
  });

  it('while TLS is being negotiated means Unavailable: nothing was sent', async () => {
    await system.proxy.set({ mode: 'stall', direction: 'toTarget', afterBytes: 0 });
    const time = new AbortController();
    const url = system.proxy.url.replace('http:', 'https:');
    const sending = failure(send({}, { url }, { signal: time.signal }));
    await waitUntil('the connection stands', () => system.proxy.connections === 1);
    time.abort();
    expect((await sending).name).toBe('Unavailable');
  });

  it('of a system that answers no HTTP means InDoubt', async () => {
    const strange = createServer(
      (socket) =>
        void socket
          .on('error', () => undefined)
          .resume()
          .end('what?\r\n\r\n'),
    );
    strange.listen(0, '127.0.0.1');
    await once(strange, 'listening');
    const { port } = strange.address() as AddressInfo;
    expect((await failure(send({}, { url: `http://127.0.0.1:${port}` }))).name).toBe('InDoubt');
    await strange[Symbol.asyncDispose]();
  });

  it('comes after close', async () => {
    const one = await outbound(through());
    await system.proxy.set({ mode: 'stall', direction: 'toClient', afterBytes: 0 });
    const sending = failure(one.send('', {}));
    await waitUntil('the request has arrived', () => system.received.length === 1);
    await one.close();
    expect((await sending).name).toBe('InDoubt');
    expect((await failure(one.send('', {}))).name).toBe('Unavailable');
    await system.proxy.set({ mode: 'pass' });
    await waitUntil('the connection is gone', () => system.proxy.connections === 0);
  });

  it('waits for a connection in vain: what was given up while waiting is never sent', async () => {
    const one = await outbound(through());
    const giving = new AbortController();
    const sending = failure(one.send('', {}, { signal: giving.signal }));
    giving.abort();
    expect((await sending).name).toBe('Unavailable');
    await one.send('', { path: '/afterwards' });
    expect(system.received.map(({ url }) => url)).toEqual(['/afterwards']);
  });
});

describe('connections', () => {
  it('are used again, and a restart of the system is survived', async () => {
    const one = await outbound({ url: system.proxy.url });
    for (const n of [1, 2, 3]) await one.send(String(n), {});
    // A send that follows at once on an answer may find its connection not yet free, and open a second one.
    expect(system.proxy.accepted).toBeLessThanOrEqual(2);
    system.proxy.cutAll();
    await waitUntil('the connection is gone', () => system.proxy.connections === 0);
    // What is sent before this side has seen that, too, is lost with the connection, and said to be.
    await waitUntil('a send succeeds', async () => one.send('4', {}).then(Boolean, () => false));
    expect(system.received.map(({ body }) => body)).toEqual(['1', '2', '3', '4']);
  });
});

describe('the URL of the connection', () => {
  const code = async (connection: object) =>
    (await failure(openOutboundForTest({ connector, outbounds, name: 'request', connection }))).code;

  it('must be there', async () => {
    expect(await code({})).toBe('MORTISE_HTTP_URL_MISSING');
  });

  it.each(['http://', 'http://[', 'https://a b/', 'http://user:pass@crm.example', 'http://user@crm.example'])(
    'may not be %s',
    async (url) => {
      expect(await code({ url })).toBe('MORTISE_HTTP_URL_INVALID');
    },
  );

  it.each(['http://169.254.169.254/latest', 'http://[fe80::1]/', 'http://[::ffff:169.254.169.254]/', 'http://0xA9FEA9FE/'])(
    'may not be %s',
    async (url) => {
      expect(await code({ url })).toBe('MORTISE_HTTP_ADDRESS_REFUSED');
    },
  );

  it('may be a link-local one where that is said', async () => {
    const one = await outbound({ url: 'http://169.254.0.1', allowLinkLocal: true });
    expect((await failure(one.send('', {}, { signal: AbortSignal.abort() }))).name).toBe('Unavailable');
    expect((await send({}, { allowLinkLocal: true })).detail).toBe('HTTP 200');
  });
});
