// What each step does to a message, seen from outside: a flow in, what is sent out.

import { Unavailable } from '@mortise/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { toMortiseError } from './delivery/settle.ts';
import { fastClock, Mesh, modelOf } from './mesh.fixture.ts';
import type { MeshOptions } from './mesh.fixture.ts';

let mesh: Mesh | undefined;
afterEach(async () => {
  await mesh?.close();
  mesh = undefined;
});

const from = { system: 'peer', inbound: 'in' };
const to = { system: 'peer', outbound: 'a' };

/** Runs one message through steps and gives the mesh when all is settled. */
async function run(steps: readonly unknown[], body: unknown, options: Partial<MeshOptions> = {}): Promise<Mesh> {
  mesh = await Mesh.open({ flows: { f: { from, steps, to } }, ...options });
  await mesh.accept(body);
  await mesh.settled();
  return mesh;
}

const bodies = ({ sent }: Mesh) => sent.map(({ body }) => body);

describe('expressions', () => {
  it('read the body, the message, its headers and the time of accepting', async () => {
    const { store, ...running } = await run([{ map: '{ "id": id, "type": $message.type, "now": $now(), "ms": $millis() }' }], {
      id: 1,
    });
    const [row] = await store.read.journal({ limit: 1 });
    const acceptedAtMs = row?.message.acceptedAtMs as number;
    expect(running.sent[0]?.body).toEqual({
      id: 1,
      type: 'peer.in',
      now: new Date(acceptedAtMs).toISOString(),
      ms: acceptedAtMs,
    });
  });

  it('may stand in a file', async () => {
    expect(bodies(await run([{ map: { file: 'm.jsonata' } }], { id: 2 }, { files: { 'm.jsonata': '{ "n": id * 2 }' } }))).toEqual(
      [{ n: 4 }],
    );
  });

  it('may be functions in a TypeScript flow; what they change of the body changes nothing', async () => {
    const map = (body: { lines: number[] }) => ({
      sum: body.lines.reduce((sum, line) => sum + line, 0),
      cut: body.lines.splice(0),
    });
    const filter = (body: { sum: number }) => body.sum > 0;
    const running = await run([{ map }, { filter }], { lines: [1, 2, 3] });
    expect(bodies(running)).toEqual([{ sum: 6, cut: [1, 2, 3] }]);
    const root = (await running.store.read.journal({ limit: 10 })).at(-1)?.message.id as string;
    expect((await running.store.read.message(root))?.body).toMatchObject({ text: '{"lines":[1,2,3]}' });
  });

  it('that give a list keep it a plain list', async () => {
    expect(bodies(await run([{ map: 'lines.sku' }], { lines: [{ sku: 'a' }, { sku: 'b' }] }))).toEqual([['a', 'b']]);
  });

  it('reach neither prototypes nor constructors', async () => {
    const running = await run([{ map: '{ "a": constructor, "b": __proto__, "c": lines.constructor, "d": 1 }' }], { lines: [1] });
    expect(bodies(running)).toEqual([{ d: 1 }]);
  });
});

describe('filter', () => {
  it('treats nothing as false, and anything that is neither true nor false as a mistake', async () => {
    expect(await (await run([{ filter: 'missing' }], {})).states()).toEqual(['flow:f filtered']);
    await mesh?.close();
    expect(await (await run([{ filter: 'name' }], { name: 'x' })).states()).toEqual(['flow:f dead']);
  });
});

describe('set and track', () => {
  it('set type, subject and headers; and name keys by which the journey is found', async () => {
    const steps = [
      { set: { type: '"order.created"', subject: 'id', headers: { 'X-Country': 'country' } } },
      { track: { order: 'id', country: 'country' } },
      { map: '{ "type": $message.type, "subject": $message.subject, "header": $headers.`x-country` }' },
    ];
    const running = await run(steps, { id: 4711, country: 'DE' });
    expect(bodies(running)).toEqual([{ type: 'order.created', subject: '4711', header: 'DE' }]);
    const found = await running.store.read.journal({ limit: 10, key: { name: 'order', value: '4711' } });
    expect(found.map(({ delivery }) => delivery.destination).sort()).toEqual(['flow:f', 'outbound:peer.a']);
    expect(await running.store.read.journal({ limit: 10, key: { name: 'order', value: '4712' } })).toEqual([]);
  });
});

