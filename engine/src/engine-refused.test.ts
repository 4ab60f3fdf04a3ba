// What becomes of a delivery whose outcome the store refuses, and of the keys of one that turned out invalid.

import { expect, it } from 'vitest';
import { fastClock, Mesh, modelOf } from './mesh.fixture.ts';
import { storeError } from './store/errors.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import type { Commit, CommitResult, Store } from './store/store.ts';

const from = { system: 'peer', inbound: 'in' };
const toA = { system: 'peer', outbound: 'a' };

/** A store that refuses commits, as one does that holds a message of the same id. */
async function refusing(refuses: (commit: Commit) => boolean): Promise<Store> {
  const inner = await openSqliteStore({ folder: ':memory:', nowMs: fastClock.nowMs });
  const commit = async (one: Commit): Promise<CommitResult> => {
    if (refuses(one)) throw storeError('MORTISE_STORE_CONFLICT', 'There is a message of this id.');
    return inner.commit(one);
  };
  return new Proxy(inner, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

it('an outcome that is refused again and again is given up with the reason; what follows in its lane goes on', async () => {
  let first: number | undefined;
  const store = await refusing(({ changes = [], deliveries = [] }) => {
    first ??= deliveries[0]?.seq;
    return changes.some(({ seq, state }) => seq === first && state === 'done');
  });
  const f = { from, order: { by: 'customer', onDead: 'skip' }, to: [toA, { system: 'peer', outbound: 'b' }] };
  const mesh = await Mesh.open({ store, flows: { f } });
  await mesh.accept({ n: 1, customer: 'x' });
  await mesh.accept({ n: 2, customer: 'x' });
  await mesh.settled();
  const [refused, next] = (await mesh.journal()).filter(({ delivery }) => delivery.destination === 'flow:f');
  expect(refused?.delivery).toMatchObject({ state: 'dead', error: { code: 'MORTISE_DELIVERY_FAULT' } });
  expect(refused?.delivery.error?.message).toContain('There is a message of this id');
  expect(next?.delivery.state).toBe('done');
  await mesh.close();
});

it('a message that turns out invalid downstream releases no key of the flow upstream, which has passed it on', async () => {
  const mesh = await Mesh.open({
    models: [modelOf('order@1', 'total')],
    channels: { orders: {} },
    flows: {
      up: { from, steps: [{ dedupe: { id: 'once', key: 'id', for: '1d' } }], to: [{ channel: 'orders' }, toA] },
      down: { from: { channel: 'orders' }, steps: [{ validate: 'order@1' }], to: { system: 'peer', outbound: 'b' } },
    },
  });
  await mesh.accept({ id: 7 });
  await mesh.settled();
  await mesh.accept({ id: 7 });
  await mesh.settled();
  const states = await mesh.states();
  expect(states.filter((state) => state === 'flow:down invalid')).toHaveLength(1);
  expect(states.filter((state) => state === 'flow:up filtered')).toHaveLength(1);
  expect(mesh.sent.map(({ outbound }) => outbound)).toEqual(['a']);
  await mesh.close();
});
