// What an operator does with the journal of an engine that runs: the balance of a day also after retention, export and import.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { Billing, post, query, shopKey, writeOrdersProject } from './orders-project.ts';

const command = fileURLToPath(new URL('../cli/src/mortise.mjs', import.meta.url));
const engines = ownEngines();
const billing = new Billing();
const environment = { SHOP_KEY: shopKey };
let folder: string;

beforeEach(async () => {
  folder = writeOrdersProject(await billing.listen());
});
afterEach(() => billing.close());

async function mortise(engine: EngineProcess, ...parts: readonly string[]) {
  const control = engine.control.replace('http://', '');
  const child = spawn(process.execPath, [command, ...parts, '--control', control], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out, err };
}

async function start(settings = ''): Promise<EngineProcess> {
  writeFileSync(join(folder, 'mortise.yaml'), `name: orders\nlimits: { freeDisk: 64MiB }\n${settings}`);
  const engine = await engines.start({ folder, environment });
  await engine.ready();
  return engine;
}

async function order(engine: EngineProcess, id: string, more: object = {}): Promise<number | 'none'> {
  return post(`${engine.inbound}/orders`, id, JSON.stringify({ id, customer: 'c', ...more }));
}

interface Day {
  readonly even: boolean;
  readonly rows: readonly {
    readonly destination: string;
    readonly created: number;
    readonly dropped: number;
    readonly states: Readonly<Record<string, number>>;
  }[];
  readonly files: readonly object[];
  readonly unfinished: readonly { readonly state: string; readonly destination: string; readonly reason: string }[];
}

async function dayOf(engine: EngineProcess, ...parts: readonly string[]): Promise<Day> {
  const day = new Date().toISOString().slice(0, 10);
  const { out, err } = await mortise(engine, 'balance', '--day', day, '--json', ...parts);
  expect(err).toBe('');
  return JSON.parse(out) as Day;
}

describe('the balance of a day', () => {
  it('counts what came in, files by their records, and lists what did not come out', { timeout: 60_000 }, async () => {
    billing.status = 400;
    const engine = await start();
    for (const n of [1, 2, 3]) expect(await order(engine, `o${n}`)).toBe(202);
    const claimed = join(folder, 'stocks', 'monday.csv');
    writeFileSync(claimed, 'sku,quantity\na,1\nb,2,too,many\nc,3\n');
    await until(async () => (await dayOf(engine)).files.length === 1);
    await engine.settled();
    billing.status = 200;
    const day = await dayOf(engine);
    expect(day.even).toBe(true);
    expect(day.files).toMatchObject([
      { inbound: 'warehouse.stock', name: 'monday.csv', read: 3, accepted: 2, invalid: 1, whole: true },
    ]);
    const row = (destination: string) => day.rows.find((one) => one.destination === destination);
    expect(row('flow:shop-orders')).toMatchObject({ created: 3, states: { done: 3 } });
    expect(row('flow:orders-to-billing')).toMatchObject({ created: 3, states: { dead: 3 } });
    expect(row('flow:stock')).toMatchObject({ created: 3, states: { done: 2, invalid: 1 } });
    const unfinished = day.unfinished.filter(({ destination }) => !destination.includes('tick'));
    expect(unfinished.map(({ state }) => state).sort()).toEqual(['dead', 'dead', 'dead', 'invalid']);
    const own = await dayOf(engine, '--system', 'warehouse');
    expect(own.rows.map(({ destination }) => destination)).toEqual(['flow:stock']);
    const today = new Date().toISOString().slice(0, 10);
    const csv = await mortise(engine, 'balance', '--day', today, '--csv', 'files');
    expect(csv.out).toMatch(/^at,inbound,name,read,accepted,invalid,whole\r\n.*,warehouse.stock,monday.csv,3,2,1,true\r\n$/);
    expect((await mortise(engine, 'balance', '--csv')).status).toBe(2);
    expect((await mortise(engine, 'balance', '--day', '2026-13-01')).err).toContain('MORTISE_CONTROL_REQUEST');
  });

  it('is the same after retention has dropped what it counts', { timeout: 60_000 }, async () => {
    const engine = await start('journal: { keep: 1s }\n');
    for (let n = 0; n < 20; n++) expect(await order(engine, `o${n}`)).toBe(202);
    await until(async () => {
      const { rows } = await dayOf(engine);
      return rows.find(({ destination }) => destination === 'outbound:warehouse.pick')?.dropped === 20;
    });
    const day = await dayOf(engine);
    expect(day.even).toBe(true);
    expect(day.rows.find(({ destination }) => destination === 'flow:shop-orders')).toMatchObject({
      created: 20,
      states: { done: 20 },
      dropped: 20,
    });
    expect(await engine.balance()).toMatchObject({ even: true });
    const { rows } = await engine.get<{ rows: readonly unknown[] }>('/api/v1/messages?key=order%3Do1');
    expect(rows).toEqual([]);
    expect(engine.log()).toContain('older than it is kept');
    // What is still remembered of a sender's key needs no message.
    expect(await order(engine, 'o1')).toBe(202);
    expect(query(folder, 'SELECT count(*) AS count FROM sales_order')).toEqual([{ count: 20 }]);
  });
});

