// The example point-to-point: a price list in a folder becomes prices in a database, with no channel between.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { query } from './orders-project.ts';

const example = fileURLToPath(new URL('../examples/point-to-point', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mortise-prices-'));
const incoming = join(folder, 'incoming');
const engines = ownEngines('all');
let engine: EngineProcess;

beforeAll(async () => {
  cpSync(example, folder, { recursive: true });
  mkdirSync(incoming);
  const database = new DatabaseSync(join(folder, 'till.db'), { timeout: 10_000 });
  database.exec(readFileSync(join(folder, 'prepare.sql'), 'utf8'));
  database.close();
  engine = await engines.start({ folder });
  await engine.ready();
});

it('sets the prices of a file, in the words of the till', async () => {
  drop('PRICES-1.csv', [
    'TASSE-BLAU;"Tasse, blau";10,00;01.12.2026',
    'TEE-1;Grüner Tee – Sencha;9,50;01.12.2026',
    'GRATIS;Prospekt;0,00;01.12.2026',
  ]);
  await until(() => existsSync(join(incoming, '.done/PRICES-1.csv')));
  await engine.settled();
  expect(query(folder, 'SELECT sku, title, price, valid_from FROM price ORDER BY sku', 'till.db')).toEqual([
    { sku: 'TASSE-BLAU', title: 'Tasse, blau', price: '13.00', valid_from: '2026-12-01' },
    { sku: 'TEE-1', title: 'Grüner Tee – Sencha', price: '12.35', valid_from: '2026-12-01' },
  ]);
});

it('takes the good records of a file that holds a broken one, and says which that is', async () => {
  drop('PRICES-2.csv', [
    'TASSE-BLAU;"Tasse, blau";11,00;15.12.2026',
    'TEE-1;Grüner Tee;neun;15.12.2026',
    'TEE-2;Schwarzer Tee;4,00;15.12.2026',
  ]);
  await until(() => existsSync(join(incoming, '.refused/PRICES-2.csv.reason.json')));
  await engine.settled();
  const prices = query(folder, 'SELECT sku, price FROM price ORDER BY sku', 'till.db');
  expect(prices).toEqual([
    { sku: 'TASSE-BLAU', price: '14.30' },
    { sku: 'TEE-1', price: '12.35' },
    { sku: 'TEE-2', price: '5.20' },
  ]);
  expect(readFileSync(join(incoming, '.refused/PRICES-2.csv.reason.json'), 'utf8')).toContain('neun');
  expect(await engine.count('invalid')).toBe(1);
});

it('sets the prices of the same file once', async () => {
  drop('PRICES-1.csv', [
    'TASSE-BLAU;"Tasse, blau";10,00;01.12.2026',
    'TEE-1;Grüner Tee – Sencha;9,50;01.12.2026',
    'GRATIS;Prospekt;0,00;01.12.2026',
  ]);
  await until(() => readdirSync(join(incoming, '.done')).length === 2);
  await engine.settled();
  expect(query(folder, "SELECT price FROM price WHERE sku = 'TASSE-BLAU'", 'till.db')).toEqual([{ price: '14.30' }]);
  expect((await engine.balance()).even).toBe(true);
});

/** As the wholesaler writes it: Windows-1252, under another name until it is whole. */
function drop(name: string, records: readonly string[]): void {
  const text = ['Artikel;Bezeichnung;Preis;Gültig ab', ...records, ''].join('\r\n');
  const bytes = Buffer.from(text.replaceAll('–', '\x96'), 'latin1');
  writeFileSync(join(incoming, `${name}.part`), bytes);
  renameSync(join(incoming, `${name}.part`), join(incoming, name));
}
