// What `states` of a commit promise: versions, members, and those who leave.

import { describe, expect, it } from 'vitest';
import type { Leave, StateChange, StateKey, Store } from '../store.ts';
import type { MakePlace } from './place.ts';
import { useBench } from './place.ts';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from './samples.ts';

const key: StateKey = { flow: 'orders', step: 'group', key: 'x' };
const conflict = { code: 'MORTISE_STORE_CONFLICT' };

export function keeping(makePlace: MakePlace): void {
  describe('states', () => {
    const bench = useBench(makePlace);

    /** Commits a change with held deliveries of these numbers as members, each at the place of its number. */
    async function join(store: Store, was: number, version: number, seqs: readonly number[], more: Partial<StateChange> = {}) {
      const messages = seqs.map((seq) => sampleMessage(seq));
      const deliveries = seqs.map((seq) => sampleDelivery(seq, sampleId('a', seq), { state: 'held', dueAtMs: startMs + seq }));
      const joining = deliveries.map(({ id, seq }) => ({ place: seq, delivery: id }));
      await store.commit({
        messages,
        deliveries,
        states: [{ ...key, was, version, value: { version }, join: joining, ...more }],
      });
    }

    const leaveAll: Leave = { from: 0, through: 1000, state: 'done', endedAtMs: startMs + 9 };
    const placesOf = async (store: Store): Promise<readonly number[]> =>
      (await store.read.members(key, 0, 100, 1e6)).map(({ place }) => place);

    it('are there with the commit, for keys of other flows and steps too, and after the store was opened again', async () => {
      const { store } = bench();
      const others = [
        { ...key, flow: '' },
        { ...key, step: 'other' },
        { ...key, key: 'y' },
      ];
      await store.commit({ states: [key, ...others].map((one, n) => ({ ...one, was: 0, version: n + 1, value: n })) });
      const { read } = await bench().reopen();
      for (const [n, one] of [key, ...others].entries())
        expect(await read.state(one, startMs)).toEqual({ version: n + 1, value: n });
      expect(await read.state({ ...key, key: 'z' }, startMs)).toBeUndefined();
    });

    it('are changed only from the version that the change says; else nothing of the commit is done', async () => {
      const { store } = bench();
      await join(store, 0, 5, [1]);
      await expect(join(store, 0, 6, [2])).rejects.toMatchObject(conflict);
      await expect(join(store, 4, 6, [2])).rejects.toMatchObject(conflict);
      expect(await store.read.message(sampleId('a', 2))).toBeUndefined();
      await join(store, 5, 6, [2]);
      expect(await store.read.state(key, startMs)).toEqual({ version: 6, value: { version: 6 } });
      expect(await placesOf(store)).toEqual([1, 2]);
    });

    it('have one member at a place', async () => {
      const { store } = bench();
      await join(store, 0, 1, [1]);
      const second = { messages: [sampleMessage(2)], deliveries: [sampleDelivery(2, sampleId('a', 2), { state: 'held' })] };
      const taken = [{ place: 1, delivery: sampleId('b', 2) }];
      await expect(
        store.commit({ ...second, states: [{ ...key, was: 1, version: 2, value: 1, join: taken }] }),
      ).rejects.toMatchObject(conflict);
      expect(await placesOf(store)).toEqual([1]);
    });

    it('take no member that the commit does not bring', async () => {
      const { store } = bench();
      const join = [{ place: 1, delivery: sampleId('b', 9) }];
      await expect(store.commit({ states: [{ ...key, was: 0, version: 1, value: 1, join }] })).rejects.toMatchObject({
        code: 'MORTISE_STORE_VALUE',
      });
    });

    it('let members leave who then end, but for those that are under way or have ended', async () => {
      const { store } = bench();
      await join(store, 0, 1, [1, 2, 3, 4, 5]);
      await store.commit({ changes: [{ seq: 2, from: ['held'], state: 'waiting', dueAtMs: null }] });
      await store.commit({ changes: [{ seq: 3, from: ['held'], state: 'dead', endedAtMs: startMs }] });
      await store.commit({ changes: [sampleEnd(4, { from: ['held'], state: 'discarded' })] });
      await store.commit({ states: [{ ...key, was: 1, version: 2, value: 0, leave: [{ ...leaveAll, through: 4 }] }] });
      const states = await Promise.all([1, 2, 3, 4, 5].map(async (seq) => (await store.read.delivery({ seq }))?.delivery.state));
      expect(states).toEqual(['done', 'waiting', 'done', 'discarded', 'held']);
      expect((await store.read.delivery({ seq: 1 }))?.delivery).toMatchObject({ endedAtMs: startMs + 9 });
      expect(await placesOf(store)).toEqual([5]);
      expect(await store.read.heldDue(startMs + 100, 10)).toEqual({ due: [5] });
    });

    it('tell in the journeys of both into what members went', async () => {
      const { store } = bench();
      await join(store, 0, 1, [1, 2]);
      const made = sampleMessage(3);
      await store.commit({
        messages: [made],
        deliveries: [sampleDelivery(3, made.id)],
        states: [{ ...key, was: 1, version: 2, value: null, leave: [{ ...leaveAll, into: made.id }] }],
      });
      const pairs = [1, 2].map((n) => ({
        member: sampleId('a', n),
        memberRoot: sampleId('a', n),
        into: made.id,
        intoRoot: made.id,
      }));
      expect((await store.read.journey(made.id)).joined).toEqual(pairs);
      expect((await store.read.journey(sampleId('a', 2))).joined).toEqual([pairs[1]]);
      expect(await store.read.state(key, startMs)).toBeUndefined();
    });

    it('are forgotten when their time is over, and begin anew then', async () => {
      const { store } = bench();
      await store.commit({ states: [{ ...key, was: 0, version: 1, value: 1, untilMs: startMs + 10 }] });
      expect(await store.read.state(key, startMs + 9)).toEqual({ version: 1, value: 1, untilMs: startMs + 10 });
      expect(await store.read.state(key, startMs + 10)).toBeUndefined();
      await expect(store.commit({ states: [{ ...key, was: 0, version: 2, value: 2 }] })).rejects.toMatchObject(conflict);
      bench().clock.nowMs += 10;
      await store.commit({ states: [{ ...key, was: 0, version: 2, value: 2 }] });
      expect(await store.read.state(key, startMs + 99)).toEqual({ version: 2, value: 2 });
    });

    it('give members by pages, one at least however long its body', async () => {
      const { store } = bench();
      await join(store, 0, 1, [1, 2, 3]);
      const { read } = store;
      expect((await read.members(key, 1, 1, 1e6)).map(({ place }) => place)).toEqual([2]);
      expect((await read.members(key, 1, 9, 1)).map(({ place }) => place)).toEqual([2]);
      expect(await read.members(key, 3, 9, 1e6)).toEqual([]);
      expect(await read.members({ ...key, key: 'none' }, 0, 9, 1e6)).toEqual([]);
    });
  });
}
