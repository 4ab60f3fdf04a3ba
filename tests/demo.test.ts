// The demo, started as `npm start` does: what examples/order-to-cash/README.md claims, claim by claim.

import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFeed } from '../examples/order-to-cash/feed.ts';
import { makeOrder, orderAsJson } from '../examples/order-to-cash/orders.ts';
import { signedHeaders } from '../examples/order-to-cash/signing.ts';
import { freePorts, ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { changeText, query, seededRandom } from './orders-project.ts';

interface MessageRows {
  readonly rows: readonly {
    readonly message: { readonly id: string };
    readonly delivery: { readonly destination: string; readonly state: string };
  }[];
}

const example = fileURLToPath(new URL('../examples/order-to-cash', import.meta.url));
const secret = `whsec_${Buffer.from('a secret of the demo').toString('base64')}`;
const project = mkdtempSync(join(tmpdir(), 'mortise-demo-'));
const demo = join(project, '.mortise/demo');
const random = seededRandom(4711);
const engines = ownEngines('all');
let engine: EngineProcess;

beforeAll(async () => {
  const ports = await freePorts();
  cpSync(example, project, { recursive: true, filter: (path) => !path.includes('.mortise') });
  // The demo's own address stands in what plays the other systems; finance is more often than it is patient.
  for (const name of ['shop', 'crm']) change(`systems/${name}.yaml`, '127.0.0.1:8081', `127.0.0.1:${ports.inbound}`);
  change('systems/clock.yaml', 'interval: 2m', 'interval: 1s');
  change('flows/orders-to-ledger.yaml', 'after: 1m', 'after: 1s');
  change('flows/finance-journals.yaml', 'after: 5s', 'after: 1s');
  const script = [join(example, 'start.ts'), '--feed', '0', '--project', project];
  engine = await engines.start({ folder: project, ports, script, environment: { SHOP_WEBHOOK_SECRET: secret } });
  await engine.ready();
});

describe('an order', () => {
  const body = readFileSync(join(example, 'fixtures/shop-order.json'), 'utf8');

  it('is in the ERP, with its lines and with what the CRM knows of the customer', async () => {
    expect((await send(body, 'msg_1')).status).toBe(202);
    await until(() => erp("SELECT * FROM sales_order WHERE order_id = 'LI-4711' AND total IS NOT NULL").length === 1);
    expect(
      erp(
        "SELECT customer_number, customer_name, payment_days, country, currency, total, note FROM sales_order WHERE order_id = 'LI-4711'",
      ),
    ).toEqual([
      {
        customer_number: 'D-10017',
        customer_name: 'Zoë Müller',
        payment_days: 14,
        country: 'DE',
        currency: 'EUR',
        total: '65.02',
        note: 'Bitte beim Nachbarn abgeben 📦',
      },
    ]);
    await until(() => erp("SELECT 1 FROM sales_order_line WHERE order_id = 'LI-4711'").length === 2);
    expect(
      erp(
        "SELECT line, sku, title, quantity, unit_price, discount, total FROM sales_order_line WHERE order_id = 'LI-4711' ORDER BY line",
      ),
    ).toEqual([
      {
        line: 1,
        sku: 'KAFFEE-0250',
        title: 'Kaffee „Morgenröte“, 250 g',
        quantity: 2,
        unit_price: '8.90',
        discount: '1.78',
        total: '16.02',
      },
      {
        line: 2,
        sku: 'KURS-BARISTA',
        title: 'Course “Barista at home” (video)',
        quantity: 1,
        unit_price: '49.00',
        discount: '4.90',
        total: '44.10',
      },
    ]);
  });

  it('is picked, shipped, and told to the ERP and to the shop', async () => {
    await until(() => shop("SELECT 1 FROM fulfilment WHERE order_id = 'LI-4711'").length === 1);
    await until(() => erp("SELECT 1 FROM sales_order WHERE order_id = 'LI-4711' AND status = 'shipped'").length === 1);
    expect(readFileSync(join(demo, 'hamburg/.done/PICK-LI-4711.dat'), 'utf8')).toBe(
      `${'LI-4711'.padEnd(12)}001${'KAFFEE-0250'.padEnd(14)}00002${'Zoë Müller'.padEnd(30)}${'24937'.padEnd(10)}${'Flensburg'.padEnd(24)}DE25112026ST\n`,
    );
    expect(shop("SELECT carrier, parcel FROM fulfilment WHERE order_id = 'LI-4711'")).toEqual([
      { carrier: 'DHL', parcel: 'DHL-LI4711-1' },
    ]);
    expect(erp("SELECT status, carrier, parcel, total FROM sales_order WHERE order_id = 'LI-4711'")).toEqual([
      { status: 'shipped', carrier: 'DHL', parcel: 'DHL-LI4711-1', total: '65.02' },
    ]);
  });

  it('is in a journal of finance once', async () => {
    await until(() => erp("SELECT 1 FROM booking WHERE order_id = 'LI-4711'").length === 1);
    await engine.settled();
    const journals = readdirSync(join(demo, 'finance')).map((name) => readFileSync(join(demo, 'finance', name), 'utf8'));
    expect(journals.filter((text) => text.includes('LI-4711'))).toEqual([
      'Beleg;Debitor;Datum;Land;Brutto;Steuer\r\nLI-4711;D-10017;23.11.2026;DE;65,02;10,38\r\n',
    ]);
  });

  it('is ordered from the supplier, who acknowledges and answers it, and is acknowledged', async () => {
    await until(() => erp("SELECT 1 FROM purchase_order WHERE order_id = 'LI-4711' AND answer IS NOT NULL").length === 1);
    await until(() => erp("SELECT 1 FROM purchase_order WHERE order_id = 'LI-4711' AND acknowledgment IS NOT NULL").length === 1);
    expect(erp("SELECT interchange, acknowledgment, answer FROM purchase_order WHERE order_id = 'LI-4711'")).toEqual([
      { interchange: 1, acknowledgment: 'received', answer: 'accepted' },
    ]);
    const memory = join(demo, 'supplier');
    await until(() => query(memory, "SELECT 1 FROM seen WHERE kind = 'acknowledged group'", 'memory.db').length === 1);
    expect(query(memory, 'SELECT name FROM received ORDER BY name', 'memory.db')).toEqual([
      { name: '850-1.edi' },
      { name: '997-2.edi' },
    ]);
    expect(query(memory, 'SELECT * FROM objection', 'memory.db')).toEqual([]);
  });

  it('is posted to the ledger in a file of records, and booked', async () => {
    await until(() => erp("SELECT 1 FROM ledger_document WHERE order_id = 'LI-4711'").length === 1);
    expect(erp("SELECT document, postings_file FROM ledger_document WHERE order_id = 'LI-4711'")).toEqual([
      { document: 1, postings_file: 1 },
    ]);
    expect(query(join(demo, 'ledger'), 'SELECT * FROM objection', 'memory.db')).toEqual([]);
  });

  it('is found by its number, in every flow that it went through', async () => {
    const { rows } = await engine.get<MessageRows>('/api/v1/messages?key=order=LI-4711&limit=100');
    const destinations = new Set(rows.map(({ delivery }) => delivery.destination));
    expect([...destinations]).toEqual(
      expect.arrayContaining(['flow:orders-to-erp', 'outbound:erp.upsert-order', 'outbound:warehouse.pick-in-hamburg']),
    );
    expect(new Set(rows.map(({ delivery }) => delivery.state))).toEqual(new Set(['done']));
  });

  it('that comes twice has one effect: under the same id, and under another', async () => {
    const former = effectsOf('LI-4711');
    const same = await send(body, 'msg_1');
    expect([same.status, await same.json()]).toEqual([202, { id: expect.any(String), duplicate: true }]);
    expect((await send(body, 'msg_1_again')).status).toBe(202);
    await engine.settled();
    expect(effectsOf('LI-4711')).toEqual(former);
    const { rows } = await engine.get<MessageRows>('/api/v1/messages?flow=shop-orders&state=filtered');
    expect(rows).toHaveLength(1);
  });
});

describe('an order that is none', () => {
  it.each([
    ['is cut off', 400, (text: string) => text.slice(0, 200)],
    ['has no currency', 422, (text: string) => text.replace('"currency"', '"curency"')],
    ['has an amount that is a number', 422, (text: string) => text.replace(/"total_price":"([0-9.]+)"/, '"total_price":$1')],
  ])('since it %s, is refused with %i and recorded as invalid', async (_what, status, spoil) => {
    const response = await send(spoil(orderAsJson(makeOrder(5000, random))), randomUUID());
    expect(response.status).toBe(status);
    const { id, code } = (await response.json()) as { readonly id: string; readonly code: string };
    expect(code).toMatch(/^MORTISE_/);
    const { rows } = await engine.get<MessageRows>('/api/v1/messages?state=invalid');
    expect(rows.map(({ message }) => message.id)).toContain(id);
  });

  it('since nobody knows who sent it, is refused with 401 and leaves no trace', async () => {
    const text = orderAsJson(makeOrder(5001, random));
    const headers = signedHeaders('whsec_Z3Vlc3NlZA==', 'msg_forged', text);
    const response = await fetch(`${engine.inbound}/shop/orders`, { method: 'POST', headers, body: text });
    expect(response.status).toBe(401);
    await engine.settled();
    expect(erp("SELECT 1 FROM sales_order WHERE order_id = 'LI-5001'")).toEqual([]);
  });
});

describe('a warehouse that cannot be reached', () => {
  it('delays nothing else, and gets what it missed when it is back', async () => {
    const hamburg = join(demo, 'hamburg');
    renameSync(hamburg, join(demo, 'hamburg-away'));
    const german = await sendOrders(6000, 'DE');
    const american = await sendOrders(6100, 'US');
    const all = [...german, ...american];
    await until(() =>
      all.every((id) => erp(`SELECT 1 FROM sales_order WHERE order_id = '${id}' AND total IS NOT NULL`).length === 1),
    );
    await until(() =>
      american.every((id) => erp(`SELECT 1 FROM sales_order WHERE order_id = '${id}' AND status = 'shipped'`).length === 1),
    );
    expect(german.filter((id) => effectsOf(id).order[0]?.['status'] === 'shipped')).toEqual([]);

    renameSync(join(demo, 'hamburg-away'), hamburg);
    await until(() => german.every((id) => effectsOf(id).order[0]?.['status'] === 'shipped'), 45_000);
    await until(() => all.every((id) => effectsOf(id).fulfilment.length === 1));
  });
});

describe('the feed', () => {
  it('sends orders at its rate; all but the broken ones end in the ERP', async () => {
    const before = erp('SELECT 1 FROM sales_order').length;
    const feed = startFeed({ url: `${engine.inbound}/shop/orders`, secret, ordersPerSecond: 40 });
    await until(() => (feed.answers.get(202) ?? 0) >= 90);
    await feed.stop();
    const [taken, refused] = [feed.answers.get(202) ?? 0, (feed.answers.get(400) ?? 0) + (feed.answers.get(422) ?? 0)];
    expect(refused).toBeGreaterThan(0);
    expect([...feed.answers.keys()].filter((status) => ![202, 400, 422].includes(Number(status)))).toEqual([]);
    await engine.settled(45_000);
    const duplicates = Math.floor((taken + refused) / 26);
    expect(erp('SELECT 1 FROM sales_order').length - before).toBeGreaterThanOrEqual(taken - duplicates - 1);
    expect(erp('SELECT 1 FROM sales_order').length - before).toBeLessThanOrEqual(taken);
  });

  it('leaves even books, and nothing for a person to do', async () => {
    const { even, reasons } = await engine.balance();
    expect({ even, reasons }).toEqual({ even: true, reasons: [] });
    expect(await engine.count('dead', 'in-doubt', 'unclaimed')).toBe(0);
  });

  it('stops with the demo, which ends by itself with 0', async () => {
    expect(await engine.stop(), engine.log()).toBe(0);
    expect(engine.log()).toContain('Order to cash runs.');
  });
});

function change(file: string, former: string, now: string): void {
  changeText(join(project, file), former, now);
}

function send(body: string, id: string): Promise<Response> {
  return fetch(`${engine.inbound}/shop/orders`, { method: 'POST', headers: signedHeaders(secret, id, body), body });
}

/** Sends five orders to that country, each with something that can be touched; their numbers. */
async function sendOrders(first: number, country: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (let number = first; names.length < 5; number++) {
    const order = makeOrder(number, random);
    const text = orderAsJson(order);
    if (!text.includes(`"country_code":"${country}"`) || !text.includes('"requires_shipping":true')) continue;
    expect((await send(text, randomUUID())).status).toBe(202);
    names.push(order.name);
  }
  return names;
}

function effectsOf(orderId: string) {
  return {
    order: erp(`SELECT * FROM sales_order WHERE order_id = '${orderId}'`),
    lines: erp(`SELECT * FROM sales_order_line WHERE order_id = '${orderId}' ORDER BY line`),
    bookings: erp(`SELECT * FROM booking WHERE order_id = '${orderId}'`),
    fulfilment: shop(`SELECT * FROM fulfilment WHERE order_id = '${orderId}'`),
  };
}

function erp(sql: string): readonly Readonly<Record<string, unknown>>[] {
  return query(demo, sql, 'erp.db');
}

function shop(sql: string): readonly Readonly<Record<string, unknown>>[] {
  return query(demo, sql, 'shop.db');
}
