// Makes what the demo needs around it: folders, the databases of the ERP and of the shop, and secrets.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Every column but the key may be empty: order and shipment each write their own, in whichever order they come. */
const erpTables = `
  CREATE TABLE IF NOT EXISTS sales_order (
    order_id TEXT PRIMARY KEY, customer_number TEXT, customer_name TEXT, payment_days INTEGER, country TEXT, currency TEXT,
    discount TEXT, shipping TEXT, tax TEXT, total TEXT, placed_at TEXT, note TEXT,
    status TEXT NOT NULL DEFAULT 'open', shipped_at TEXT, carrier TEXT, parcel TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sales_order_line (
    order_id TEXT NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL, title TEXT NOT NULL, quantity INTEGER NOT NULL,
    unit_price TEXT NOT NULL, discount TEXT NOT NULL, total TEXT NOT NULL, PRIMARY KEY (order_id, line)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS booking (order_id TEXT PRIMARY KEY, journal INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS purchase_order (
    order_id TEXT PRIMARY KEY, interchange INTEGER, sent_at TEXT, acknowledgment TEXT, answer TEXT, answered_at TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS ledger_document (order_id TEXT PRIMARY KEY, document INTEGER NOT NULL, postings_file INTEGER NOT NULL) STRICT;
`;

const shopTables = `
  CREATE TABLE IF NOT EXISTS fulfilment (order_id TEXT PRIMARY KEY, carrier TEXT NOT NULL, parcel TEXT NOT NULL) STRICT;
`;

/** Folders and databases below `.mortise/demo` of the project; what is there already stays. Gives that folder. */
export function prepareDemo(project: string): string {
  const folder = join(project, '.mortise', 'demo');
  for (const name of ['hamburg', 'newark', 'shipments', 'finance']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['supplier', 'ledger'])
    for (const way of ['in', 'out']) mkdirSync(join(folder, name, way), { recursive: true });
  prepareDatabase(join(folder, 'erp.db'), erpTables);
  prepareDatabase(join(folder, 'shop.db'), shopTables);
  return folder;
}

/** Secrets for this run, where the environment has none. */
export function prepareSecrets(environment: NodeJS.ProcessEnv): void {
  environment['SHOP_WEBHOOK_SECRET'] ||= `whsec_${randomBytes(24).toString('base64')}`;
  for (const name of ['SHOP_API_KEY', 'CRM_API_KEY']) environment[name] ||= randomBytes(24).toString('base64url');
}

function prepareDatabase(file: string, tables: string): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; ${tables}`);
  database.close();
}
