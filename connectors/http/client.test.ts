// The client by itself: where a connection may lead, whatever DNS says meanwhile.

import type { LookupAddress } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAuthority, waitUntil } from '@mortise/sdk/testing';
import type { Resolve } from './address.ts';
import { openClient, ping } from './client.ts';
import type { ClientOptions } from './client.ts';
import type { HttpClient, NoAnswer } from './sending.ts';
import { startTestSystem } from './test-system.fixture.ts';
import type { TestSystem } from './test-system.fixture.ts';

const options: ClientOptions = { allowLinkLocal: false, allowPrivate: true, keepAlive: 4000, connectTimeout: 5000 };
const metadata = { address: '169.254.169.254', family: 4 };
const loopback = { address: '127.0.0.1', family: 4 };

let system: TestSystem;
let client: HttpClient | undefined;
let closing: (() => Promise<void>) | undefined;

beforeEach(async () => {
  system = await startTestSystem();
});

afterEach(async () => {
  await client?.close();
  client = undefined;
  await closing?.();
  closing = undefined;
  await system.close();
});

/** A resolver whose answers follow one another; the last one stays. */
function resolving(...answers: readonly LookupAddress[][]): Resolve {
  const rest = [...answers];
  return (_, __, done) => done(null, (rest.length > 1 ? rest.shift() : rest[0]) ?? []);
}

async function get(resolve: Resolve, host = 'crm.example'): Promise<number> {
  client ??= openClient(options, {}, resolve);
  const url = new URL(system.proxy.url.replace('127.0.0.1', host));
  return (await client.send({ method: 'GET', url, headers: {} }, AbortSignal.timeout(5000), () => 100)).status;
}

describe('a connection', () => {
  const refusal = expect.objectContaining({
    wasSent: false,
    cause: expect.objectContaining({ code: 'MORTISE_HTTP_ADDRESS_REFUSED' }) as Error,
  }) as NoAnswer;

  it('goes to the address that the name was resolved to', async () => {
    expect(await get(resolving([loopback]))).toBe(200);
    expect(system.received[0]?.headers.host).toBe(`crm.example:${system.proxy.port}`);
  });

  it('is not made where the name leads to a refused address, among others too', async () => {
    await expect(get(resolving([loopback, metadata]))).rejects.toThrow(refusal);
    expect(system.received).toHaveLength(0);
  });

  it('is not made where the name leads elsewhere the next time', async () => {
    const resolve = resolving([loopback], [metadata]);
    expect(await get(resolve)).toBe(200);
    system.proxy.cutAll();
    await waitUntil('the connection is gone', () => system.proxy.connections === 0);
    await expect(get(resolve)).rejects.toThrow(refusal);
    expect(system.received).toHaveLength(1);
  });

  it('is not made to a refused address that is written out', async () => {
    await expect(get(resolving([loopback]), '169.254.169.254')).rejects.toThrow(refusal);
    await expect(get(resolving([loopback]), '[::ffff:a9fe:a9fe]')).rejects.toThrow(refusal);
  });
});

describe('answers', () => {
  const authority = makeAuthority('Authority of the tests');

  it.each([
    ['http', undefined],
    ['https', authority.issue('system')],
  ])('of many connections at once keep their bytes, over %s', async (_, certificate) => {
    const answering = await startTestSystem(certificate);
    closing = () => answering.close();
    const bodyOf = (n: number): Buffer => Buffer.alloc((n % 7) * 37_000 + n, `answer ${n};`);
    answering.answer = ({ url }) => ({ status: 200, body: bodyOf(Number(url.slice(1))) });
    client = openClient(options, { ca: authority.cert });
    const { send } = client;
    const asked = Array.from({ length: 60 }, async (_unused, n) => {
      const url = new URL(`${answering.url}/${n}`);
      return Buffer.from((await send({ method: 'GET', url, headers: {} }, AbortSignal.timeout(20_000), () => 1e6)).body);
    });
    const answers = await Promise.all(asked);
    expect(answers.map((body, n) => body.equals(bodyOf(n)))).toEqual(answers.map(() => true));
  });
});

describe('ping', () => {
  const connection = { ...options, headers: { 'x-tenant': 'one' } };
  const now = () => AbortSignal.timeout(5000);

  it('takes any answer, and asks with headers and credentials', async () => {
    system.answer = () => ({ status: 405 });
    const said = await ping({ ...connection, url: `${system.url}/api?key=k`, auth: { bearer: 't' } }, now());
    expect(said).toBe(`${system.url}/api answers with HTTP 405`);
    expect(system.received).toMatchObject([{ method: 'HEAD', headers: { 'x-tenant': 'one', authorization: 'Bearer t' } }]);
  });

  it('has nothing to ask without a URL', async () => {
    await expect(ping(connection, now())).rejects.toThrow('The connection has no "url"');
  });
});
