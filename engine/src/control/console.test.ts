// The console on the control listener: the page with its policy, the built files, and nothing else of the disk.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleRoutes } from './console.ts';
import { makeServer } from './server.ts';
import type { ControlServer } from './server.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const folder = mkdtempSync(join(tmpdir(), 'mortise-built-'));
const headers = { host: '127.0.0.1' };
let server: ControlServer;

beforeAll(async () => {
  // The page and its files are given to everybody.
  const nothing = async () => undefined;
  server = await makeServer(
    silent,
    { onRequest: nothing, preHandler: nothing, fourEyes: nothing },
    { preHandler: nothing, onSend: async (_request, _reply, payload) => payload },
  );
  consoleRoutes(server, folder);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a console that is not built', () => {
  it('is said to be missing, with what to do', async () => {
    const answer = await server.inject({ url: '/', headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'MORTISE_CONTROL_NO_CONSOLE' }]);
  });
});

describe('a built console', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/assets/a-1.js">');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'assets', 'a-1.js'), 'run()');
    writeFileSync(join(folder, 'assets', 'a-1.js.gz'), gzipSync('run()'));
  });

  it.each(['/', '/messages', '/flows/a.b'])('gives its page at %s, with a nonce of its own each time', async (url) => {
    const answers = await Promise.all([1, 2].map(() => server.inject({ url, headers })));
    const nonces = answers.map(({ body }) => /nonce="([^"]+)"/.exec(body)?.[1] ?? '');
    expect(new Set(nonces).size).toBe(2);
    for (const [index, { headers: told, statusCode }] of answers.entries()) {
      expect(statusCode).toBe(200);
      const policy = String(told['content-security-policy']);
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain(`style-src 'self' 'nonce-${nonces[index]}'`);
      expect(policy).not.toContain('unsafe');
      expect(told['x-frame-options']).toBe('DENY');
    }
  });

  it('gives its files for ever, and packed where that is understood', async () => {
    const plain = await server.inject({ url: '/assets/a-1.js', headers });
    expect([plain.statusCode, plain.body, plain.headers['content-type']]).toEqual([
      200,
      'run()',
      'text/javascript; charset=utf-8',
    ]);
    expect(plain.headers['cache-control']).toContain('immutable');
    const packed = await server.inject({ url: '/assets/a-1.js', headers: { ...headers, 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
  });

  it.each([
    '/assets/b.js',
    '/assets/..%2fsecret.txt',
    '/assets/%2e%2e%2findex.html',
    '/assets/a-1',
    '/api/v1/nothing',
    '/health/none',
  ])('has nothing at %s', async (url) => {
    const answer = await server.inject({ url, headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'MORTISE_CONTROL_NO_ROUTE' }]);
  });

  it('is for nobody who comes by the name of another host', async () => {
    expect((await server.inject({ url: '/', headers: { host: 'evil.example' } })).statusCode).toBe(403);
  });
});
