// What becomes of messages in an engine: the table of design section 5, by flows and a system that fails as it is told.

import { Busy, InDoubt, Rejected, Unavailable } from '@mortise/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { Mesh, modelOf } from './mesh.fixture.ts';
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

describe('a flow', () => {
  it('with one repeatable outbound sends, then settles in one commit', async () => {
    const { accept, settled, sent, states } = bound(
      await open({ flows: { f: { from, steps: [{ map: '{ "id": id + 1 }' }], to: toA } } }),
    );
    await accept({ id: 1 });
    await settled();
    expect(sent.map(({ body, attempt }) => ({ body, attempt }))).toEqual([{ body: { id: 2 }, attempt: 1 }]);
    expect(await states()).toEqual(['flow:f done', 'outbound:peer.a done']);
  });

  it('publishes to every subscriber of a channel, each with its own delivery', async () => {
    const options = {
      channels: { orders: {} },
      flows: {
        f: { from, to: { channel: 'orders' } },
        g: { from: { channel: 'orders' }, to: toA },
        h: { from: { channel: 'orders' }, steps: [{ filter: 'id > 5' }], to: { system: 'peer', outbound: 'b' } },
      },
    };
    const { accept, settled, states } = bound(await open(options));
    await accept({ id: 1 });
    await settled();
    expect([...(await states())].sort()).toEqual(['flow:f done', 'flow:g done', 'flow:h filtered', 'outbound:peer.a done']);
  });

  it('that publishes where nobody subscribes leaves the message unclaimed', async () => {
    const { accept, settled, states } = bound(await open({ channels: { c: {} }, flows: { f: { from, to: { channel: 'c' } } } }));
    await accept({});
    await settled();
    expect(await states()).toEqual(['flow:f done', 'channel:c unclaimed']);
  });

  it('delivers through a point-to-point channel to exactly one of its receivers', async () => {
    const flows = {
      f: { from, to: { channel: 'c' } },
      g: { from: { channel: 'c' }, to: toA },
      h: { from: { channel: 'c' }, to: toA },
    };
    const { accept, settled, sent } = bound(await open({ channels: { c: { kind: 'point-to-point' } }, flows }));
    for (let n = 0; n < 20; n++) await accept({ n });
    await settled();
    expect(sent.map(({ body }) => (body as { n: number }).n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  it('renders the options of an outbound for each message', async () => {
    const { accept, settled, sent } = bound(await open({ flows: { f: { from, to: { system: 'peer', outbound: 'path' } } } }));
    await accept({ id: 7 });
    await settled();
    expect(sent[0]?.options).toEqual({ path: '/orders/7' });
  });
});

describe('what happened, and what follows', () => {
  const flow = { from, to: toA };

  it('Unavailable: retried under the same id until it succeeds', async () => {
    let left = 3;
    const send = () => {
      if (left-- > 0) throw new Unavailable('down');
      return {};
    };
    const { accept, settled, sent, journal } = bound(await open({ flows: { f: flow }, send }));
    await accept({});
    await settled();
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect((await journal()).at(-1)?.delivery.state).toBe('done');
  });

  it('Unavailable for longer than "retry.for": dead, with the reason', async () => {
    let calls = 0;
    // Fails for one message only, so that the system's breaker stays closed.
    const send = (sent: { body: unknown }) => {
      if ((sent.body as { bad?: boolean }).bad !== true) return {};
      calls += 1;
      throw new Unavailable('down');
    };
    const retry = { for: '3s', backoff: '100ms..500ms' };
    const running = await open({ flows: { f: { ...flow, retry } }, send });
    await running.accept({ bad: true });
    await running.until(async () => {
      await running.accept({});
      return (await running.states()).includes('outbound:peer.a dead');
    }, 'dead');
    const dead = (await running.journal()).find(({ delivery }) => delivery.state === 'dead');
    expect(dead?.delivery.error?.code).toBe('MORTISE_DELIVERY_UNAVAILABLE');
    expect(calls).toBeGreaterThan(3);
  });

  it('Busy: not before the time it named', async () => {
    let left = 1;
    const times: number[] = [];
    const { clock } = { clock: (await import('./mesh.fixture.ts')).fastClock };
    const send = () => {
      times.push(clock.nowMs());
      if (left-- > 0) throw new Busy('later', 5000);
      return {};
    };
    const { accept, settled } = bound(await open({ flows: { f: flow }, send }));
    await accept({});
    await settled();
    expect(times).toHaveLength(2);
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(5000);
  });

  it('Rejected: dead at once, and a copy for onDead with $error', async () => {
    const flows = {
      f: { from, to: toA, onDead: { channel: 'failed' } },
      g: { from: { channel: 'failed' }, to: { system: 'peer', outbound: 'b', with: '{ "code": $error.code, "id": id }' } },
    };
    const send = ({ outbound }: { outbound: string }) => {
      if (outbound === 'a') throw new Rejected('no such customer');
      return {};
    };
    const { accept, settled, states, sent } = bound(await open({ flows, channels: { failed: {} }, send }));
    await accept({ id: 3 });
    await settled();
    expect(await states()).toContain('outbound:peer.a dead');
    expect(sent.find(({ outbound }) => outbound === 'b')?.body).toEqual({ code: 'MORTISE_DELIVERY_REJECTED', id: 3 });
  });

  it('an expression fails: dead at once, nothing sent, and a retry after mending goes through', async () => {
    const running = await open({ flows: { f: { from, steps: [{ map: '{ "n": $number(text) }' }], to: toA } } });
    const { id } = await running.accept({ text: 'twelve' });
    await running.settled();
    const [dead] = await running.journal();
    expect(dead?.delivery).toMatchObject({ state: 'dead', message: id, error: { code: 'MORTISE_STEP_EXPRESSION_FAILED' } });
    await running.apply({ flows: { f: { from, steps: [{ map: '{ "n": text }' }], to: toA } } });
    await running.engine.operations.retry(dead?.delivery.id as string);
    await running.settled();
    expect(running.sent.map(({ body }) => body)).toEqual([{ n: 'twelve' }]);
    expect(await running.states()).toEqual(['flow:f done', 'outbound:peer.a done']);
  });

  it('validate fails: invalid, with the path', async () => {
    const { accept, settled, journal } = bound(
      await open({ models: [modelOf('order@1', 'id')], flows: { f: { from, steps: [{ validate: 'order@1' }], to: toA } } }),
    );
    await accept({ name: 'x' });
    await settled();
    expect((await journal())[0]?.delivery).toMatchObject({ state: 'invalid', error: { code: 'MORTISE_STEP_INVALID' } });
  });

  it('no branch matches: invalid', async () => {
    const { accept, settled, journal } = bound(
      await open({ flows: { f: { from, steps: [{ route: [{ when: 'id = 1', to: toA }] }] } } }),
    );
    await accept({ id: 2 });
    await settled();
    expect((await journal())[0]?.delivery).toMatchObject({ state: 'invalid', error: { code: 'MORTISE_STEP_NO_BRANCH' } });
  });

  it('InDoubt at a receiver that is not idempotent: held until a person decides; a retry keeps the id', async () => {
    let doubtful = true;
    const send = () => {
      if (doubtful) throw new InDoubt('no answer');
      return {};
    };
    const running = await open({ flows: { f: { from, to: { system: 'peer', outbound: 'once' } } }, unsafe: ['once'], send });
    await running.accept({});
    await running.settled();
    const row = (await running.journal()).at(-1);
    expect(row?.delivery).toMatchObject({ state: 'in-doubt', error: { code: 'MORTISE_DELIVERY_IN_DOUBT' } });
    expect(running.sent).toHaveLength(1);
    doubtful = false;
    await running.engine.operations.retry(row?.delivery.id as string);
    await running.settled();
    expect(running.sent.map(({ deliveryId }) => deliveryId)).toEqual([row?.delivery.id, row?.delivery.id]);
  });

  it('a fan-out with one system down retries just that one', async () => {
    let down = true;
    const send = ({ outbound }: { outbound: string }) => {
      if (outbound === 'b' && down) throw new Unavailable('down');
      return {};
    };
    const running = await open({
      flows: { f: { from, to: [toA, { system: 'peer', outbound: 'b' }, { system: 'peer', outbound: 'c' }] } },
      send,
    });
    await running.accept({});
    await running.until(() => running.sent.filter(({ outbound }) => outbound === 'b').length > 1, 'a second attempt');
    down = false;
    await running.settled();
    expect(running.sent.filter(({ outbound }) => outbound === 'a')).toHaveLength(1);
    expect(running.sent.filter(({ outbound }) => outbound === 'c')).toHaveLength(1);
  });

  it('the balance comes out even', async () => {
    const send = ({ body }: { body: unknown }) => {
      if ((body as { id: number }).id % 7 === 0) throw new Rejected('seven');
      return {};
    };
    const flows = {
      f: { from, steps: [{ filter: 'id % 2 = 1' }], to: { channel: 'c' } },
      g: { from: { channel: 'c' }, to: toA },
    };
    const { accept, settled, store } = bound(await open({ channels: { c: {} }, flows, send }));
    for (let id = 0; id < 50; id++) await accept({ id });
    await settled();
    const balance = await store.read.balance();
    for (const row of balance.rows) expect(Object.values(row.states).reduce((sum, count) => sum + count, 0)).toBe(row.created);
    expect(balance.outputsSaid).toBe(balance.outputsFound);
    expect(balance.strayMessages).toBe(0);
    expect(balance.rows.find(({ destination }) => destination === 'outbound:peer.a')?.states).toMatchObject({
      dead: 4,
      done: 21,
    });
  });
});

/** A mesh whose methods can be taken apart. */
function bound(running: Mesh) {
  return {
    accept: running.accept.bind(running),
    settled: running.settled.bind(running),
    states: running.states.bind(running),
    journal: running.journal.bind(running),
    sent: running.sent,
    store: running.store,
  };
}