describe('set', () => {
  it('sets a key, which goes along to what follows in other flows', async () => {
    const flows = {
      f: { from, steps: [{ set: { key: 'customer' } }], to: { channel: 'orders' } },
      g: { from: { channel: 'orders' }, order: { by: '$message.key' }, steps: [{ map: '$message.key' }], to },
    };
    const running = await run([], { customer: 'c1' }, { flows, channels: { orders: {} } });
    expect(bodies(running)).toEqual(['c1']);
    const lanes = (await running.journal()).map(({ delivery, message }) => [delivery.destination, delivery.lane, message.key]);
    expect(lanes).toContainEqual(['flow:g', 'c1', 'c1']);
  });

  it('sets until when the message is worth delivering', async () => {
    const running = await run([{ set: { expires: 'until' } }], { until: '2001-01-01T00:00:00Z' });
    expect(await running.states()).toContain('outbound:peer.a dead');
    expect((await running.journal()).find(({ delivery }) => delivery.state === 'dead')?.delivery.error?.code).toBe(
      'MORTISE_DELIVERY_EXPIRED',
    );
    await mesh?.close();
    expect((await (await run([{ set: { expires: '"1h"' } }], {})).journal())[0]?.delivery.error?.message).toContain(
      'For a duration',
    );
  });
});

describe('a table', () => {
  const table = (name: string) => ({
    name: 'countries',
    file: 'tables/countries.csv',
    columns: ['code', 'name'],
    rows: [{ line: 2, cells: ['DE', name] }],
  });

  it('is looked up in as it is when the message runs: after a reload, in the new one', async () => {
    const options = { tables: [table('Germany')] };
    const running = await run([{ map: '$xref("countries", "code", code, "name")' }], { code: 'DE' }, options);
    await running.apply({ tables: [table('Deutschland')] });
    await running.accept({ code: 'DE' });
    await running.settled();
    expect(bodies(running)).toEqual(['Germany', 'Deutschland']);
  });
});

describe('route', () => {
  const steps = [
    {
      route: [
        { when: 'n = 1', steps: [{ map: '"one"' }] },
        { when: 'n = 2', to: { system: 'peer', outbound: 'b' } },
        { else: true },
      ],
    },
  ];

  it('lets a branch without "to" go on behind the route, and ends one with it there', async () => {
    const running = await run(steps, { n: 1 });
    await running.accept({ n: 2 });
    await running.accept({ n: 3 });
    await running.settled();
    expect(running.sent.map(({ outbound, body }) => [outbound, body])).toEqual([
      ['a', 'one'],
      ['b', { n: 2 }],
      ['a', { n: 3 }],
    ]);
  });

  it('holds and goes on within a branch', async () => {
    const held = [{ route: [{ when: 'true', steps: [{ delay: '5s' }, { map: '"later"' }] }] }, { map: '[$, "behind"]' }];
    const running = await run(held, {});
    await running.until(() => running.sent.length === 1, 'sent after the delay');
    expect(bodies(running)).toEqual([['later', 'behind']]);
  });
});

describe('expire', () => {
  it('ends a message that waited too long as dead, with the reason', async () => {
    let down = true;
    const send = () => {
      if (down) throw new Unavailable('down');
      return {};
    };
    mesh = await Mesh.open({ flows: { f: { from, steps: [{ expire: '3s' }], to } }, send });
    await mesh.accept({});
    const begun = fastClock.nowMs();
    await mesh.until(() => fastClock.nowMs() - begun > 5000, 'the time');
    down = false;
    await mesh.until(async () => (await mesh?.states())?.includes('outbound:peer.a dead') === true, 'dead');
    const [dead] = await mesh.store.read.journal({ limit: 1, states: ['dead'] });
    expect(dead?.delivery.error?.code).toBe('MORTISE_DELIVERY_EXPIRED');
  });
});

