// A disk that refuses a sync, or changes what it holds: nothing is acknowledged after it, nothing else is delivered than what was sent.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { arrivedOrders, sendOrders, writeDiskProject } from './disk-project.ts';
import { ownEngines, until } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { shopKey } from './orders-project.ts';
import { noStrace } from './strace.ts';

const engines = ownEngines();
const environment = { SHOP_KEY: shopKey };
const diskFailed = 5;

it.skipIf(noStrace)(
  `after a sync that failed the process ends, and the next one has all that was acknowledged (needs strace) ${noStrace ?? ''}`,
  async () => {
    const folder = writeDiskProject('64MiB');
    const failing = { calls: ['fsync', 'fdatasync'], fault: 'error=EIO', at: 40 };
    const engine = await engines.start({ folder, environment, injections: [failing] });
    await engine.ready();
    const taken = await sendOrders(engine.inbound, 0, 500);
    expect(taken.length).toBeLessThan(500);
    expect(await engine.ended).toBe(diskFailed);
    expect(engine.log()).toContain('MORTISE_STORE_FAILED');
    const again = await engines.start({ folder, environment });
    await again.ready();
    const more = await sendOrders(again.inbound, 1000, 5);
    await again.settled();
    expect(arrivedOrders(folder)).toEqual(expect.arrayContaining([...taken, ...more]));
    expect(await again.balance()).toMatchObject({ even: true });
  },
);

it('a message whose bytes the disk has changed is dead, and the others are delivered', async () => {
  const folder = writeDiskProject('64MiB');
  const engine = await engines.start({ folder, environment });
  await engine.ready();
  await tell(engine, 'pauses');
  const taken = await sendOrders(engine.inbound, 0, 5);
  await until(async () => (await engine.count('done')) >= 5);
  expect(await engine.stop()).toBe(0);
  const file = join(folder, '.mortise', 'data', 'mortise.db');
  const bytes = readFileSync(file);
  // Of each copy of the order's text: which of its rows is delivered from is the store's business.
  for (let at = bytes.indexOf('order-3...'); at >= 0; at = bytes.indexOf('order-3...', at + 1)) bytes[at + 50] = 0x2f;
  writeFileSync(file, bytes);
  const again = await engines.start({ folder, environment });
  await again.ready();
  await tell(again, 'pauses/resume');
  await again.settled();
  expect(arrivedOrders(folder)).toEqual(taken.filter((id) => id !== 'order-3'));
  expect(again.log()).toContain('MORTISE_DELIVERY_DAMAGED');
  expect(await again.count('dead')).toBe(1);
});

/** Stops what is sent to the warehouse, or lets it go on. */
async function tell(engine: EngineProcess, path: 'pauses' | 'pauses/resume'): Promise<void> {
  await engine.post(`/api/v1/${path}`, { kind: 'system', name: 'warehouse' });
}
