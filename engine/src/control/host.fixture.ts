// For tests of the API: a running host with a small project, and a receiving system that answers as it is told.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { projectFolder } from '../harness/project.fixture.ts';
import type { Files } from '../harness/project.fixture.ts';
import { startHost } from '../host.ts';
import type { Host, HostOptions } from '../host.ts';

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface RunningHost {
  /** The one that runs now. */
  readonly host: Host;
  readonly folder: string;
  /** Stops the host, and starts another one on the same folders. */
  restart(): Promise<void>;
  /** What the receiving system got: method, path, body. */
  readonly received: readonly string[];
  /** The status that the receiving system answers with from now on. */
  answerWith(status: number): void;
  write(files: Files): void;
  /** All requests come with the key file's key. */
  get<Body = unknown>(path: string): Promise<Answer<Body>>;
  post<Body = unknown>(path: string, body?: unknown): Promise<Answer<Body>>;
  /** Asks until the answer is as wanted. */
  until<Body>(path: string, holds: (body: Body) => boolean): Promise<Body>;
  close(): Promise<void>;
}

/** An inbound, a channel with a flow behind it that sends to the receiving system, a flow that replies, one in place. */
const files = (receiver: string): Files => ({
  'mortise.yaml': 'name: acme\nlimits: { freeDisk: 1KiB }\n',
  'systems/shop.yaml': `connector: http
inbounds:
  order: { uses: webhook, path: /orders, verify: { scheme: none }, model: order@1 }
  price: { uses: webhook, path: /prices, verify: { scheme: none } }
  raw: { uses: webhook, path: /raw, verify: { scheme: none }, format: binary }
`,
  'systems/crm.yaml': `connector: http
connection: { url: ${receiver} }
outbounds:
  put-order: { uses: request, method: PUT, path: "/orders/\${id}" }
  add-note: { uses: request, method: POST, path: /notes }
`,
  'systems/console.yaml': 'connector: log\noutbounds:\n  line: { uses: write }\n',
  'models/order.schema.json': '{ "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } }',
  'channels/orders.yaml': 'model: order@1\n',
  'channels/nobody.yaml': '',
  'alerts/shop-is-silent.yaml': 'when: { kind: silence, system: shop, for: 15m }\n',
  'flows/in.yaml': `description: Orders of the shop.
from: { system: shop, inbound: order }
steps:
  - filter: $not($exists(ignored))
  - track: { order: id, shop: '"web"' }
to: { channel: orders }
`,
  'flows/out.yaml': 'from: { channel: orders }\nto:\n  - { system: crm, outbound: put-order }\n  - { channel: nobody }\n',
  'flows/notes.yaml': 'from: { system: shop, inbound: raw }\nto: { system: crm, outbound: add-note, with: \'{ "id": "n" }\' }\n',
  'flows/price.yaml':
    'from: { system: shop, inbound: price }\nsteps:\n  - filter: $not($exists(silent))\n  - reply: { body: \'{ "price": amount * 2 }\', status: 201 }\n',
  'flows/placed.yaml':
    'from: { system: shop, inbound: webhook, path: /placed, verify: { scheme: none } }\nto: { system: console, outbound: line }\n',
});

/** `more` goes over the files of the project; a function gets the address of the receiving system. */
export async function runHost(
  more: Files | ((receiver: string) => Files) = {},
  options: Partial<HostOptions> = {},
): Promise<RunningHost> {
  const receiver = await openReceiver();
  const added = typeof more === 'function' ? more(receiver.url) : more;
  const { folder, write, remove } = projectFolder({ ...files(receiver.url), ...added });
  const start = (): Promise<Host> =>
    startHost({ folder, listen: '127.0.0.1:0', control: '127.0.0.1:0', logLevel: 'silent', ...options });
  let host = await start();
  const ask = async <Body>(path: string, init: RequestInit = {}): Promise<Answer<Body>> => {
    const response = await fetch(`http://${host.addresses.control}${path}`, {
      ...init,
      headers: { ...(init.headers as Record<string, string> | undefined), ...keyHeader(folder) },
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  };
  return {
    get host() {
      return host;
    },
    async restart() {
      await host.stop();
      host = await start();
    },
    folder,
    received: receiver.received,
    answerWith: receiver.answerWith,
    write,
    get: (path) => ask(path),
    post: (path, body = {}) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    async until<Body>(path: string, holds: (body: Body) => boolean): Promise<Body> {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const { body } = await ask<Body>(path);
        if (holds(body)) return body;
        if (Date.now() > deadline) throw new Error(`${path} did not become as wanted: ${JSON.stringify(body)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      await host.stop();
      await receiver.close();
      remove();
    },
  };
}

/** What says that a request comes from somebody who can read the data folder. */
export function keyHeader(folder: string): { readonly authorization: string } {
  return { authorization: `Bearer ${readFileSync(`${folder}/.mortise/data/control.key`, 'utf8').trim()}` };
}

async function openReceiver() {
  const received: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`);
      // What is asked is answered with what was asked.
      response.writeHead(status).end(request.url === '/ask' ? Buffer.concat(chunks) : 'told');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerWith: (next: number) => (status = next),
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
