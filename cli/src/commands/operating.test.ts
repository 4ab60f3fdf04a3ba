// The commands by which an engine is operated, against engines that run: pause, resume, drain, the level of the log.

import type { DrainView, FlowView, PauseView } from '@mortise/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initProject, mortise, startMortise, temporaryFolder, until } from '../cli.fixture.ts';
import type { Ended, Running } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

let project: string;
let control: string;
let engine: Running;
let remove: () => void;
beforeEach(async () => {
  const temporary = temporaryFolder();
  remove = temporary.remove;
  ({ project, control } = await initProject(temporary.folder));
  engine = startMortise(['run', project]);
  await engine.printed('Running');
});
afterEach(async () => {
  await engine.end();
  remove();
});

const ask = (...parts: readonly string[]): Promise<Ended> => mortise(parts, { env: { MORTISE_CONTROL: control } });
const order = JSON.stringify({ id: 1, customer: { email: 'ada@example.com' }, items: [{ sku: 'CUP', qty: 1 }], total: 1 });
const sendOrder = (): Promise<Ended> =>
  mortise(['send', 'shop.order-created'], { env: { MORTISE_CONTROL: control }, input: order });

async function askJson<Value>(...parts: readonly string[]): Promise<Value> {
  const { out, err } = await ask(...parts, '--json');
  expect(err).toBe('');
  return JSON.parse(out) as Value;
}

describe('pause and resume', () => {
  it('of a flow: what comes waits, over a restart too, and goes on afterwards', async () => {
    expect(await ask('pause')).toMatchObject({ status: 0, out: 'Nothing is paused.\n' });
    const paused = await ask('pause', 'flow', 'shop-orders', '--reason', 'stocktaking');
    expect(paused).toEqual({
      status: 0,
      err: '',
      out: 'Paused: flow shop-orders. It goes on with "mortise resume flow shop-orders".\n',
    });
    expect(await sendOrder()).toMatchObject({ status: 0 });
    await engine.end();
    engine = startMortise(['run', project]);
    await engine.printed('Running');
    expect((await ask('pause')).out).toMatch(/^flow shop-orders, since 20.+Z: stocktaking\n$/);
    expect((await askJson<FlowView[]>('flows'))[0]).toMatchObject({ waiting: 1, standstill: { reason: expect.any(String) } });
    expect((await ask('flows')).out).toContain('Flow shop-orders is paused: stocktaking.');
    expect(await ask('resume', 'flow', 'shop-orders')).toMatchObject({ status: 0, out: 'Goes on: flow shop-orders.\n' });
    await until(
      async () => (await askJson<FlowView[]>('flows'))[0]?.waiting === 0,
      () => 'it still waits',
    );
    expect(await ask('resume', 'flow', 'shop-orders')).toMatchObject({ out: 'Was not paused: flow shop-orders.\n' });
  });

  it('of a system is shown where systems are listed', async () => {
    await ask('pause', 'system', 'warehouse');
    expect((await ask('systems')).out).toMatch(/warehouse +all +stands still +System warehouse is paused\./);
    expect(await askJson<PauseView[]>('pause')).toMatchObject([{ kind: 'system', name: 'warehouse' }]);
  });

  it('of the engine needs no name', async () => {
    expect(await ask('pause', 'engine')).toMatchObject({ status: 0, out: expect.stringContaining('the engine') });
    expect(await ask('resume', 'engine')).toMatchObject({ status: 0, out: 'Goes on: the engine.\n' });
  });

  it('says what is written wrongly', async () => {
    for (const parts of [
      ['pause', 'house'],
      ['pause', 'flow'],
      ['pause', 'engine', 'x'],
      ['resume'],
      ['drain', '--cancel', '--stop'],
      ['drain', '--flow', 'shop-orders', '--stop'],
      ['drain', '--reason', 'x'],
    ])
      expect(await ask(...parts), parts.join(' ')).toMatchObject({ status: exitCodes.usage, out: '' });
    expect(await ask('pause', 'flow', 'shop-order')).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('Did you mean "shop-orders"?'),
    });
  });
});

