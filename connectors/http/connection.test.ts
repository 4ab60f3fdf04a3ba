// Connections: through proxies, with certificates, within limits of number and time, with compressed answers.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MortiseError } from '@mortise/sdk';
import { expectNoSecrets, makeAuthority, openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { OutboundHarness } from '@mortise/sdk/testing';
import connector from './connector.ts';
import { outbounds } from './outbound.ts';
import { startTestProxy } from './test-proxy.fixture.ts';
import type { TestProxy } from './test-proxy.fixture.ts';
import { startTestSystem } from './test-system.fixture.ts';
import type { TestSystem } from './test-system.fixture.ts';

const authority = makeAuthority('Authority of the tests');
const server = authority.issue('system');
const us = authority.issue('us');
const strangers = makeAuthority('Another authority');
const secrets = {
  CA: authority.cert,
  STRANGERS: strangers.cert,
  CERT: us.cert,
  KEY: us.key,
  WRONG_CERT: strangers.issue('us').cert,
  NO_PEM: 'what is this',
  PROXY: 'proxy-pass',
  WRONG: 'wrong-pass',
};

let system: TestSystem;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  system = await startTestSystem();
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await system.close();
});

async function outbound(connection: Readonly<Record<string, unknown>>): Promise<OutboundHarness> {
  const given = { url: system.url, ...connection };
  const one = await openOutboundForTest({ connector, outbounds, name: 'request', connection: given, secrets });
  closing.push(() => one.close());
  return one;
}

async function failure(sending: Promise<unknown>): Promise<MortiseError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MortiseError)) throw new Error(`Expected a failure of the contract, found ${String(error)}.`);
  expectNoSecrets([secrets.PROXY, secrets.WRONG, secrets.KEY], error);
  return error;
}

async function secureSystem(more: object = {}): Promise<TestSystem> {
  const secure = await startTestSystem({ ...server, ...more });
  closing.push(() => secure.close());
  return secure;
}

async function proxy(credentials?: string): Promise<TestProxy> {
  const one = await startTestProxy(credentials);
  closing.push(() => one.close());
  return one;
}

describe('a proxy', () => {
  it('passes http on', async () => {
    const { url, lines } = await proxy();
    expect((await (await outbound({ proxy: { url } })).send('{}', { path: '/a?b=1' })).detail).toBe('HTTP 200');
    expect(lines).toEqual([`POST ${system.url}/a?b=1`]);
    expect(system.received).toMatchObject([{ method: 'POST', url: '/a?b=1', body: '{}' }]);
  });

  it('makes a tunnel for https, in which it sees nothing', async () => {
    const { url, lines } = await proxy();
    const secure = await secureSystem();
    const one = await outbound({ url: secure.url, proxy: { url }, tls: { ca: 'env:CA' } });
    expect((await one.send('{}', { path: '/a' })).detail).toBe('HTTP 200');
    expect(lines).toEqual([`CONNECT ${new URL(secure.url).host}`]);
    expect(secure.received).toMatchObject([{ url: '/a' }]);
  });

  it('is shown credentials, and the system is not', async () => {
    const { url } = await proxy(`us:${secrets.PROXY}`);
    const secure = await secureSystem();
    const given = { url, user: 'us', password: 'env:PROXY' };
    await (await outbound({ proxy: given })).send('', {});
    await (await outbound({ url: secure.url, proxy: given, tls: { ca: 'env:CA' } })).send('', {});
    for (const { headers } of [...system.received, ...secure.received]) expect(headers).not.toHaveProperty('proxy-authorization');
    expect(system.received.length + secure.received.length).toBe(2);
  });

  it('that refuses our credentials means Unavailable: nothing reached the system', async () => {
    const { url } = await proxy(`us:${secrets.PROXY}`);
    const secure = await secureSystem();
    const given = { url, user: 'us', password: 'env:WRONG' };
    const plain = await failure((await outbound({ proxy: given })).send('', {}));
    expect([plain.name, plain.message]).toEqual(['Unavailable', expect.stringContaining('407')]);
    const tunnel = await failure((await outbound({ url: secure.url, proxy: given, tls: { ca: 'env:CA' } })).send('', {}));
    expect([tunnel.name, tunnel.message]).toEqual(['Unavailable', expect.stringContaining('407')]);
    expect(system.received.length + secure.received.length).toBe(0);
  });

  it('that is not there means Unavailable', async () => {
    const gone = await startTestProxy();
    await gone.close();
    expect((await failure((await outbound({ proxy: { url: gone.url } })).send('', {}))).name).toBe('Unavailable');
  });

  it('does not lead to refused addresses either', async () => {
    const { url, lines } = await proxy();
    const opening = outbound({ url: 'http://169.254.169.254', proxy: { url } });
    expect((await failure(opening)).code).toBe('MORTISE_HTTP_ADDRESS_REFUSED');
    expect(lines).toEqual([]);
  });

  it('is none that the environment names', async () => {
    const { url, lines } = await proxy();
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) vi.stubEnv(name, url);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    try {
      await (await outbound({})).send('', {});
    } finally {
      vi.unstubAllEnvs();
    }
    expect([lines, system.received.length]).toEqual([[], 1]);
  });

  it.each(['http://', 'http://us:pass@proxy.example', 'http://proxy.example/path', 'http://proxy.example?a'])(
    'is not at %s',
    async (url) => {
      expect((await failure(outbound({ proxy: { url } }))).code).toBe('MORTISE_HTTP_PROXY_INVALID');
    },
  );

  it('is not at a link-local address', async () => {
    expect((await failure(outbound({ proxy: { url: 'http://169.254.1.1:3128' } }))).code).toBe('MORTISE_HTTP_ADDRESS_REFUSED');
  });
});

