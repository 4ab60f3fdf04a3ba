// The commands that ask a running engine, against one that runs.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CauseGroups,
  DeliveryView,
  EngineView,
  FlowView,
  Journey,
  MessageRow,
  RetryCounts,
  SystemView,
} from '@mortise/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, mortise, startMortise, temporaryFolder, until, keyHeader } from '../cli.fixture.ts';
import type { Ended, RunOptions, Running } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';

const { folder, remove } = temporaryFolder();
let project: string;
let control: string;
let engine: Running;
beforeAll(async () => {
  ({ project, control } = await initProject(folder));
  engine = startMortise(['run', project]);
  await engine.printed('Running');
});
afterAll(async () => {
  await engine.end();
  remove();
});

function ask(parts: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return mortise(parts, { ...options, env: { MORTISE_CONTROL: control, ...options.env } });
}

async function askJson<Value>(...parts: readonly string[]): Promise<Value> {
  const { status, out, err } = await ask([...parts, '--json']);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out) as Value;
}

const warehouse = (): string => join(project, 'data', 'warehouse');

/** Sends an order; gives the id of its message. */
async function sendOrder(id: string, items: readonly object[] = [{ sku: 'CUP', qty: 1 }]): Promise<string> {
  const order = { id, customer: { email: 'ada@example.com' }, items, total: 1 };
  const { status, out, err } = await ask(['send', 'shop.order-created'], { input: JSON.stringify(order) });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return /^accepted ([0-9a-f-]{36})\n$/.exec(out)?.[1] ?? '';
}

/** Waits until what came of a message stands as wanted. */
async function journeyUntil(id: string, holds: (states: readonly string[]) => boolean): Promise<Journey> {
  let journey: Journey | undefined;
  let states: readonly string[] = [];
  await until(
    async () => {
      journey = await askJson<Journey>('message', id);
      states = journey.messages
        .flatMap(({ deliveries }) => deliveries.map(({ destination, state }) => `${destination} ${state}`))
        .toSorted();
      return holds(states);
    },
    () => `message ${id} stands at ${states.join(', ')}`,
  );
  if (!journey) throw new Error('no journey');
  return journey;
}

const arrived = (states: readonly string[]): boolean =>
  states.includes('outbound:warehouse.drop-order done') && states.includes('outbound:console.line done');

/** An order that the warehouse refuses for good: a file of its name and other content is there already. */
async function deadOrder(
  id: string,
): Promise<{ readonly message: string; readonly delivery: string; readonly obstacle: string }> {
  const obstacle = join(warehouse(), `ORDER-${id}.json`);
  mkdirSync(warehouse(), { recursive: true });
  writeFileSync(obstacle, 'something else');
  const message = await sendOrder(id);
  const { messages } = await journeyUntil(message, (states) => states.includes('outbound:warehouse.drop-order dead'));
  const dead = messages.flatMap(({ deliveries }) => deliveries).find(({ state }) => state === 'dead');
  return { message, delivery: dead?.id ?? '', obstacle };
}

describe('run', () => {
  it('says where it listens', () => {
    expect(engine.text().out).toContain(`http://${control}/api/openapi.json`);
  });

  it('keeps its data in the project', () => {
    expect(readdirSync(join(project, '.mortise', 'data'))).toContain('mortise.db');
  });

  it('does not start where another has the port, or the data folder', async () => {
    const other = await mortise(['run', project, '--data', join(folder, 'other'), '--listen', '127.0.0.1:0']);
    expect(other).toMatchObject({ status: exitCodes.notStarted, out: '' });
    expect(other.err).toMatch(/error MORTISE_ENGINE_LISTEN: .+\n {2}remedy: /);
    const same = await mortise(['run', project, '--control', '127.0.0.1:0', '--listen', '127.0.0.1:0']);
    expect(same).toMatchObject({ status: exitCodes.notStarted, err: expect.stringContaining('MORTISE_STORE_LOCKED') });
  });

  it('does not start where others could reach the control listener', async () => {
    const { status, err } = await mortise([
      'run',
      project,
      '--data',
      join(folder, 'other'),
      '--control',
      '0.0.0.0:0',
      '--listen',
      '127.0.0.1:0',
    ]);
    expect({ status, err }).toEqual({ status: exitCodes.notStarted, err: expect.stringContaining('MORTISE_ENGINE_ADDRESS') });
  });
});

