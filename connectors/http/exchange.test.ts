// Redirects, between two real systems: what is followed, how far, and what the other host gets to see.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MortiseError } from '@mortise/sdk';
import { openOutboundForTest } from '@mortise/sdk/testing';
import type { OutboundHarness } from '@mortise/sdk/testing';
import connector from './connector.ts';
import { outbounds } from './outbound.ts';
import { startTestSystem } from './test-system.fixture.ts';
import type { TestSystem } from './test-system.fixture.ts';

const secrets = { TOKEN: 'the-token' };

let system: TestSystem;
let other: TestSystem;
let one: OutboundHarness;

beforeEach(async () => {
  [system, other] = await Promise.all([startTestSystem(), startTestSystem()]);
  const connection = { url: system.url, auth: { bearer: 'env:TOKEN' }, headers: { 'x-tenant': 'one' } };
  one = await openOutboundForTest({ connector, outbounds, name: 'request', connection, secrets });
});

afterEach(async () => {
  await one.close();
  await Promise.all([system.close(), other.close()]);
});

/** `/` leads to `location`; everything else is answered 200. */
function redirecting(status: number, location: string): void {
  system.answer = ({ url }) => (url === '/' ? { status, headers: { location } } : { status: 200, body: 'there' });
}

const send = (options: object, body = '{"a":1}') => one.send(body, { redirectsMax: 3, ...options });

async function failure(sending: Promise<unknown>): Promise<MortiseError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MortiseError)) throw new Error(`Expected a failure of the contract, found ${String(error)}.`);
  return error;
}

const requests = (of: TestSystem) => of.received.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());

describe('a redirect', () => {
  it('is not followed unless that is asked for', async () => {
    redirecting(302, '/there');
    expect((await failure(send({ method: 'GET', redirectsMax: 0 }))).name).toBe('Rejected');
    expect(requests(system)).toEqual(['GET /']);
  });

  it.each([301, 302, 303, 307, 308])('%i is followed when reading, with our credentials within the origin', async (status) => {
    redirecting(status, 'there?a=1#b');
    const { reply } = await send({ method: 'GET' });
    expect(Buffer.from(reply?.body as Uint8Array).toString()).toBe('there');
    expect(requests(system)).toEqual(['GET /', 'GET /there?a=1']);
    expect(system.received[1]?.headers).toMatchObject({ authorization: 'Bearer the-token', 'x-tenant': 'one' });
  });

  it.each([307, 308])('%i is followed with method and body within the origin', async (status) => {
    redirecting(status, '/there');
    await send({ method: 'POST' });
    expect(requests(system)).toEqual(['POST / {"a":1}', 'POST /there {"a":1}']);
    const keys = system.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toBe(keys[1]);
  });

  it.each([301, 302, 303])('%i is not followed where the request may have taken effect', async (status) => {
    redirecting(status, '/there');
    expect((await failure(send({ method: 'POST' }))).name).toBe('Rejected');
    expect(requests(system)).toEqual(['POST / {"a":1}']);
  });

  it('303 to a POST may be called a success', async () => {
    redirecting(303, '/there');
    expect((await send({ success: ['303'] })).detail).toBe('HTTP 303');
  });

  it('to another host is followed when reading, without anything that is ours', async () => {
    redirecting(302, `${other.url}/there`);
    other.answer = () => ({ status: 200, body: 'other' });
    const { reply } = await send({
      method: 'GET',
      sendBody: true,
      headers: { accept: 'text/plain', cookie: 'a=b', 'x-key': 'k' },
    });
    expect(Buffer.from(reply?.body as Uint8Array).toString()).toBe('other');
    expect(requests(other)).toEqual(['GET /there']);
    expect(Object.keys(other.received[0]?.headers ?? {}).toSorted()).toEqual(['accept', 'accept-encoding', 'connection', 'host']);
  });

  it('from there back to us is followed without our credentials: another host chose the place', async () => {
    redirecting(302, `${other.url}/there`);
    other.answer = () => ({ status: 302, headers: { location: `${system.url}/back` } });
    await send({ method: 'GET' });
    expect(requests(system)).toEqual(['GET /', 'GET /back']);
    expect(system.received[1]?.headers).not.toHaveProperty('authorization');
  });

  it.each([307, 308])('%i to another host is not followed with a body', async (status) => {
    redirecting(status, other.url);
    expect((await failure(send({ method: 'POST' }))).name).toBe('Rejected');
    expect(other.received).toHaveLength(0);
  });

  it.each(['http://169.254.169.254/latest', 'http://[::ffff:a9fe:a9fe]/', 'http://0xA9FEA9FE/'])(
    'to %s leads nowhere',
    async (location) => {
      redirecting(302, location);
      const error = await failure(send({ method: 'GET' }));
      expect([error.name, error.message]).toEqual(['Unavailable', expect.stringContaining('link-local or metadata')]);
    },
  );

  it.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://us:pass@127.0.0.1/', 'http://['])(
    'to %s is not followed',
    async (location) => {
      redirecting(302, location);
      expect((await failure(send({ method: 'GET' }))).name).toBe('Rejected');
    },
  );

  it('without a place is not followed', async () => {
    system.answer = () => ({ status: 302 });
    expect((await failure(send({ method: 'GET' }))).name).toBe('Rejected');
  });

  it('that leads on and on is given up', async () => {
    system.answer = () => ({ status: 302, headers: { location: '/' } });
    const error = await failure(send({ method: 'GET' }));
    expect([error.name, error.message]).toEqual(['Rejected', expect.stringContaining('more than 3 times')]);
    expect(system.received).toHaveLength(4);
  });
});