describe('TLS', () => {
  it('trusts the authority that is given, and no other', async () => {
    const { url } = await secureSystem();
    expect((await (await outbound({ url, tls: { ca: 'env:CA' } })).send('', {})).detail).toBe('HTTP 200');
    expect((await failure((await outbound({ url })).send('', {}))).name).toBe('Unavailable');
    expect((await failure((await outbound({ url, tls: { ca: 'env:STRANGERS' } })).send('', {}))).name).toBe('Unavailable');
  });

  it('shows our certificate where one is asked for', async () => {
    const { url, received } = await secureSystem({ ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    const tls = { ca: 'env:CA', certificate: 'env:CERT', key: 'env:KEY' };
    expect((await (await outbound({ url, tls })).send('', {})).detail).toBe('HTTP 200');
    const without = await failure((await outbound({ url, tls: { ca: 'env:CA' } })).send('', { method: 'GET' }));
    expect([without.name, received.length]).toEqual(['Unavailable', 1]);
  });

  it('takes certificates from files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mortise-http-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const file = (name: string, text: string) => (writeFileSync(join(folder, name), text), join(folder, name));
    const { url } = await secureSystem({ ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    const tls = { caFile: file('ca', authority.cert), certificateFile: file('cert', us.cert), keyFile: file('key', us.key) };
    expect((await (await outbound({ url, tls })).send('', {})).detail).toBe('HTTP 200');
  });

  it('looks for the name that is given', async () => {
    const { url } = await secureSystem();
    const tls = { ca: 'env:CA', serverName: 'system.example' };
    expect((await (await outbound({ url, tls })).send('', {})).detail).toBe('HTTP 200');
    const other = await outbound({ url, tls: { ...tls, serverName: 'other.example' } });
    expect((await failure(other.send('', {}))).name).toBe('Unavailable');
  });

  it.each([
    ['no file', { caFile: '/nowhere/ca.pem' }],
    ['no PEM', { ca: 'env:NO_PEM' }],
    ['two of one', { ca: 'env:CA', caFile: '/nowhere/ca.pem' }],
    ['a certificate without its key', { certificate: 'env:CERT' }],
    ['a key of another certificate', { certificate: 'env:WRONG_CERT', key: 'env:KEY' }],
    ['a key that is a certificate', { certificate: 'env:CERT', key: 'env:CERT' }],
  ])('does not begin with %s', async (_, tls) => {
    expect((await failure(outbound({ tls }))).code).toBe('MORTISE_HTTP_TLS_UNUSABLE');
  });
});

describe('limits', () => {
  it('of connections are kept, and all is sent in the end', async () => {
    const one = await outbound({ url: system.proxy.url, connectionsMax: 2 });
    await Promise.all(Array.from({ length: 12 }, (_, n) => one.send(String(n), {})));
    expect(system.received).toHaveLength(12);
    expect(system.proxy.accepted).toBeLessThanOrEqual(2);
  });

  it('of time to connect end in Unavailable', async () => {
    await system.proxy.set({ mode: 'stall', direction: 'toTarget', afterBytes: 0 });
    const one = await outbound({ url: system.proxy.url.replace('http:', 'https:'), connectTimeout: '100ms' });
    const error = await failure(one.send('', {}));
    expect([error.name, error.message]).toEqual(['Unavailable', expect.stringContaining('Connect Timeout')]);
  });

  it.each([
    ['of time to begin an answer', 0, { headersTimeout: '50ms' }],
    ['of a pause within an answer', 1000, { bodyTimeout: '50ms' }],
  ])('%s end a GET in Unavailable, a POST in InDoubt', async (_, afterBytes, limits) => {
    system.answer = () => ({ status: 200, body: 'x'.repeat(10_000) });
    await system.proxy.set({ mode: 'stall', direction: 'toClient', afterBytes });
    const one = await outbound({ url: system.proxy.url, ...limits });
    const failures = await Promise.all(['GET', 'POST'].map((method) => failure(one.send('', { method }))));
    expect(failures.map(({ name }) => name)).toEqual(['Unavailable', 'InDoubt']);
  });

  it('know of an idle connection that was reset that nothing left by it: the next request has its effect once', async () => {
    const one = await outbound({ url: system.proxy.url, connectionsMax: 1, keepAlive: '1m' });
    await one.send('1', {});
    system.proxy.cutAll();
    await waitUntil('the connection is gone', () => system.proxy.connections === 0);
    await one.send('2', {});
    expect(system.received.map(({ body }) => body)).toEqual(['1', '2']);
  });

  it.each([
    ['GET', 'Unavailable'],
    ['POST', 'InDoubt'],
  ])('nor excuse one that is reset when a %s is on its way: that is %s', async (method, meaning) => {
    const one = await outbound({ url: system.proxy.url, connectionsMax: 1, keepAlive: '1m' });
    await one.send('1', {});
    await system.proxy.set({ mode: 'cut', direction: 'toTarget', afterBytes: 0 });
    expect((await failure(one.send('2', { method }))).name).toBe(meaning);
    expect(system.received).toHaveLength(1);
  });
});

describe('where only public addresses are allowed', () => {
  it('this machine is refused, unless that is said', async () => {
    expect((await failure(outbound({ allowPrivate: false }))).code).toBe('MORTISE_HTTP_ADDRESS_REFUSED');
    const named = await outbound({ url: system.url.replace('127.0.0.1', 'localhost'), allowPrivate: false });
    const error = await failure(named.send('', {}));
    expect([error.name, error.message]).toEqual(['Unavailable', expect.stringContaining('no loopback address')]);
    expect(system.received).toHaveLength(0);
    await (await outbound({ allowPrivate: false, allowLoopback: true })).send('', {});
    expect(system.received).toHaveLength(1);
  });
});

describe('a compressed answer', () => {
  const text = 'x'.repeat(5000);
  const reply = async (encoding: string, body: Uint8Array, options: object = {}) => {
    system.answer = () => ({ status: 200, headers: { 'content-encoding': encoding, 'content-type': 'text/plain' }, body });
    return (await outbound({})).send('', { method: 'GET', ...options });
  };

  it.each([
    ['gzip', gzipSync(text)],
    ['X-GZip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['deflate, gzip', gzipSync(deflateSync(text))],
    ['identity', Buffer.from(text)],
  ])('with %s is what it was before', async (encoding, body) => {
    const receipt = await reply(encoding, body);
    expect(Buffer.from(receipt.reply?.body as Uint8Array).toString()).toBe(text);
    expect(receipt.reply?.headers).not.toHaveProperty('content-encoding');
    expect(system.received[0]?.headers['accept-encoding']).toBe('gzip, deflate, br');
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(30_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(30_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(30_000_000)))],
  ])('with %s that grows past the limit is refused like any other that long', async (encoding, body) => {
    expect(body.byteLength).toBeLessThan(64 * 1024);
    const error = await failure(reply(encoding, body, { replyBytesMax: '64KiB' }));
    expect([error.name, error.message]).toEqual(['Rejected', expect.stringContaining('replyBytesMax')]);
  });

  it.each([
    ['gzip', Buffer.from('no gzip')],
    ['gzip', gzipSync(text).subarray(0, -10)],
    ['br', gzipSync(text)],
    ['zebra', Buffer.from('?')],
    ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(text)))],
  ])('with %s that cannot be decoded is no answer', async (encoding, body) => {
    expect((await failure(reply(encoding, body))).name).toBe('Unavailable');
    expect((await failure(reply(encoding, body, { method: 'POST' }))).name).toBe('InDoubt');
  });

  it('of refusal is kept as text', async () => {
    system.answer = () => ({ status: 400, headers: { 'content-encoding': 'gzip' }, body: gzipSync('No such customer.') });
    expect((await failure((await outbound({})).send('', {}))).details['answer']).toBe('No such customer.');
  });

  it('without a body is one without', async () => {
    system.answer = () => ({ status: 200, headers: { 'content-encoding': 'gzip' } });
    expect((await (await outbound({})).send('', { method: 'HEAD' })).detail).toBe('HTTP 200');
  });
});

describe('what is no HTTP', () => {
  it('in the place of a proxy means Unavailable', async () => {
    const strange = createServer(
      (socket) =>
        void socket
          .on('error', () => undefined)
          .resume()
          .end('what?\r\n\r\n'),
    );
    strange.listen(0, '127.0.0.1');
    await once(strange, 'listening');
    closing.push(() => strange[Symbol.asyncDispose]());
    const url = `http://127.0.0.1:${(strange.address() as AddressInfo).port}`;
    const one = await outbound({ url: 'https://127.0.0.1:1', proxy: { url } });
    expect((await failure(one.send('', {}, { timeoutMs: 2000 }))).name).toBe('Unavailable');
  });
});