describe('export and import', () => {
  it('give messages back as new ones, once for each file, also after a crash', { timeout: 90_000 }, async () => {
    const engine = await start();
    const note = 'x'.repeat(300_000);
    for (const [n, more] of [{}, { note }, { number: 12.5 }].entries()) expect(await order(engine, `o${n}`, more)).toBe(202);
    await engine.settled();
    const out = join(folder, 'orders.ndjson');
    const exported = await mortise(engine, 'export', '--destination', 'flow:shop-orders', '--out', out);
    expect(exported).toMatchObject({ status: 0, err: '' });
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    const values = lines.map(
      (line) => JSON.parse(line) as { message: { id: string }; deliveries: object[]; body: { id: string } },
    );
    expect(values.map(({ body }) => body.id)).toEqual(['o0', 'o1', 'o2']);
    expect(values[1]).toMatchObject({ body: { note }, deliveries: [{ destination: 'flow:shop-orders', state: 'done' }] });

    const [first] = values;
    const file = createHash('sha256').update(readFileSync(out)).digest('hex');
    const begun = await fetch(`${engine.control}/api/v1/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...engine.keyHeader() },
      body: JSON.stringify({
        file,
        flow: 'orders-to-survey',
        messages: [{ id: first?.message.id, type: 't', body: first?.body }],
      }),
    });
    expect(await begun.json()).toEqual({ imported: 1, duplicates: 0, refused: [] });
    await engine.kill();
    const again = await start();
    for (const counts of [
      { imported: 2, duplicates: 1 },
      { imported: 0, duplicates: 3 },
    ]) {
      const imported = await mortise(again, 'import', out, '--flow', 'orders-to-survey', '--json');
      expect(JSON.parse(imported.out)).toEqual({ ...counts, refused: [] });
    }
    const other = await mortise(again, 'import', out, '--channel', 'orders', '--json');
    expect(JSON.parse(other.out)).toMatchObject({ imported: 3 });
    const { rows } = await again.get<{ rows: readonly { message: { replayOf?: string } }[] }>(
      '/api/v1/messages?flow=orders-to-survey',
    );
    expect(rows.map(({ message }) => message.replayOf)).toContain(first?.message.id);
    expect(await again.balance()).toMatchObject({ even: true });
  });

  it('say what is wrong before anything is imported, and name what does not fit', { timeout: 60_000 }, async () => {
    const engine = await start();
    const file = join(folder, 'broken.ndjson');
    writeFileSync(file, '{"message":{"id":"01a208b0-c91f-70e4-a590-03aab1d987d1","type":"t"},"body":1}\n{"no":1}\n');
    const broken = await mortise(engine, 'import', file, '--flow', 'stock');
    expect(broken).toMatchObject({
      status: 1,
      err: expect.stringContaining('broken.ndjson:2 is no line of an export') as string,
    });
    expect((await engine.balance()).rows.filter(({ destination }) => destination === 'flow:stock')).toEqual([]);
    writeFileSync(file, '{"message":{"id":"01a208b0-c91f-70e4-a590-03aab1d987d1","type":"t"},"lost":"gone"}\n');
    const lost = await mortise(engine, 'import', file, '--flow', 'stock');
    expect(lost).toMatchObject({ status: 1, out: expect.stringContaining('MORTISE_CONTROL_BODY') as string });
    expect((await mortise(engine, 'import', file, '--flow', 'none')).status).not.toBe(0);
    expect((await mortise(engine, 'import', file)).status).toBe(2);
    expect((await mortise(engine, 'export', '--out', file)).err).toContain('MORTISE_CLI_FILE');
    expect(existsSync(file)).toBe(true);
  });
});