describe('send', () => {
  it('takes a file, whose message arrives as a file', async () => {
    const { status, out } = await ask(['send', 'shop.order-created', join(project, 'fixtures', 'shop-order.json')]);
    expect(status).toBe(0);
    await journeyUntil(out.trim().split(' ')[1] ?? '', arrived);
    expect(JSON.parse(readFileSync(join(warehouse(), 'ORDER-4711.json'), 'utf8'))).toMatchObject({
      orderId: '4711',
      total: '99.90',
    });
  });

  it('says of the same key that it is a duplicate', async () => {
    const parts = ['send', 'shop.order-created', join(project, 'fixtures', 'shop-order.json'), '--key', 'once'];
    expect((await ask(parts)).out).toMatch(/^accepted /);
    expect(await ask(parts)).toMatchObject({ status: 0, out: expect.stringMatching(/^duplicate of /) });
  });

  it('takes type, subject and headers along', async () => {
    const file = join(project, 'fixtures', 'shop-order.json');
    const { out } = await ask([
      'send',
      'shop.order-created',
      file,
      '--type',
      't',
      '--subject',
      's',
      '--header',
      'A=1',
      '--header',
      'b=x=y',
      '--json',
    ]);
    const { messages } = await askJson<Journey>(
      'message',
      (JSON.parse(out) as { messages: { id: string }[] }).messages[0]?.id ?? '',
    );
    expect(messages[0]).toMatchObject({
      type: 't',
      subject: 's',
      contentType: 'application/json',
      headers: { a: '1', b: 'x=y' },
    });
  });

  it('fails where the message is refused, where the target is not there, where the file is not', async () => {
    const refused = await ask(['send', 'shop.order-created'], { input: 'no JSON' });
    expect(refused).toMatchObject({
      status: exitCodes.failed,
      out: '',
      err: expect.stringContaining('error MORTISE_CONTROL_REFUSED: '),
    });
    expect(await ask(['send', 'shop.order-craeted'], { input: '{}' })).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('Did you mean "shop.order-created"?'),
    });
    expect(await ask(['send', 'shop.order-created', 'nothing.json'])).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_CLI_FILE'),
    });
  });
});

describe('what runs', () => {
  it('is listed by flows and systems', async () => {
    expect(await askJson<FlowView[]>('flows')).toMatchObject([{ name: 'shop-orders', from: 'shop.order-created' }]);
    expect((await ask(['flows'])).out).toMatch(
      /^FLOW .*\nshop-orders +shop\.order-created +warehouse\.drop-order, console\.line /,
    );
    expect((await askJson<SystemView[]>('systems', 'shop'))[0]?.inbounds).toMatchObject([
      { target: 'shop.order-created', state: 'open' },
    ]);
    expect((await ask(['systems'])).out).toMatch(/^shop +inbound shop\.order-created +open$/m);
    expect((await ask(['systems', 'warehouse', '--ping'])).out).toMatch(
      /^warehouse +connection default, file +(answers|unknown)/m,
    );
  });

  it('is found through the mortise.yaml of the current folder', async () => {
    expect(await mortise(['flows'], { cwd: project })).toMatchObject({ status: 0, out: expect.stringContaining('shop-orders') });
  });

  it('is found by the doctor', async () => {
    expect((await mortise(['doctor', project])).out).toContain(`ok   engine: acme runs at ${control}: ready`);
  });
});

describe('messages', () => {
  it('are found by key, and shown with their journey', async () => {
    const id = await sendOrder('M1');
    await journeyUntil(id, arrived);
    const rows = await askJson<MessageRow[]>(
      'messages',
      '--key',
      'order=M1',
      '--flow',
      'shop-orders',
      '--since',
      '1h',
      '--limit',
      '10',
    );
    expect(rows.map(({ delivery }) => delivery.destination).toSorted()).toEqual([
      'flow:shop-orders',
      'outbound:console.line',
      'outbound:warehouse.drop-order',
    ]);
    const { out } = await ask(['messages', '--key', 'order=M1']);
    expect(out).toMatch(/^TIME +STATE +DESTINATION +TYPE +KEYS +MESSAGE$/m);
    expect(out).toContain(id);
    const tree = (await ask(['message', id])).out;
    expect(tree).toMatch(new RegExp(`^${id} shop\\.order-created\\n {2}accepted .+\\n└─ flow:shop-orders done\\n   [├└]─ `));
    expect(tree).toMatch(/outbound:warehouse\.drop-order done \(.*ORDER-M1\.json.*\)/);
  });

  it('come page by page up to the limit', async () => {
    const rows = await askJson<MessageRow[]>('messages', '--limit', '3');
    expect(rows).toHaveLength(3);
  });

  it('show the body as it came', async () => {
    const id = await sendOrder('M2');
    expect(JSON.parse((await ask(['message', id, '--body'])).out)).toMatchObject({ id: 'M2' });
  });

  it('cannot move the cursor or colour the screen', async () => {
    const id = await sendOrder('M3');
    const { out } = await ask(['send', 'shop.order-created', '--type', 'a\u001b[31mred\nnext'], { input: '{"items":[]}' });
    const shown = [(await ask(['message', out.trim().split(' ')[1] ?? ''])).out, (await ask(['messages'])).out].join('');
    expect(shown).toContain('red');
    expect(shown).not.toContain('\u001b');
    await journeyUntil(id, arrived);
  });

  it('that are not there are said not to be', async () => {
    expect(await ask(['message', '019f0000-0000-7000-8000-000000000000'])).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_DELIVERY_NOT_FOUND'),
    });
  });
});

