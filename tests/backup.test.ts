// A backup that is taken while messages come in: restored, it has all that was answered before, and all of it adds up.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { Billing, post, query, shopKey, writeOrdersProject } from './orders-project.ts';

const command = fileURLToPath(new URL('../cli/src/mortise.mjs', import.meta.url));
const engines = ownEngines();
let billing: Billing;
let url: string;

beforeEach(async () => {
  billing = new Billing();
  url = await billing.listen();
});
afterEach(() => billing.close());

interface Load {
  /** Orders that were answered 2xx. */
  readonly answered: string[];
  end(): Promise<void>;
}

/** Sends orders, some at a time, until it is told to stop. */
function load(engine: EngineProcess): Load {
  const answered: string[] = [];
  let going = true;
  let n = 0;
  const send = async (): Promise<void> => {
    while (going && n < 800) {
      const id = `order-${n++}`;
      const note = n % 50 === 0 ? 'x'.repeat(300_000) : 'short';
      const status = await post(`${engine.inbound}/orders`, id, JSON.stringify({ id, customer: `c${n % 7}`, note }));
      if (status === 202 || status === 200) answered.push(id);
    }
  };
  const senders = [send(), send(), send(), send()];
  return {
    answered,
    async end() {
      going = false;
      await Promise.all(senders);
    },
  };
}

async function mortise(...parts: readonly string[]): Promise<{ readonly status: number | null; readonly out: string }> {
  const child = spawn(process.execPath, [command, ...parts], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out };
}

it('is consistent, and nothing that was answered before it is missing', { timeout: 120_000 }, async () => {
  const folder = writeOrdersProject(url);
  const environment = { SHOP_KEY: shopKey };
  const engine = await engines.start({ folder, environment });
  await engine.ready();
  const { answered, end } = load(engine);
  await until(() => answered.length >= 150);
  const before = [...answered];
  const backup = join(folder, 'backup');
  const done = await mortise('backup', backup, '--control', engine.control, '--json');
  expect(done.status).toBe(0);
  expect(JSON.parse(done.out)).toMatchObject({ target: backup, missing: [] });
  await end();
  expect(answered.length).toBeGreaterThan(before.length);
  await engine.settled();
  await engine.stop();

  const data = join(folder, 'restored');
  const restored = await mortise('restore', backup, '--data', data, '--project', folder, '--json');
  expect(restored.status).toBe(0);
  const { mayRepeat, paused } = JSON.parse(restored.out) as {
    readonly paused: boolean;
    readonly mayRepeat: readonly { readonly destination: string; readonly repeats: string }[];
  };
  expect(paused).toBe(true);
  expect(mayRepeat.every(({ repeats }) => repeats === 'safe')).toBe(true);

  rmSync(join(folder, '.mortise', 'data'), { recursive: true });
  const again = await engines.start({ folder, environment, script: [command, 'run', folder, '--data', data] });
  await again.ready();
  const balance = await again.balance();
  expect(balance).toMatchObject({ even: true, reasons: [] });
  for (const order of before) {
    const { rows } = await again.get<{ rows: readonly unknown[] }>(
      `/api/v1/messages?flow=shop-orders&key=order%3D${order}&limit=1`,
    );
    expect(rows, order).toHaveLength(1);
  }
  const created = balance.rows.find(({ destination }) => destination === 'flow:shop-orders')?.created ?? 0;
  expect(created).toBeGreaterThanOrEqual(before.length);
  expect(created).toBeLessThanOrEqual(answered.length + 4);
});

it('restored, it sends nothing until a person resumes it, and then just what was owed', { timeout: 120_000 }, async () => {
  const folder = writeOrdersProject(url);
  const environment = { SHOP_KEY: shopKey };
  const engine = await engines.start({ folder, environment });
  await engine.ready();
  const take = async (to: EngineProcess, id: string): Promise<void> =>
    expect(await post(`${to.inbound}/orders`, id, JSON.stringify({ id, customer: 'c' }))).toBe(202);
  billing.status = 503;
  for (const id of ['owed-1', 'owed-2']) await take(engine, id);
  await until(() => query(folder, 'SELECT order_id FROM survey').length === 2);
  const backup = join(folder, 'backup');
  expect((await mortise('backup', backup, '--control', engine.control)).status).toBe(0);
  await engine.kill();
  billing.status = 200;

  const data = join(folder, 'restored');
  const restored = await mortise('restore', backup, '--data', data, '--project', folder, '--json');
  const { mayRepeat } = JSON.parse(restored.out) as { readonly mayRepeat: readonly { readonly destination: string }[] };
  expect(mayRepeat.map(({ destination }) => destination)).toContain('flow:orders-to-billing');
  rmSync(join(folder, '.mortise', 'data'), { recursive: true });
  const again = await engines.start({ folder, environment, script: [command, 'run', folder, '--data', data] });
  await again.ready();
  const effects = (): readonly number[] => [
    billing.requests.size,
    ...['sales_order', 'invoice', 'survey'].map((table) => query(folder, `SELECT * FROM ${table}`).length),
  ];
  const before = effects();
  expect(before).toEqual([0, 2, 0, 2]);
  for (const id of ['new-1', 'new-2', 'new-3']) await take(again, id);
  await until(async () => (await again.count('waiting')) >= 5);
  expect(await again.count('running')).toBe(0);
  expect(effects()).toEqual(before);

  expect((await mortise('resume', 'engine', '--control', again.control)).status).toBe(0);
  await until(() => billing.requests.size === 5);
  await until(() => query(folder, 'SELECT * FROM invoice').length === 5);
  await until(() => query(folder, 'SELECT * FROM survey').length === 5);
  await again.settled();
  expect(effects()).toEqual([5, 5, 5, 5]);
  expect([...billing.requests.values()].map(({ times }) => times)).toEqual([1, 1, 1, 1, 1]);
  expect(await again.balance()).toMatchObject({ even: true, reasons: [] });
});
