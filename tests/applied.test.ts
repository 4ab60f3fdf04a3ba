// A receiver that did what it was asked and whose answer never came: the same key again where it is idempotent, in doubt where it is not.

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import { post, shopKey, writeProject } from './orders-project.ts';

const engines = ownEngines();
/** What came, by path: the keys under which it came, in order. */
let came: Map<string, (string | undefined)[]>;
let server: Server;
/** So many requests of each path are carried out and not answered: the connection is reset. */
const unanswered = 2;

beforeEach(async () => {
  came = new Map();
  server = createServer((request, response) => {
    const path = request.url ?? '';
    const keys = came.get(path) ?? [];
    came.set(path, [...keys, request.headers['idempotency-key']?.toString()]);
    request.resume().once('end', () => {
      if (keys.length < unanswered) request.socket.resetAndDestroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('is asked again under the same Idempotency-Key, or is in doubt and holds what follows', async () => {
  const { port } = server.address() as AddressInfo;
  const folder = writeProject({
    'mortise.yaml': 'name: applied\nlimits: { freeDisk: 64MiB }\n',
    'systems/shop.yaml':
      'connector: http\ninbounds:\n  orders: { uses: webhook, path: /orders, verify: { scheme: api-key, secret: env:SHOP_KEY } }\n',
    'systems/erp.yaml': `
connector: http
connection: { url: "http://127.0.0.1:${port}" }
outbounds:
  once: { uses: request, path: "/once/\${id}", onInDoubt: retry }
  twice: { uses: request, path: "/twice/\${id}", onInDoubt: hold }
`,
    'flows/once.yaml': `
from: { system: shop, inbound: orders }
retry: { for: 1h, backoff: 50ms..200ms }
to: { system: erp, outbound: once }
`,
    'flows/twice.yaml': `
from: { system: shop, inbound: orders }
order: { by: customer, onDead: hold }
to: { system: erp, outbound: twice }
`,
  });
  const engine = await engines.start({ folder, environment: { SHOP_KEY: shopKey } });
  await engine.ready();
  for (const id of ['a', 'b'])
    expect(await post(`${engine.inbound}/orders`, id, JSON.stringify({ id, customer: 'x' }))).toBe(202);
  await until(
    async () =>
      (await engine.count('in-doubt')) === 1 && (came.get('/once/a')?.length ?? 0) + (came.get('/once/b')?.length ?? 0) === 6,
  );
  for (const path of ['/once/a', '/once/b']) {
    const keys = came.get(path) ?? [];
    expect(keys).toHaveLength(unanswered + 1);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/./);
  }
  expect(came.get('/twice/a')).toHaveLength(1);
  expect(came.get('/twice/b')).toBeUndefined();
  await until(async () => (await engine.count('waiting')) === 1);
  expect(await engine.stop()).toBe(0);
});
