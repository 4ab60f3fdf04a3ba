// A small project of orders for tests that kill, stop and reload engines: each of its ways out counts its effects.

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** No table has a key: what happens twice is there twice. */
const tables = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE sales_order (order_id TEXT NOT NULL, customer TEXT NOT NULL, version INTEGER) STRICT;
  CREATE TABLE invoice (order_id TEXT NOT NULL, number TEXT NOT NULL) STRICT;
  CREATE TABLE payment (payment_id TEXT NOT NULL, cents INTEGER NOT NULL) STRICT;
  CREATE TABLE survey (order_id TEXT NOT NULL) STRICT;
  CREATE TABLE stock (sku TEXT NOT NULL, quantity INTEGER NOT NULL) STRICT;
  CREATE TABLE tick (scheduled TEXT NOT NULL) STRICT;
`;

const files = (billing: string, inbox: boolean): Readonly<Record<string, string>> => ({
  'mortise.yaml': 'name: orders\nlimits: { freeDisk: 64MiB }\n',
  'systems/shop.yaml': `
connector: http
inbounds:
  orders: { uses: webhook, path: /orders, verify: { scheme: api-key, secret: env:SHOP_KEY } }
  payments: { uses: webhook, path: /payments, verify: { scheme: api-key, secret: env:SHOP_KEY } }
`,
  'systems/erp.yaml': `
connector: sqlite
connection: { file: erp.db }
outbounds:
  insert-order: { uses: insert, table: sales_order, inbox: ${inbox} }
  insert-invoice: { uses: insert, table: invoice, inbox: ${inbox} }
  insert-payment: { uses: insert, table: payment, inbox: ${inbox} }
  insert-survey: { uses: insert, table: survey, inbox: ${inbox} }
  insert-stock: { uses: insert, table: stock, inbox: ${inbox} }
  insert-tick: { uses: insert, table: tick, inbox: ${inbox} }
`,
  'systems/warehouse.yaml': `
connections:
  picks: { connector: file, folder: picks, create: true }
  stocks: { connector: file, folder: stocks, create: true }
inbounds:
  stock: { on: stocks, uses: read, pattern: "*.csv", settle: 0ms, every: 50ms, format: csv }
outbounds:
  pick: { on: picks, uses: write, name: "\${orderId}.json" }
`,
  'systems/clock.yaml': `
connector: schedule
inbounds:
  tick: { uses: interval, interval: 500ms, align: true, missed: all, missedMax: 1000 }
`,
  'systems/billing.yaml': `
connector: http
connection: { url: "${billing}" }
outbounds:
  bill: { uses: request, path: /invoices, onInDoubt: retry }
`,
  'channels/orders.yaml': 'kind: publish-subscribe\n',
  'flows/shop-orders.yaml': `
from: { system: shop, inbound: orders }
steps:
  - dedupe: { id: once, key: id, for: 1d }
  - map: '{ "orderId": id, "customer": customer }'
  - track: { order: orderId }
to: { channel: orders }
`,
  'flows/orders-to-erp.yaml': `
from: { channel: orders }
order: { by: customer }
retry: { for: 1h, backoff: 100ms..1s }
steps:
  - map: '{ "order_id": orderId, "customer": customer, "version": 1 }'
to: { system: erp, outbound: insert-order }
`,
  'flows/orders-to-billing.yaml': `
from: { channel: orders }
retry: { for: 1h, backoff: 100ms..1s }
steps:
  - call: { system: billing, outbound: bill, into: invoice }
to:
  - { system: erp, outbound: insert-invoice, with: '{ "order_id": orderId, "number": $invoice.number }' }
  - { system: warehouse, outbound: pick }
`,
  'flows/orders-to-survey.yaml': `
from: { channel: orders }
steps:
  - delay: 300ms
  - map: '{ "order_id": orderId }'
to: { system: erp, outbound: insert-survey }
`,
  'flows/stock.yaml': `
from: { system: warehouse, inbound: stock }
steps:
  - map: '{ "sku": sku, "quantity": $number(quantity) }'
to: { system: erp, outbound: insert-stock }
`,
  'flows/ticks.yaml': `
