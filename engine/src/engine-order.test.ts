// Order, dedupe, delays, replies, splits and back-pressure in an engine.

import { Rejected, Unavailable } from '@mortise/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { fastClock, Mesh } from './mesh.fixture.ts';
import type { MeshOptions } from './mesh.fixture.ts';

let mesh: Mesh | undefined;
afterEach(async () => {
  await mesh?.close();
  mesh = undefined;
});

async function open(options: MeshOptions): Promise<Mesh> {
  mesh = await Mesh.open(options);
  return mesh;
}

const from = { system: 'peer', inbound: 'in' };
const toA = { system: 'peer', outbound: 'a' };
interface Numbered {
  readonly key: string;
  readonly n: number;
}

describe('lanes', () => {
  const flow = { from, order: { by: 'key' }, to: toA, retry: { for: '1d', backoff: '50ms..100ms' } };

  it('keep the order of a key while attempts fail, and let other keys go on', async () => {
    const failing = new Map<string, number>();
    const done: Numbered[] = [];
    const send = async ({ body }: { body: unknown }) => {
      const { key, n } = body as Numbered;
      const left = failing.get(`${key}${n}`) ?? (n % 3 === 0 ? 2 : 0);
      failing.set(`${key}${n}`, left - 1);
      await new Promise((resolve) => setTimeout(resolve, (n * 7) % 5));
      if (left > 0) throw new Unavailable('for a moment');
      done.push({ key, n });
      return {};
    };
    const running = await open({ flows: { f: flow }, send });
    for (let n = 0; n < 12; n++) for (const key of ['x', 'y', 'z']) await running.accept({ key, n });
    await running.settled();
    for (const key of ['x', 'y', 'z']) {
      expect(done.filter((one) => one.key === key).map(({ n }) => n)).toEqual(Array.from({ length: 12 }, (_, n) => n));
    }
  });

  it('hold what follows a dead letter until a person decides; then it goes on in order', async () => {
    let broken = true;
    const send = ({ body }: { body: unknown }) => {
      if (broken && (body as Numbered).n === 1) throw new Rejected('not this one');
      return {};
    };
    const running = await open({ flows: { f: flow }, send });
    for (let n = 0; n < 8; n++) await running.accept({ key: 'x', n });
    await running.accept({ key: 'y', n: 0 });
    await running.until(async () => (await running.states()).includes('outbound:peer.a dead'));
    await running.until(() => running.sent.some(({ body }) => (body as Numbered).key === 'y'), 'the other key');
    expect(running.sent.filter(({ body }) => (body as Numbered).key === 'x').map(({ body }) => (body as Numbered).n)).toEqual([
      0, 1,
    ]);
    broken = false;
    const dead = (await running.journal()).find(({ delivery }) => delivery.state === 'dead');
    await running.engine.operations.retry(dead?.delivery.id as string);
    await running.settled();
    expect(running.sent.filter(({ body }) => (body as Numbered).key === 'x').map(({ body }) => (body as Numbered).n)).toEqual([
      0, 1, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it('go on behind a discarded dead letter, and with "onDead: skip" by themselves', async () => {
    const send = ({ body }: { body: unknown }) => {
      if ((body as Numbered).n === 1) throw new Rejected('not this one');
      return {};
    };
    const skipping = { ...flow, order: { by: 'key', onDead: 'skip' } };
    const running = await open({ flows: { f: flow, g: skipping }, send });
    for (let n = 0; n < 3; n++) await running.accept({ key: 'x', n });
    await running.until(async () => (await running.states()).filter((state) => state === 'outbound:peer.a dead').length === 2);
    const dead = (await running.journal()).find(({ delivery }) => delivery.state === 'dead' && delivery.flow === 'f');
    await running.engine.operations.discard(dead?.delivery.id as string, 'entered by hand');
    await running.settled();
    const states = await running.states();
    expect(states.filter((state) => state === 'outbound:peer.a done')).toHaveLength(4);
    expect(states).toContain('outbound:peer.a discarded');
  });
});

describe('a message whose key cannot be told', () => {
  const flows = {
    f: { from, order: { by: 'key' }, to: toA, onDead: { channel: 'deads' } },
    d: { from: { channel: 'deads' }, to: { system: 'peer', outbound: 'b' } },
  };

  it('is dead like any other, with its copy, and again when it is tried again', async () => {
    const running = await open({ flows, channels: { deads: {} } });
    await running.accept({ n: 1 });
    await running.settled();
    const isDead = async () => (await running.states()).filter((state) => state === 'flow:f dead');
    expect(await isDead()).toHaveLength(1);
    expect(running.sent.map(({ outbound }) => outbound)).toEqual(['b']);
    const [row] = await running.store.read.journal({ states: ['dead'], limit: 1 });
    expect(row?.delivery.error?.code).toBe('MORTISE_STEP_WRONG_TYPE');
    await running.engine.operations.retry(row?.delivery.id ?? '');
    await running.settled();
    expect(await isDead()).toHaveLength(1);
    expect(running.sent.map(({ outbound }) => outbound)).toEqual(['b', 'b']);
  });
});

describe('dedupe', () => {
  const flow = { from, steps: [{ dedupe: { id: 'once', key: 'id', for: '7d' } }], to: toA };

  it('lets one of many concurrent equals through', async () => {
    const running = await open({ flows: { f: flow } });
    await Promise.all(Array.from({ length: 30 }, (_, n) => running.accept({ id: n % 3 })));
    await running.settled();
    expect(running.sent.map(({ body }) => (body as { id: number }).id).sort()).toEqual([0, 1, 2]);
    expect((await running.states()).filter((state) => state === 'flow:f filtered')).toHaveLength(27);
  });

  it('remembers a dead letter’s key, lets its own retry pass, and releases the key of a discarded one', async () => {
    const steps = [...flow.steps, { map: '{ "id": $number(id) }' }];
    const running = await open({ flows: { f: { ...flow, steps } } });
    await running.accept({ id: 'x' });
    await running.settled();
    await running.accept({ id: 'x' });
    await running.settled();
    expect(await running.states()).toEqual(['flow:f dead', 'flow:f filtered']);
    const dead = (await running.journal())[0]?.delivery.id as string;
    await running.engine.operations.discard(dead, 'not wanted');
    await running.accept({ id: 'x' });
    await running.settled();
    expect((await running.states()).filter((state) => state === 'flow:f dead')).toHaveLength(1);
    await running.apply({ flows: { f: flow } });
    await running.engine.operations.retry((await running.journal()).at(-1)?.delivery.id as string);
    await running.settled();
    expect(running.sent.map(({ body }) => body)).toEqual([{ id: 'x' }]);
  });

  it('knows the sender’s own key: a second accept is a duplicate under the first one’s id', async () => {
    const running = await open({ flows: { f: { from, to: toA } } });
    const first = await running.accept({ id: 1 }, 'key-1');
    const second = await running.accept({ id: 1 }, 'key-1');
    await running.settled();
    expect(second).toEqual({ id: first.id, duplicate: true });
    expect(running.sent).toHaveLength(1);
  });

  it.each([
    ['short', { id: 1 }, { id: 2 }],
    ['long', { id: 'x'.repeat(300_000) }, { id: 'y'.repeat(300_000) }],
    ['of another length', { id: 'x'.repeat(300_000) }, { id: 1 }],
  ])('tells where another body, %s, comes under that key, if it is asked for', async (_, body, other) => {
    const running = await open({ flows: { f: { from, to: toA } } });
    const { id } = await running.accept(body, 'key-1');
    expect(await running.accept(body, 'key-1', { sameBody: true })).toEqual({ id, duplicate: true });
    expect(await running.accept(other, 'key-1', { sameBody: true })).toEqual({ id, duplicate: true, conflict: true });
    expect(await running.accept(other, 'key-1')).toEqual({ id, duplicate: true });
    await running.settled();
    expect(running.sent).toHaveLength(1);
  });
});

describe('delay', () => {
  it('holds a message with its variables, also across a restart of the flow, and goes on behind the step', async () => {
    const steps = [
      { call: { system: 'peer', outbound: 'b', into: 'customer' } },
      { delay: { id: 'wait', for: '60s' } },
      { map: '{ "name": $customer.name, "id": id }' },
    ];
    const send = ({ outbound }: { outbound: string }) => (outbound === 'b' ? { reply: { body: { name: 'Ada' } } } : {});
    const running = await open({ flows: { f: { from, steps, to: toA } }, send });
    const before = fastClock.nowMs();
    await running.accept({ id: 1 });
    await running.until(async () => (await running.states()).includes('flow:f held'), 'held');
    expect(running.sent.map(({ outbound }) => outbound)).toEqual(['b']);
    await running.until(() => running.sent.some(({ outbound }) => outbound === 'a'), 'sent after the delay');
    expect(fastClock.nowMs() - before).toBeGreaterThanOrEqual(60_000);
    expect(running.sent.at(-1)?.body).toEqual({ name: 'Ada', id: 1 });
    expect(running.sent.filter(({ outbound }) => outbound === 'b')).toHaveLength(1);
  });

  it('refuses a change that takes the step away while messages are held', async () => {
    const running = await open({ flows: { f: { from, steps: [{ delay: { id: 'wait', for: '1d' } }], to: toA } } });
    await running.accept({});
    await running.until(async () => (await running.states()).includes('flow:f held'), 'held');
    await expect(running.apply({ flows: { f: { from, to: toA } } })).rejects.toMatchObject({ code: 'MORTISE_ENGINE_ORPHANS' });
  });
});

describe('a call', () => {
  it('whose reply was recorded is not made again by the next attempt', async () => {
    let down = true;
    const send = ({ outbound }: { outbound: string }) => {
      if (outbound === 'b') return { reply: { body: { country: 'DE' } } };
      if (down) throw new Unavailable('down');
      return { reply: { body: { ok: true } } };
    };
    const steps = [
      { call: { system: 'peer', outbound: 'b', into: 'customer' } },
      { call: { system: 'peer', outbound: 'c', with: '{ "c": $customer.country }', into: 'other' } },
    ];
    const running = await open({ flows: { f: { from, steps, to: { ...toA, with: '$other' } } }, send });
    await running.accept({ id: 1 });
    await running.until(() => running.sent.filter(({ outbound }) => outbound === 'c').length >= 2, 'a second attempt');
    down = false;
    await running.settled();
    expect(running.sent.filter(({ outbound }) => outbound === 'b')).toHaveLength(1);
    expect(new Set(running.sent.filter(({ outbound }) => outbound === 'c').map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect(running.sent.at(-1)?.body).toEqual({ ok: true });
  });
});

describe('request and reply', () => {
  const flow = { from, steps: [{ reply: '{ "got": id }' }] };

  it('answers after the settle, and a duplicate gets the same answer', async () => {
    const running = await open({ flows: { f: flow } });
    const first = await running.accept({ id: 4 }, 'k');
    expect(await first.reply?.wait(100_000)).toMatchObject({ body: { got: 4 }, status: 200 });
    const second = await running.accept({ id: 4 }, 'k');
    expect(second).toMatchObject({ id: first.id, duplicate: true });
    expect(await second.reply?.wait(100_000)).toMatchObject({ body: { got: 4 }, status: 200 });
  });

  it('abandons what nobody waits for any more, unless the flow resumes', async () => {
    const slow = { steps: [{ call: { system: 'peer', outbound: 'b' } }, ...flow.steps] };
    let fail = true;
    const send = () => {
      if (fail) throw new Unavailable('down');
      return {};
    };
    const running = await open({ flows: { f: { from, ...slow }, g: { from, resume: true, ...slow } }, send });
    const accepted = await running.accept({ id: 1 });
    await running.until(() => running.sent.length >= 2, 'both failed once');
    accepted.reply?.abandon();
    fail = false;
    await running.settled();
    expect([...(await running.states())].sort()).toEqual(['flow:f abandoned', 'flow:g done']);
  });
});

describe('a split', () => {
  it('commits on the way and goes on there after a failure, with the same ids', async () => {
    const steps = [{ split: { each: 'parts' } }, { map: '{ "n": $number(n) }' }];
    const parts = Array.from({ length: 1234 }, (_, n) => ({ n: n === 1100 ? 'broken' : n }));
    const running = await open({ flows: { f: { from, steps, to: toA } } });
    await running.accept({ parts });
    await running.until(
      async () => (await running.store.read.journal({ limit: 1, destination: 'flow:f' }))[0]?.delivery.state === 'dead',
      'dead',
    );
    await running.until(() => running.sent.length === 1000, 'what was committed before');
    await running.apply({ flows: { f: { from, steps: [steps[0], { map: '{ "n": n = "broken" ? 1100 : n }' }], to: toA } } });
    const [row] = await running.store.read.journal({ limit: 1, destination: 'flow:f' });
    await running.engine.operations.retry(row?.delivery.id as string);
    await running.until(() => running.sent.length === 1234, 'the rest');
    expect(running.sent.map(({ body }) => (body as { n: number }).n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1234 }, (_, n) => n),
    );
    expect(new Set(running.sent.map(({ deliveryId }) => deliveryId)).size).toBe(1234);
  });

  it('of several parts keeps what the branches put out apart', async () => {
    const steps = [
      { split: { each: '$', steps: [{ filter: '$ > 1' }] } },
      {
        route: [
          { when: '$ = 2', to: toA },
          { else: true, to: { system: 'peer', outbound: 'b' } },
        ],
      },
    ];
    const running = await open({ flows: { f: { from, steps } } });
    await running.accept([1, 2, 3]);
    await running.settled();
    expect(running.sent.map(({ outbound, body }) => [outbound, body]).sort()).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
  });
});

describe('try', () => {
  it('forgets what was put out before the failure, and runs the catch that names the error', async () => {
    const steps = [
      {
        try: {
          steps: [{ send: toA }, { map: '$number(text)' }],
          catch: [
            { on: 'Rejected', to: { system: 'peer', outbound: 'c' } },
            { on: 'MORTISE_STEP_EXPRESSION_FAILED', steps: [{ map: '{ "failed": $error.code }' }] },
          ],
        },
      },
    ];
    const running = await open({ flows: { f: { from, steps, to: { system: 'peer', outbound: 'b' } } } });
    await running.accept({ text: 'x' });
    await running.settled();
    expect(running.sent.map(({ outbound, body }) => [outbound, body])).toEqual([
      ['b', { failed: 'MORTISE_STEP_EXPRESSION_FAILED' }],
    ]);
  });
});

describe('the window', () => {
  it('spills to disk what it cannot hold, and delivers all of it in order', async () => {
    let isOpen = false;
    const send = () => {
      if (!isOpen) throw new Unavailable('closed');
      return {};
    };
    const running = await open({
      flows: { f: { from, order: { by: '"all"' }, to: toA } },
      send,
      window: { deliveries: 10, bytes: 1e6 },
    });
    for (let n = 0; n < 200; n++) await running.accept({ n });
    expect(running.engine.dispatcher.waiting('flow:f') + running.engine.dispatcher.waiting('outbound:peer.a')).toBeGreaterThan(
      100,
    );
    isOpen = true;
    const settledCount = () => running.sent.length;
    await running.until(
      async () => (await running.states()).filter((state) => state === 'outbound:peer.a done').length === 200,
      'all done',
    );
    expect(settledCount()).toBeGreaterThanOrEqual(200);
    const done = running.sent.filter(
      (one, index) => running.sent.findLastIndex(({ deliveryId }) => deliveryId === one.deliveryId) === index,
    );
    expect(done.map(({ body }) => (body as { n: number }).n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('loses none and takes none twice when attempts end in another order than they began', async () => {
    const send = async ({ outbound, body }: { outbound: string; body: unknown }) => {
      await new Promise((resolve) => setTimeout(resolve, ((body as { n: number }).n * 7919) % 13));
      return outbound === 'b' ? { reply: { body: null } } : {};
    };
    const call = { call: { system: 'peer', outbound: 'b', into: 'x' } };
    const running = await open({ flows: { f: { from, steps: [call], to: toA } }, send, window: { deliveries: 5, bytes: 1e6 } });
    await Promise.all(Array.from({ length: 300 }, (_, n) => running.accept({ n })));
    await running.settled();
    const arrived = running.sent.filter(({ outbound }) => outbound === 'a').map(({ body }) => (body as { n: number }).n);
    expect(arrived.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });

  it('refuses with Busy when a flow has its backlog', async () => {
    const send = () => {
      throw new Unavailable('closed');
    };
    const call = { call: { system: 'peer', outbound: 'b' } };
    const running = await open({ flows: { f: { from, backlog: 5, concurrency: 1, steps: [call], to: toA } }, send });
    const accepting = async () => {
      for (let n = 0; n < 20; n++) await running.accept({ n });
    };
    await expect(accepting()).rejects.toMatchObject({ name: 'Busy', code: 'MORTISE_DELIVERY_BUSY' });
  });
});

describe('the limits of a system', () => {
  it('hold for all that use it together: so many at a time', async () => {
    let inside = 0;
    let most = 0;
    const send = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
      return {};
    };
    const flows = {
      f: { from, to: toA },
      g: { from, steps: [{ call: { system: 'peer', outbound: 'b' } }], to: { system: 'peer', outbound: 'c' } },
    };
    const running = await open({ flows, send, limits: { concurrency: 3 } });
    for (let n = 0; n < 20; n++) await running.accept({ n });
    await running.settled();
    expect(running.sent).toHaveLength(60);
    expect(most).toBe(3);
  });

  it('spread a rate over the time', async () => {
    const times: number[] = [];
    const send = () => {
      times.push(fastClock.nowMs());
      return {};
    };
    const running = await open({ flows: { f: { from, to: toA } }, send, limits: { rate: { count: 2, perMs: 1000 } } });
    for (let n = 0; n < 6; n++) await running.accept({ n });
    await running.settled();
    expect((times.at(-1) as number) - (times[0] as number)).toBeGreaterThanOrEqual(2000);
  });
});
