// Who is kept out: pages of strangers, by the names and types that their requests must have.

import { request as httpRequest } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';

let running: RunningHost;
beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.close());

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** With the headers as they are given: `fetch` would not send a Host of one's own. */
async function ask({ method = 'GET', path = '/health/live', headers = {}, body }: Asked) {
  const [host, port] = running.host.addresses.control.split(':');
  return new Promise<{ status: number; code: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const own = { ...keyHeader(running.folder), ...headers };
    const request = httpRequest({ host, port, method, path, headers: own }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const { code = '' } = (text.startsWith('{') ? JSON.parse(text) : {}) as { code?: string };
        resolve({ status: response.statusCode ?? 0, code, headers: response.headers });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}

const port = (): string => running.host.addresses.control.split(':')[1] ?? '';

describe('the Host of a request', () => {
  it.each(['127.0.0.1', 'localhost', 'LocalHost', '[::1]'])(
    'may be %s, with or without a port, also that of a tunnel',
    async (name) => {
      for (const host of [name, `${name}:${port()}`, `${name}:9999`])
        expect(await ask({ headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example:80',
    '127.0.0.1.evil.example',
    'evil.example:127',
    '10.0.0.1',
    'localhost:80:80',
  ])('may not be "%s"', async (host) => {
    expect(await ask({ headers: { host } })).toMatchObject({ status: 403, code: 'MORTISE_CONTROL_HOST' });
  });
});

describe('the Origin of a request', () => {
  it('must be the listener itself, where there is one', async () => {
    const host = `localhost:${port()}`;
    expect(await ask({ headers: { host, origin: `http://${host}` } })).toMatchObject({ status: 200 });
    for (const origin of ['http://localhost:3000', `https://${host}`, 'null', 'http://evil.example']) {
      expect(await ask({ headers: { host, origin } })).toMatchObject({ status: 403, code: 'MORTISE_CONTROL_ORIGIN' });
    }
  });
});

describe('a request that changes something', () => {
  const path = '/api/v1/reload';

  it.each(['', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx'])(
    'is refused with the content type "%s"',
    async (type) => {
      const headers = type === '' ? {} : { 'content-type': type };
      expect(await ask({ method: 'POST', path, headers, body: '{}' })).toMatchObject({
        status: 415,
        code: 'MORTISE_CONTROL_CONTENT_TYPE',
      });
    },
  );

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'is taken with %s, also without a body',
    async (type) => {
      expect(await ask({ method: 'POST', path, headers: { 'content-type': type } })).toMatchObject({ status: 200 });
    },
  );

  it('is refused with a body that is no JSON, or poisons prototypes', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of ['{', '{"__proto__": {"a": 1}}', '{"constructor": {"prototype": {}}}']) {
      expect(await ask({ method: 'POST', path: '/api/v1/send', headers, body })).toMatchObject({
        status: 400,
        code: 'MORTISE_CONTROL_REQUEST',
      });
    }
  });

  it('is refused where its body is longer than 32 MiB, before it is read', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': String(33 * 1024 * 1024) };
    expect(await ask({ method: 'POST', path: '/api/v1/send', headers, body: '{' })).toMatchObject({
      status: 413,
      code: 'MORTISE_CONTROL_BODY_TOO_LARGE',
    });
  });
});

describe('every answer', () => {
  it.each(['/health/live', '/api/v1/engine', '/nowhere', '/api/v1/messages?limit=0'])(
    'says that it is not to be kept, sniffed or framed: %s',
    async (path) => {
      const { headers } = await ask({ path });
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );
});