describe('dead letters', () => {
  it('are listed with what went wrong, counted by cause, and tried again once it is mended', async () => {
    const { message, delivery, obstacle } = await deadOrder('D1');
    expect((await ask(['dead-letters'])).out).toMatch(
      new RegExp(`dead +${delivery} +outbound:warehouse\\.drop-order +order=D1 .*MORTISE_`),
    );
    expect((await askJson<CauseGroups>('dead-letters', '--causes')).groups[0]).toMatchObject({
      destination: 'outbound:warehouse.drop-order',
      newest: { delivery },
    });
    expect((await ask(['message', message])).out).toMatch(
      /outbound:warehouse\.drop-order dead.*\n.*MORTISE_.*\n.*remedy: .*\n.*delivery /,
    );
    rmSync(obstacle);
    expect(await ask(['retry', delivery])).toMatchObject({ status: 0, out: '1 is tried again.\n' });
    await journeyUntil(message, arrived);
    expect(await ask(['retry', delivery])).toMatchObject({
      status: exitCodes.failed,
      out: expect.stringContaining('MORTISE_DELIVERY_WRONG_STATE'),
    });
  });

  it('are tried again by the id of their message, or many at once', async () => {
    const first = await deadOrder('D2');
    rmSync(first.obstacle);
    expect(await askJson<RetryCounts>('retry', first.message)).toEqual({ retried: 1, failed: [], more: false });
    await journeyUntil(first.message, arrived);
    const others = [await deadOrder('D3'), await deadOrder('D4')];
    for (const { obstacle } of others) rmSync(obstacle);
    expect(await askJson<RetryCounts>('retry', '--destination', 'outbound:warehouse.drop-order')).toMatchObject({
      retried: 2,
      more: false,
    });
    for (const { message } of others) await journeyUntil(message, arrived);
    expect(await ask(['retry', first.message])).toMatchObject({
      status: exitCodes.failed,
      out: expect.stringContaining('is dead or in doubt'),
    });
  });

  it('are discarded with a reason', async () => {
    const { delivery } = await deadOrder('D5');
    expect(await askJson<DeliveryView[]>('discard', delivery, '--reason', 'a test')).toMatchObject([
      { id: delivery, state: 'discarded', detail: 'a test' },
    ]);
    expect((await ask(['dead-letters'])).out).toBe('No dead letters.\n');
  });
});

describe('replay', () => {
  it('sends a message through again, as a new one', async () => {
    const id = await sendOrder('R1');
    await journeyUntil(id, arrived);
    const replayed = await askJson<{ id: string; deliveries: number }>('replay', id, '--flow', 'shop-orders');
    expect(replayed).toEqual({ id: expect.not.stringMatching(id), deliveries: 1 });
    expect((await journeyUntil(replayed.id, arrived)).messages[0]).toMatchObject({ replayOf: id });
  });
});

describe('balance', () => {
  it('is even', async () => {
    await until(
      async () => (await ask(['balance'])).status === 0,
      () => 'the balance stayed uneven',
    );
    expect((await ask(['balance'])).out).toMatch(/^flow:shop-orders +\d+ .*\n(.*\n)*\nEven: everything is accounted for\.\n$/m);
  });
});

describe('reload', () => {
  it('runs what changed, and refuses what has errors while the old goes on', async () => {
    const before = (await askJson<FlowView[]>('flows'))[0]?.revision;
    const path = join(project, 'flows', 'shop-orders.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('filter:', 'fliter:'));
    const refused = await ask(['reload']);
    expect(refused).toMatchObject({ status: exitCodes.failed, out: expect.stringContaining('Not applied') });
    expect(refused.out).toContain('flows/shop-orders.yaml:5:');
    writeFileSync(path, text.replace('$count(items) > 0', '$count(items) > 1'));
    expect(await ask(['reload'])).toMatchObject({ status: 0, out: expect.stringContaining('Applied: revision ') });
    expect((await askJson<FlowView[]>('flows'))[0]?.revision).not.toBe(before);
  });
});

describe('an address', () => {
  it('where something else answers is told from an engine', async () => {
    const inboundAddress = (await (
      await fetch(`http://${control}/api/v1/engine`, { headers: keyHeader(project) })
    ).json()) as EngineView;
    const { status, err } = await mortise(['flows', '--control', inboundAddress.addresses.inbound]);
    expect(status).toBe(exitCodes.failed);
    expect(err).toContain('MORTISE_HTTP_NO_ROUTE');
  });
});