describe('drain --flow', () => {
  it('lets one flow take nothing more in, says what is left, over a restart too, until it is resumed', async () => {
    await ask('pause', 'system', 'warehouse');
    await sendOrder();
    const begun = await ask('drain', '--flow', 'shop-orders', '--reason', 'upgrade', '--wait', '--timeout', '1s');
    expect(begun).toMatchObject({
      status: exitCodes.failed,
      err: '',
      out: expect.stringContaining('draining: 1 waiting, 0 held'),
    });
    expect(await sendOrder()).toMatchObject({ err: expect.stringContaining('Flow shop-orders takes nothing more in: upgrade.') });
    await engine.end();
    engine = startMortise(['run', project]);
    await engine.printed('Running');
    expect((await ask('pause')).out).toMatch(/^flow shop-orders, draining: 1 waiting, 0 held, since 20.+Z: upgrade$/m);
    expect((await ask('flows')).out).toContain('draining: 1 waiting, 0 held');
    await ask('resume', 'system', 'warehouse');
    expect(await ask('drain', '--flow', 'shop-orders', '--wait')).toEqual({
      status: 0,
      err: '',
      out: 'Flow shop-orders takes nothing more in; drained. It goes on with "mortise resume flow shop-orders".\n',
    });
    expect(await ask('drain', '--flow', 'shop-orders', '--cancel')).toMatchObject({ out: 'Goes on: flow shop-orders.\n' });
    expect(await sendOrder()).toMatchObject({ status: 0 });
  });
});

describe('drain', () => {
  it('waits until all is drained, and is cancelled', async () => {
    expect(await sendOrder()).toMatchObject({ status: 0 });
    expect(await ask('drain', '--wait')).toEqual({ status: 0, err: '', out: 'Drained: nothing runs, and nothing waits.\n' });
    expect(await sendOrder()).toMatchObject({ status: exitCodes.failed, err: expect.stringContaining('The engine is drained') });
    expect(await ask('drain', '--cancel')).toMatchObject({ status: 0, out: 'Messages are taken in.\n' });
    expect(await sendOrder()).toMatchObject({ status: 0 });
  });

  it('names what is left, and fails where the time is over', async () => {
    await ask('pause', 'system', 'warehouse');
    await sendOrder();
    await until(
      async () => (await askJson<FlowView[]>('flows'))[0]?.waiting === 0,
      () => 'the flow still waits',
    );
    const { status, out } = await ask('drain', '--wait', '--timeout', '300ms');
    expect(status).toBe(exitCodes.failed);
    expect(out).toContain('  outbound:warehouse.drop-order: 1 waiting, 0 running. System warehouse is paused.');
    expect(await askJson<DrainView>('drain')).toMatchObject({ state: 'draining' });
  });

  it('ends the process with 0 when all is drained, where that was asked for', async () => {
    await sendOrder();
    expect(await ask('drain', '--wait', '--stop')).toMatchObject({ status: 0, err: '', out: 'Drained; the process ends.\n' });
    await until(
      () => engine.child.exitCode !== null,
      () => 'it goes on',
    );
    expect(engine.child.exitCode).toBe(0);
  });
});

describe('log-level', () => {
  it('shows and changes what is logged', async () => {
    expect((await ask('log-level')).out).toBe('info\n');
    expect((await ask('log-level', 'debug')).out).toBe('debug\n');
    await sendOrder();
    await until(
      () => engine.text().err.includes('"event":"message.accepted"'),
      () => engine.text().err,
    );
    expect((await ask('log-level', 'loud')).status).toBe(exitCodes.usage);
  });
});

describe('alerts', () => {
  it('lists what is raised, mutes a rule for a time, and tries receivers', async () => {
    expect((await ask('alerts')).out).toBe('Nothing is raised.\n');
    expect((await ask('alerts', 'rules')).out).toMatch(/^RULE +KIND +TELLS\ndead-letters +dead-letters +nobody$/m);
    expect((await ask('alerts', 'mute', 'disk', '--for', '2h', '--reason', 'known')).out).toMatch(/^Muted until 20.+Z: disk\./);
    expect((await ask('alerts', 'rules')).out).toMatch(/^disk .+until 20.+Z by local$/m);
    expect((await ask('alerts', 'unmute', 'disk')).out).toBe('Tells again: disk.\n');
    expect((await ask('alerts', 'history')).out).toBe('Nothing was raised.\n');
    expect((await ask('alerts', 'mute', 'disc', '--for', '2h')).err).toContain('Did you mean "disk"?');
    expect((await ask('alerts', 'mute', 'disk')).status).toBe(exitCodes.usage);
    expect(await ask('alerts', 'test', 'nobody')).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_'),
    });
  });
});