describe('script', () => {
  it("calls the project's own function, which may be asynchronous, and filters where it returns nothing", async () => {
    const functions = { 's.ts': { price: async (body: { n: number }) => (body.n > 1 ? { double: body.n * 2 } : undefined) } };
    const options = { files: { 's.ts': '' }, functions };
    const running = await run([{ script: { file: 's.ts', export: 'price' } }], { n: 2 }, options);
    await running.accept({ n: 1 });
    await running.settled();
    expect(bodies(running)).toEqual([{ double: 4 }]);
    expect(await running.states()).toContain('flow:f filtered');
  });

  it('that throws makes a dead letter with the message of the error', async () => {
    const functions = {
      's.ts': {
        default: () => {
          throw new TypeError('no price list');
        },
      },
    };
    const running = await run([{ script: { file: 's.ts' } }], {}, { files: { 's.ts': '' }, functions });
    expect((await running.journal())[0]?.delivery).toMatchObject({
      state: 'dead',
      error: { code: 'MORTISE_STEP_SCRIPT_FAILED', message: 'TypeError: no price list' },
    });
  });

  it('that names no function of the file says which there are', async () => {
    const running = await run(
      [{ script: { file: 's.ts', export: 'prize' } }],
      {},
      { files: { 's.ts': '' }, functions: { 's.ts': { price: () => 1 } } },
    );
    expect((await running.journal())[0]?.delivery.error?.message).toBe('s.ts exports no function "prize"; it exports price.');
  });
});

describe('a channel with a model', () => {
  it('takes only what fits: the message that does not is invalid, and nothing of it is published', async () => {
    const order = modelOf('order@1', 'id');
    const options = {
      channels: { orders: { model: order } },
      flows: { f: { from, to: { channel: 'orders' } }, g: { from: { channel: 'orders' }, to } },
    };
    const running = await run([], { name: 'x' }, options);
    await running.accept({ id: 1 });
    await running.settled();
    expect((await running.journal())[0]?.delivery).toMatchObject({ state: 'invalid', error: { code: 'MORTISE_STEP_INVALID' } });
    expect(bodies(running)).toEqual([{ id: 1 }]);
  });
});

describe('replay', () => {
  it('of something done is a new message with new ids', async () => {
    const running = await run([], { id: 1 });
    const [row] = await running.journal();
    const replayed = await running.engine.operations.replay(row?.message.id as string);
    await running.settled();
    expect(bodies(running)).toEqual([{ id: 1 }, { id: 1 }]);
    expect(new Set(running.sent.map(({ deliveryId }) => deliveryId)).size).toBe(2);
    expect((await running.store.read.message(replayed.id))?.replayOf).toBe(row?.message.id);
  });

  it('and retry refuse what they are not for', async () => {
    const running = await run([], { id: 1 });
    const [row] = await running.journal();
    await expect(running.engine.operations.retry(row?.delivery.id as string)).rejects.toMatchObject({
      code: 'MORTISE_DELIVERY_WRONG_STATE',
    });
    await expect(running.engine.operations.replay('01a208b0-c91f-70e4-a590-03aab1d987d1')).rejects.toMatchObject({
      code: 'MORTISE_DELIVERY_NOT_FOUND',
    });
  });
});

describe('publish', () => {
  it('puts a value into a channel, if the channel is there and the value fits', async () => {
    const flows = { g: { from: { channel: 'orders' }, to } };
    mesh = await Mesh.open({ flows, channels: { orders: { model: modelOf('order@1', 'id') } } });
    const { operations } = mesh.engine;
    await operations.publish('orders', { id: 1 });
    await mesh.settled();
    expect(bodies(mesh)).toEqual([{ id: 1 }]);
    await expect(operations.publish('orders', {})).rejects.toMatchObject({ code: 'MORTISE_STEP_INVALID' });
    await expect(operations.publish('order', {})).rejects.toMatchObject({ code: 'MORTISE_DELIVERY_NO_DESTINATION' });
  });
});