from: { system: clock, inbound: tick }
steps:
  - map: '{ "scheduled": scheduled }'
to: { system: erp, outbound: insert-tick }
`,
  'flows/payments.yaml': `
from: { system: shop, inbound: payments }
retry: { for: 1h, backoff: 100ms..1s }
steps:
  - map: '{ "payment_id": id, "cents": cents }'
to: { system: erp, outbound: insert-payment }
`,
});

export const shopKey = 'a key that only the shop knows';

/** One more system that each order goes to: a PostgreSQL server that is there. */
const ledgerFiles = (port: number): Readonly<Record<string, string>> => ({
  'systems/ledger.yaml': `
connector: postgres
connection: { host: 127.0.0.1, port: ${port}, database: shop, user: postgres, password: env:DATABASE_KEY, tls: "off" }
outbounds:
  book: { uses: insert, table: booking }
`,
  'flows/orders-to-ledger.yaml': `
from: { channel: orders }
retry: { for: 1h, backoff: 100ms..1s }
steps:
  - map: '{ "order_id": orderId }'
to: { system: ledger, outbound: book }
`,
});

/** It has no key: what happens twice is there twice. */
export const ledgerSchema = 'CREATE TABLE booking (order_id text NOT NULL)';

export interface OrdersOptions {
  /** Whether the ERP makes a delivery once by its id; otherwise a repeat would be seen. */
  readonly inbox?: boolean;
  /** The port of a PostgreSQL server with `ledgerSchema`, which orders go to as well. */
  readonly ledgerPort?: number;
}

/** Writes the project into a new folder. `billing` is the URL of that service. */
export function writeOrdersProject(billing: string, { inbox = true, ledgerPort }: OrdersOptions = {}): string {
  const folder = writeProject({ ...files(billing, inbox), ...(ledgerPort === undefined ? {} : ledgerFiles(ledgerPort)) });
  const database = new DatabaseSync(join(folder, 'erp.db'), { timeout: 10_000 });
  database.exec(tables);
  database.close();
  return folder;
}

/** Writes files, by path, into a new folder. */
export function writeProject(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-test-'));
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Puts another text where `former` stands in a file, each time; throws where it stands nowhere. */
export function changeText(path: string, former: string, now: string): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(former)) throw new Error(`${path} says no "${former}".`);
  writeFileSync(path, text.replaceAll(former, now));
}

/** Rows of the project's database. */
export function query(folder: string, sql: string, file = 'erp.db'): readonly Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(join(folder, file), { timeout: 5000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** Plays a billing service that makes a request once by its idempotency key, and remembers what it was sent. */
export class Billing {
  /** By idempotency key: the body, and how often it came. */
  readonly requests = new Map<string, { readonly body: string; times: number }>();
  /** Answers with this in place of an invoice. */
  status = 200;
  delayMs = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.once('end', () => {
        const answer = this.status === 200 ? this.invoice(String(request.headers['idempotency-key']), body) : {};
        setTimeout(() => {
          response.writeHead(this.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        }, this.delayMs).unref();
      });
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private invoice(key: string, body: string): { number: string } {
    const known = this.requests.get(key);
    if (known) known.times += 1;
    else this.requests.set(key, { body, times: 1 });
    return { number: `R-${key}` };
  }
}

export interface Sent {
  readonly id: string;
  readonly answers: readonly (number | 'none')[];
}

/** Posts until it is answered 2xx, under the same id each time, as a shop does. Other answers than 503 are no reason to try again. */
export async function postUntilTaken(url: string, id: string, body: object, signal: AbortSignal): Promise<Sent> {
  const answers: (number | 'none')[] = [];
  while (!signal.aborted) {
    const status = await post(url, id, JSON.stringify(body));
    answers.push(status);
    if (status !== 'none' && status !== 503) break;
    await sleep(30);
  }
  return { id, answers };
}

export async function post(url: string, id: string, body: string): Promise<number | 'none'> {
  try {
    const headers = { 'content-type': 'application/json', 'x-api-key': shopKey, 'webhook-id': id };
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 'none';
  }
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
