// A network that misbehaves between a running engine and a receiver: resets, readers that hardly read, answers that never end.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFaultProxy } from '@mortise/sdk/testing';
import type { Fault, FaultProxy } from '@mortise/sdk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { post, shopKey, writeProject } from './orders-project.ts';

/** Long enough that it does not fit into what the sockets on the way hold. */
const bodyBytes = 4 * 1024 * 1024;
const each = 2;
const engines = ownEngines('all');
/** What the receiver carried out: the digest of the body, by the key under which it came. */
const effects = new Map<string, string>();
const differing: string[] = [];
const arrivals: string[] = [];
let receiver: Server;
let proxy: FaultProxy;
let engine: EngineProcess;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const hash = createHash('sha256');
    request.on('error', () => undefined).on('data', (chunk: Buffer) => hash.update(chunk));
    request.once('end', () => {
      const digest = hash.digest('hex');
      const key = String(request.headers['idempotency-key']);
      if (effects.has(key) && effects.get(key) !== digest) differing.push(key);
      if (!effects.has(key)) arrivals.push(request.url ?? '');
      effects.set(key, digest);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ digest, filler: 'x'.repeat(20_000) }));
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  proxy = await startFaultProxy({ target: { port } });
  const folder = writeProject(project(port, proxy.port));
  engine = await engines.start({ folder, environment: { SHOP_KEY: shopKey } });
  await engine.ready();
}, 60_000);
afterAll(async () => {
  await proxy.close();
  receiver.closeAllConnections();
  receiver.close();
});

function project(direct: number, behind: number): Readonly<Record<string, string>> {
  const webhook = (path: string) => `{ uses: webhook, path: /${path}, verify: { scheme: api-key, secret: env:SHOP_KEY } }`;
  const system = (port: number, more = '') =>
    `connector: http\nconnection: { url: "http://127.0.0.1:${port}" }\n${more}outbounds:\n  put: { uses: request, path: "/\${id}", timeout: 500ms, onInDoubt: retry }\n`;
  return {
    'mortise.yaml': 'name: network\nlimits: { freeDisk: 64MiB, message: 16MiB }\n',
    'systems/shop.yaml': `connector: http\ninbounds:\n  far: ${webhook('far')}\n  near: ${webhook('near')}\n`,
    'systems/far.yaml': system(behind),
    'systems/near.yaml': system(direct),
    'flows/far.yaml':
      'from: { system: shop, inbound: far }\nretry: { for: 1h, backoff: 50ms..200ms }\nto: { system: far, outbound: put }\n',
    'flows/near.yaml': 'from: { system: shop, inbound: near }\nto: { system: near, outbound: put }\n',
  };
}

const filler = 'y'.repeat(bodyBytes);
const came = (prefix: string): number => arrivals.filter((path) => path.startsWith(`/${prefix}`)).length;

it.each<[name: string, fault: Fault]>([
  ['a reader that hardly reads', { mode: 'slow', direction: 'toTarget', bytesPerSecond: 50_000 }],
  ['a reader that stops', { mode: 'stall', direction: 'toTarget', afterBytes: 100_000 }],
  ['a reset in the middle of a body', { mode: 'cut', direction: 'toTarget', afterBytes: 1_000_000 }],
  ['a reset in the middle of an answer', { mode: 'cut', direction: 'toClient', afterBytes: 5_000 }],
  ['an answer that stops', { mode: 'stall', direction: 'toClient', afterBytes: 5_000 }],
  ['an answer that is cut off', { mode: 'half-close', direction: 'toClient', afterBytes: 5_000 }],
  ['a server that is gone', { mode: 'refuse' }],
])(
  '%s: nothing is lost or done twice, and other flows go on',
  async (name, fault) => {
    const prefix = name.replaceAll(' ', '-');
    await proxy.set(fault);
    const before = proxy.accepted;
    for (let n = 0; n < each; n += 1) {
      const body = (way: string): string => JSON.stringify({ id: `${prefix}-${way}-${n}`, filler });
      expect(await post(`${engine.inbound}/far`, `${prefix}-far-${n}`, body('far'))).toBe(202);
      expect(await post(`${engine.inbound}/near`, `${prefix}-near-${n}`, body('near'))).toBe(202);
    }
    await until(() => came(`${prefix}-near`) === each);
    await until(() => fault.mode === 'refuse' || proxy.accepted >= before + 2);
    expect(await engine.count('waiting')).toBeGreaterThan(0);
    await proxy.set({ mode: 'pass' });
    await until(() => came(`${prefix}-far`) === each, 60_000);
    await engine.settled(60_000);
    expect(differing).toEqual([]);
    expect(new Set(arrivals).size).toBe(arrivals.length);
    expect(await engine.balance()).toMatchObject({ even: true });
  },
  120_000,
);
