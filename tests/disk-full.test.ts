// A disk that is full: nothing is acknowledged, the state is plain, and it goes on when there is room.

import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { arrivedOrders, sendOrders, writeDiskProject } from './disk-project.ts';
import { ownEngines, until } from './engine-process.ts';
import { shopKey } from './orders-project.ts';
import { fillDisk, mountSmall, noMount } from './small-disk.ts';

const engines = ownEngines();
const environment = { SHOP_KEY: shopKey };
const diskBytes = 32 * 1024 * 1024;
const diskFailed = 5;
let unmount: (() => void) | undefined;

beforeEach(() => (unmount = undefined));
afterEach(() => unmount?.());

function project(freeDisk: string): { readonly folder: string; readonly data: string } {
  const folder = writeDiskProject(freeDisk);
  const data = join(folder, '.mortise', 'data');
  unmount = mountSmall(data, diskBytes);
  return { folder, data };
}

it.skipIf(noMount)(
  `below the floor it answers 503 and says why, and takes messages again by itself when there is room (needs root, to mount) ${noMount ?? ''}`,
  async () => {
    const { folder, data } = project('8MiB');
    const engine = await engines.start({ folder, environment });
    await engine.ready();
    const before = await sendOrders(engine.inbound, 0, 20);
    const free = fillDisk(data, 4 * 1024 * 1024);
    await until(async () => (await sendOrders(engine.inbound, 100, 1)).length === 0);
    const health = await fetch(`${engine.control}/health/ready`);
    expect(health.status).toBe(503);
    expect(await health.text()).toContain('disk');
    expect(engine.log()).toContain('disk.full');
    await engine.settled();
    expect(arrivedOrders(folder)).toEqual(expect.arrayContaining([...before]));
    free();
    await until(async () => (await sendOrders(engine.inbound, 200, 1)).length === 1);
    await engine.settled();
    expect(arrivedOrders(folder)).toContain('order-200');
    expect(await engine.stop()).toBe(0);
  },
);

it.skipIf(noMount)(
  `a disk that is full to the last byte ends the process; with room the next one has all that was acknowledged (needs root, to mount) ${noMount ?? ''}`,
  async () => {
    const { folder, data } = project('0KiB');
    const engine = await engines.start({ folder, environment });
    await engine.ready();
    const before = await sendOrders(engine.inbound, 0, 20);
    const free = fillDisk(data, 0);
    const during = await sendOrders(engine.inbound, 100, 500);
    expect(during.length).toBeLessThan(500);
    expect(await engine.ended).toBe(diskFailed);
    const starved = await engines.start({ folder, environment });
    await until(async () => starved.hasEnded || (await sendOrders(starved.inbound, 600, 1)).length === 0);
    await starved.kill();
    free();
    const again = await engines.start({ folder, environment });
    await again.ready();
    const after = await sendOrders(again.inbound, 1000, 5);
    expect(after).toHaveLength(5);
    await again.settled();
    expect(arrivedOrders(folder)).toEqual(expect.arrayContaining([...before, ...during, ...after]));
    expect(await again.balance()).toMatchObject({ even: true });
  },
);
