// A project that takes orders and writes each into a folder, for tests of disks that are full, fail, or change what they hold.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeProject, post } from './orders-project.ts';

const files = (freeDisk: string): Readonly<Record<string, string>> => ({
  'mortise.yaml': `name: disk\nlimits: { freeDisk: ${freeDisk} }\n`,
  'systems/shop.yaml': `
connector: http
inbounds:
  orders: { uses: webhook, path: /orders, verify: { scheme: api-key, secret: env:SHOP_KEY } }
`,
  'systems/warehouse.yaml': `
connector: file
connection: { folder: out, create: true }
outbounds:
  put: { uses: write, name: "\${id}.json" }
`,
  'channels/orders.yaml': 'kind: publish-subscribe\n',
  'flows/orders.yaml': 'from: { system: shop, inbound: orders }\nto: { channel: orders }\n',
  'flows/orders-to-warehouse.yaml': 'from: { channel: orders }\nto: { system: warehouse, outbound: put }\n',
});

export function writeDiskProject(freeDisk: string): string {
  return writeProject(files(freeDisk));
}

/** Sends orders with numbers from `from` on, until one is not taken or `count` are; those that were taken. */
export async function sendOrders(inbound: string, from: number, count: number, noteBytes = 10_000): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let n = from; n < from + count; n++) {
    const id = `order-${n}`;
    if ((await post(`${inbound}/orders`, id, JSON.stringify({ id, note: id.padEnd(noteBytes, '.') }))) !== 202) break;
    taken.push(id);
  }
  return taken;
}

/** The ids of the orders that have arrived, each with the body that was sent. */
export function arrivedOrders(folder: string): readonly string[] {
  const out = join(folder, 'out');
  return readdirSync(out)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { id, note } = JSON.parse(readFileSync(join(out, name), 'utf8')) as { id: string; note: string };
      return note === id.padEnd(note.length, '.') && name === `${id}.json` ? id : `${name} holds something else`;
    })
    .sort();
}
