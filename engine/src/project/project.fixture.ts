// Projects for tests, written into a folder of their own, and what is found in them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { openCatalog } from '../catalog/catalog.ts';
import type { Problem } from '../flow/definitions.ts';
import { loadProject } from './load.ts';
import type { LoadOptions, Project } from './load.ts';

export type Files = Readonly<Record<string, string>>;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What the secrets of the good project refer to. */
export const variables = { SHOP_SECRET: 'c2hvcA==', CRM_TOKEN: 't0ken', ERP_PASSWORD: 'x' };

/** Writes files into a new folder and gives its path. */
export function writeProject(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-project-'));
  folders.push(folder);
  changeProject(folder, files);
  return folder;
}

export function changeProject(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export async function load(files: Files, options: Partial<LoadOptions> = {}): Promise<Project> {
  return loadProject(writeProject(files), { catalog: openCatalog(), variables, ...options });
}

/** The good project with some files in place of its own, or beside them. */
export async function loadWith(files: Files, options: Partial<LoadOptions> = {}): Promise<Project> {
  return load({ ...goodProject, ...files }, options);
}

/** The problems of a file as `line:column CODE`, or of all files with the file before it. */
export function found({ problems }: { readonly problems: readonly Problem[] }, file?: string): readonly string[] {
  const own = problems.filter((problem) => file === undefined || problem.file === file);
  return own.map((problem) => `${file === undefined ? `${problem.file}:` : ''}${problem.line}:${problem.column} ${problem.code}`);
}

/** The only problem of a file. */
export function only({ problems }: Project, file: string): Problem {
  const own = problems.filter((problem) => problem.file === file);
  const [first] = own;
  if (!first || own.length > 1) throw new Error(`${own.length} problems in ${file}: ${JSON.stringify(problems, null, 2)}`);
  return first;
}

/** Near to the examples of the guide to the flow language. */
export const goodProject: Files = {
  'mortise.yaml': `name: acme
listeners:
  inbound: 127.0.0.1:8081
  control: 127.0.0.1:8080
journal: { keep: 7d, atMost: 10GiB, bodies: all }
limits: { message: 20MiB, freeDisk: 1GiB }
`,
  'systems/shop.yaml': `connector: http
inbounds:
  order-created:
    uses: webhook
    method: POST
    path: /shop/orders
    verify: { scheme: standard-webhooks, secret: env:SHOP_SECRET }
    format: json
    model: shop-order@1          # checked before accept: 4xx when it does not fit
`,
  'systems/crm.yaml': `connector: http
connection:
  url: https://crm.example
  auth: { bearer: env:CRM_TOKEN }
limits: { concurrency: 8, rate: 50/s }
outbounds:
  get-customer: { uses: request, method: GET, path: "/customers/\${id}", reply: crm-customer@1 }
  add-note: { uses: request, path: "/customers/\${customer.id}/notes", onInDoubt: retry }
`,
  'systems/erp.yaml': `connections:
  db: { connector: sqlite, file: data/erp.db }
  drop: { connector: file, folder: data/erp-in }
outbounds:
  upsert-order: { on: db, uses: upsert, table: sales_order, key: [order_id], concurrency: 1, timeout: 5s }
  drop-pick-list: { on: drop, uses: write, name: "PICK-\${orderId}.dat", format: pick-list }
`,
  'formats/pick-list.yaml': `format: fixed-width
encoding: latin1
fields:
  - { name: orderId, width: 10, type: integer }
  - { name: sku, width: 10 }
`,
  'models/shop-order.schema.json': `{
  "$id": "https://acme.example/shop-order",
  "title": "An order as the shop sends it",
  "type": "object",
  "properties": { "id": { "type": "string" }, "customer": { "type": "object" } },
  "required": ["id"]
}
`,
  'models/order.schema.json': `{
  "type": "object",
  "properties": { "orderId": { "type": "string" }, "total": { "type": "string" }, "shipTo": { "$ref": "address@2" } },
  "required": ["orderId"]
}
`,
  'models/address@2.schema.json': `{ "type": "object", "properties": { "country": { "type": "string", "minLength": 2 } }, "required": ["country"] }
`,
  'models/crm-customer.schema.json': `{ "type": "object", "x-owner": "crm" }
`,
  'channels/orders.yaml': `model: order@1
kind: publish-subscribe        # or point-to-point
keep: 7d                       # for late subscribers and replay
`,
  'channels/orders-us.yaml': '',
  'channels/failed-orders.yaml': `kind: point-to-point
`,
  'maps/shop-order-to-order.jsonata': `{
  "orderId": id,
  "total": $string($sum(lines.(price * quantity))),
  "customer": { "id": customer.id }
}
`,
  'maps/us.jsonata': '$merge([$, { "unit": "lb" }])\n',
  'flows/shop-orders.yaml': `name: shop-orders
description: Orders of the web shop, as canonical orders.
from: { system: shop, inbound: order-created }
steps:
  - dedupe:
      id: once
      key: id
      for: 7d
  - map: { file: maps/shop-order-to-order.jsonata }
  - validate: order@1
  - track:
      order: orderId
      customer: customer.id
to: { channel: orders }
`,
  'flows/orders-to-erp.yaml': `name: orders-to-erp
from: { channel: orders }
order: { by: orderId, onDead: hold }
retry: { for: 3d, backoff: 1s..15m }
concurrency: 16
steps:
  - filter: $number(total) > 0
  - call:
      system: crm
      outbound: get-customer
      with: |
        { "id": customer.id }
      into: customer
  - route:
      - when: $customer.country in ["US", "CA"]
        steps:
          - map: { file: maps/us.jsonata }
        to: { channel: orders-us }
      - else: true
        to:
          - { system: erp, outbound: upsert-order }
          - { system: crm, outbound: add-note }
onDead: { channel: failed-orders }
`,
  'flows/orders-us.yaml': `from: { channel: orders-us }
to:
  - { system: erp, outbound: drop-pick-list }
  - system: crm
    outbound: request
    method: PUT
    path: "/us/\${orderId}"
    with: |
      { "id": orderId }
`,
  'flows/failed-orders.yaml': `from: { channel: failed-orders }
to: { system: crm, outbound: add-note }
`,
  'fixtures/order-4711.json': '{ "orderId": "4711", "total": "99.90" }\n',
  'tests/orders-to-erp.yaml': `flow: orders-to-erp
given:
  body: { file: fixtures/order-4711.json }
systems:
  crm.get-customer: { reply: { country: DE } }       # or { fails: Unavailable, times: 2 }
expect:
  - to: erp.upsert-order
    body: { order_id: "4711", total: "99.90" }        # a subset, unless exact: true
  - to: crm.add-note
`,
  'environments/test.yaml': `systems:
  crm: { connection: { url: https://crm.test.example } }
limits: { message: 5MiB }
`,
  'README.md': '# The project\n',
};
