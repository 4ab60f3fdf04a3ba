// The project whose start is measured: many flows from ten systems to ten others, with a model and a map.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { host } from './addresses.ts';

export interface StartPorts {
  readonly inbound: number;
  readonly control: number;
  /** Where the receiving systems would be: nobody listens there. */
  readonly receiver: number;
}

const systemCount = 10;

/** Where the last flow, which is the last to be opened, takes its orders. */
export function lastPath(flows: number): string {
  return `/orders-${flows - 1}`;
}

/** Writes the project into `folder`, which may exist. */
export function writeStartProject(folder: string, flows: number, { inbound, control, receiver }: StartPorts): void {
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  for (const name of ['flows', 'systems', 'models', 'maps']) mkdirSync(join(folder, name), { recursive: true });
  cpSync(join(import.meta.dirname, 'projects/intake/maps/order.jsonata'), join(folder, 'maps/order.jsonata'));
  write(
    'mortise.yaml',
    `name: start\nlisteners: { inbound: "${host}:${inbound}", control: "${host}:${control}" }\nlimits: { freeDisk: 1KiB }\n`,
  );
  write('models/order.schema.json', JSON.stringify(orderModel));
  const all = Array.from({ length: flows }, (_, flow) => flow);
  for (let system = 0; system < systemCount; system++) {
    const own = all.filter((flow) => flow % systemCount === system);
    write(`systems/shop-${system}.yaml`, shopText(own));
    write(`systems/receiver-${system}.yaml`, receiverText(receiver, own));
  }
  for (const flow of all) write(`flows/orders-${flow}.yaml`, flowText(flow));
}

const orderModel = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['orderId', 'currency', 'lines', 'total'],
  properties: {
    orderId: { type: 'string' },
    placedAt: { type: 'string', format: 'date-time' },
    currency: { type: 'string' },
    customer: { type: 'string' },
    country: { type: 'string' },
    lines: { type: 'array', items: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } } },
    total: { type: 'number' },
    stamp: { type: 'number' },
  },
};

function shopText(flows: readonly number[]): string {
  const inbounds = flows.map(
    (flow) =>
      `  orders-${flow}: { uses: webhook, path: /orders-${flow}, verify: { scheme: api-key, header: x-key, secret: env:START_KEY } }\n`,
  );
  return `connector: http\ninbounds:\n${inbounds.join('')}`;
}

function receiverText(port: number, flows: readonly number[]): string {
  const outbounds = flows.map((flow) => `  put-${flow}: { uses: request, method: PUT, path: "/${flow}/\${orderId}" }\n`);
  return `connector: http\nconnection: { url: "http://${host}:${port}" }\noutbounds:\n${outbounds.join('')}`;
}

function flowText(flow: number): string {
  const system = flow % systemCount;
  return [
    `name: orders-${flow}`,
    `from: { system: shop-${system}, inbound: orders-${flow} }`,
    'steps:',
    `  - filter: $count(line_items) > 0 and currency != "X${flow}"`,
    '  - map: { file: maps/order.jsonata }',
    '  - validate: order@1',
    `to: { system: receiver-${system}, outbound: put-${flow} }`,
    '',
  ].join('\n');
}