describe('an error of no known kind', () => {
  it('gets a code and keeps what it said', () => {
    expect(toMortiseError(new RangeError('too far'))).toMatchObject({
      code: 'MORTISE_DELIVERY_FAULT',
      message: 'RangeError: too far',
    });
  });
});

describe('a mistake in a step', () => {
  const codeOf = async (running: Mesh) => (await running.journal())[0]?.delivery.error?.code;

  it('is named by its code: nothing where a value is needed, a value of a wrong type, bytes where a value is needed', async () => {
    expect(await codeOf(await run([{ map: 'missing' }], {}))).toBe('MORTISE_STEP_EXPRESSION_NOTHING');
    await mesh?.close();
    expect(await codeOf(await run([{ filter: 'name' }], { name: 'x' }))).toBe('MORTISE_STEP_WRONG_TYPE');
    await mesh?.close();
    expect(await codeOf(await run([], Buffer.from('bytes')))).toBe('MORTISE_STEP_BODY_NOT_VALUE');
  });
});

describe('what a step found invalid', () => {
  it('can be tried again when the project is mended, and what was refused when it came cannot', async () => {
    const order = modelOf('order@1', 'id');
    const steps = [{ validate: 'order@1' }];
    const running = await run(steps, { no: 1 }, { models: [order], flows: { f: { from, steps, to } } });
    const [row] = await running.journal();
    expect(row?.delivery.state).toBe('invalid');
    await running.apply({ flows: { f: { from, to } } });
    await running.engine.operations.retry(row?.delivery.id as string);
    await running.settled();
    expect(bodies(running)).toEqual([{ no: 1 }]);
  });
});

describe('a script in the sandbox', () => {
  const script = (code: string, timeout = '20s') => ({ script: { code, timeout, memory: '4MiB' } });

  it('makes the new body, and filters where it returns nothing', async () => {
    const running = await run([script('if (body.n > 1) return { double: body.n * 2 };')], { n: 2 });
    await running.accept({ n: 1 });
    await running.settled();
    expect(bodies(running)).toEqual([{ double: 4 }]);
    expect(await running.states()).toContain('flow:f filtered');
  });

  it('that never ends, or takes all memory, is a dead letter, while other flows go on', async () => {
    const flows = {
      f: { from, steps: [{ filter: '$exists(loop)' }, script('for (;;);', '100ms')], to },
      g: { from, steps: [{ filter: '$exists(fill)' }, script('const a = []; for (;;) a.push([1, 2, 3]);')], to },
      h: { from, steps: [{ filter: '$exists(fine)' }, script('return "fine";')], to },
    };
    mesh = await Mesh.open({ flows });
    for (const body of [{ loop: 1 }, { fill: 1 }, { fine: 1 }]) await mesh.accept(body);
    await mesh.settled();
    expect(bodies(mesh)).toEqual(['fine']);
    const dead = (await mesh.journal()).filter(({ delivery }) => delivery.state === 'dead');
    expect(dead.map(({ delivery }) => delivery.error?.code).sort()).toEqual([
      'MORTISE_STEP_SCRIPT_LATE',
      'MORTISE_STEP_SCRIPT_MEMORY',
    ]);
  });

  it('that does not parse is a problem of the flow, with its line; nothing of it was run', async () => {
    await expect(run([script('return 1;\nreturn }')], {})).rejects.toThrow(
      "The script does not parse, line 2: Unexpected token '}'.",
    );
    await expect(run([{ script: 'return 1' }], {})).rejects.toThrow('A script names a file of the project, or holds its code.');
  });
});
