// What the store's questions promise: order, windows, filters, and that an answer knows every commit that was done before.

import { beforeEach, describe, expect, it } from 'vitest';
import type { JournalFilter, StoredDelivery } from '../store.ts';
import type { MakePlace } from './place.ts';
import { useBench } from './place.ts';
import { fullMessage, sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from './samples.ts';

const message = sampleId('a', 1);

export function reading(makePlace: MakePlace): void {
  describe('waiting', () => {
    const bench = useBench(makePlace);
    const seqs = async (...ask: readonly [number, number, number]) =>
      (await bench().store.read.waiting('flow:orders', ...ask)).map(({ delivery }) => delivery.seq);

    beforeEach(async () => {
      const body = { kind: 'json', text: JSON.stringify('x'.repeat(998)) } as const;
      const large = { kind: 'blob', blob: 'b', sizeBytes: 1e9, holds: 'json' } as const;
      const messages = [sampleMessage(1, { body }), sampleMessage(2, { body: large })];
      const deliveries = [5, 3, 4, 1, 2].map((seq) => sampleDelivery(seq, message));
      const others = [sampleDelivery(6, message, { destination: 'flow:other' }), sampleDelivery(7, message, { state: 'held' })];
      await bench().store.commit({ messages, deliveries: [...deliveries, ...others, sampleDelivery(8, sampleId('a', 2))] });
    });

    it('gives the next ones in order, at most as many as asked for', async () => {
      expect(await seqs(0, 100, 1e6)).toEqual([1, 2, 3, 4, 5, 8]);
      expect(await seqs(0, 2, 1e6)).toEqual([1, 2]);
      expect(await seqs(2, 2, 1e6)).toEqual([3, 4]);
      expect(await seqs(8, 2, 1e6)).toEqual([]);
      expect(await bench().store.read.waiting('flow:none', 0, 1, 1)).toEqual([]);
    });

    it('stops at so many bytes of bodies, but gives one at least; a blob lies in its file', async () => {
      expect(await seqs(0, 100, 2000)).toEqual([1, 2]);
      expect(await seqs(0, 100, 2999)).toEqual([1, 2]);
      expect(await seqs(0, 100, 1)).toEqual([1]);
      expect(await seqs(4, 100, 1000)).toEqual([5, 8]);
    });

    it('leaves out what no longer waits, and takes back in what waits again', async () => {
      await bench().store.commit({ changes: [sampleEnd(1), { seq: 3, from: ['waiting'], state: 'dead' }] });
      expect(await seqs(0, 100, 1e6)).toEqual([2, 4, 5, 8]);
      await bench().store.commit({ changes: [{ seq: 3, from: ['dead'], state: 'waiting' }] });
      expect(await seqs(0, 100, 1e6)).toEqual([2, 3, 4, 5, 8]);
    });

    it('gives the whole delivery and message', async () => {
      const [first] = await bench().store.read.waiting('flow:orders', 0, 1, 1);
      expect(first).toStrictEqual(await bench().store.read.delivery({ seq: 1 }));
    });
  });

  describe('heldDue', () => {
    const bench = useBench(makePlace);

    it('gives what is due, oldest due first, and when the next is due', async () => {
      const { store } = bench();
      expect(await store.read.heldDue(startMs, 10)).toEqual({ due: [] });
      const due = [30, 10, 20, 10, 40];
      const deliveries = due.map((dueAtMs, i) => sampleDelivery(i + 1, message, { state: 'held', dueAtMs }));
      const others = [sampleDelivery(8, message, { dueAtMs: 1 }), sampleDelivery(9, message, { state: 'held' })];
      await store.commit({ messages: [sampleMessage(1)], deliveries: [...deliveries, ...others] });
      expect(await store.read.heldDue(20, 10)).toEqual({ due: [2, 4, 3], nextAtMs: 30 });
      expect(await store.read.heldDue(20, 2)).toEqual({ due: [2, 4], nextAtMs: 20 });
      expect(await store.read.heldDue(9, 10)).toEqual({ due: [], nextAtMs: 10 });
      expect(await store.read.heldDue(40, 10)).toEqual({ due: [2, 4, 3, 1, 5] });
      await store.commit({ changes: [{ seq: 2, from: ['held'], state: 'waiting', dueAtMs: null }] });
      await store.commit({ changes: [{ seq: 4, from: ['held'], state: 'held', dueAtMs: 50 }] });
      expect(await store.read.heldDue(20, 10)).toEqual({ due: [3], nextAtMs: 30 });
      expect(await store.read.heldDue(50, 10)).toEqual({ due: [3, 1, 5, 4] });
    });
  });

  describe('message and delivery', () => {
    const bench = useBench(makePlace);

    it('are undefined where there is none', async () => {
      const { read } = bench().store;
      expect(await read.message(message)).toBeUndefined();
      expect(await read.delivery({ seq: 1 })).toBeUndefined();
      expect(await read.delivery({ id: sampleId('b', 1) })).toBeUndefined();
    });

    it('are known to every question that is asked after the commit was done', async () => {
      const { store } = bench();
      for (let seq = 1; seq <= 200; seq++) {
        await store.commit({ messages: [sampleMessage(seq)], deliveries: [sampleDelivery(seq, sampleId('a', seq))] });
        const delivery = await store.read.delivery(seq % 2 ? { seq } : { id: sampleId('b', seq) });
        expect(delivery?.delivery.seq).toBe(seq);
      }
    });
  });

  describe('journey', () => {
    const bench = useBench(makePlace);

    it('gives all messages of a root and all deliveries of them, oldest first, and no others', async () => {
      const { store } = bench();
      const root = sampleId('a', 10);
      const child = sampleMessage(11, { root, parent: root });
      const grandchild = sampleMessage(12, { root, parent: child.id });
      const stranger = { ...fullMessage(13), root: sampleId('a', 13) };
      const given = [
        sampleDelivery(1, root),
        sampleDelivery(2, child.id, { parent: sampleId('b', 1) }),
        sampleDelivery(3, stranger.id),
        sampleDelivery(4, grandchild.id, { parent: sampleId('b', 2) }),
        sampleDelivery(5, root, { destination: 'flow:late' }),
      ];
      await store.commit({ messages: [sampleMessage(10)], deliveries: given.slice(0, 1) });
      await store.commit({ messages: [child, stranger], deliveries: given.slice(1, 3), changes: [sampleEnd(1, { outputs: 1 })] });
      await store.commit({ messages: [grandchild], deliveries: given.slice(3) });
      const journey = await store.read.journey(root);
      expect(journey.messages).toStrictEqual([sampleMessage(10), child, grandchild]);
      expect(journey.deliveries.map(({ seq, state }) => [seq, state])).toEqual([
        [1, 'done'],
        [2, 'waiting'],
        [4, 'waiting'],
        [5, 'waiting'],
      ]);
      expect(await store.read.journey(sampleId('a', 99))).toEqual({ messages: [], deliveries: [], joined: [] });
    });
  });

  describe('journal', () => {
    const bench = useBench(makePlace);
    const seqs = async (filter: Omit<JournalFilter, 'limit'>, limit = 100) =>
      (await bench().store.read.journal({ ...filter, limit })).map(({ delivery }) => delivery.seq);

    beforeEach(async () => {
      const rows: Partial<StoredDelivery>[] = [
        { state: 'waiting' },
        { state: 'dead', destination: 'outbound:erp.orders' },
        { state: 'done', flow: 'other' },
        { state: 'invalid' },
        { state: 'done' },
        { state: 'held' },
      ];
      const deliveries = rows.map((row, i) =>
        sampleDelivery(i + 1, sampleId('a', i + 1), { createdAtMs: startMs + i + 1, ...row }),
      );
      const messages = deliveries.map((_, i) => sampleMessage(i + 1, i === 4 ? { root: sampleId('a', 4) } : {}));
      const keys = [
        { name: 'order', value: '4711', root: sampleId('a', 4) },
        { name: 'order', value: '4711', root: sampleId('a', 2) },
        { name: 'order', value: '4711', root: sampleId('a', 2) },
        { name: 'customer', value: '4711', root: sampleId('a', 1) },
      ];
      await bench().store.commit({ messages, deliveries, keys });
    });

    it('gives the newest first, and pages by sequence number', async () => {
      expect(await seqs({})).toEqual([6, 5, 4, 3, 2, 1]);
      expect(await seqs({}, 2)).toEqual([6, 5]);
      expect(await seqs({ beforeSeq: 5 }, 2)).toEqual([4, 3]);
      expect(await seqs({ beforeSeq: 1 })).toEqual([]);
    });

    it('gives the oldest first behind a number, whatever else it is filtered by', async () => {
      expect(await seqs({ afterSeq: 0 })).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await seqs({ afterSeq: 2 }, 2)).toEqual([3, 4]);
      expect(await seqs({ afterSeq: 6 })).toEqual([]);
      expect(await seqs({ afterSeq: 1, states: ['dead', 'invalid'] })).toEqual([2, 4]);
      expect(await seqs({ afterSeq: 1, states: ['waiting', 'held'] })).toEqual([6]);
      expect(await seqs({ afterSeq: 2, key: { name: 'order', value: '4711' } }, 1)).toEqual([4]);
    });

    it('filters by destination, flow, states, time and business key, and by all together', async () => {
      expect(await seqs({ destination: 'outbound:erp.orders' })).toEqual([2]);
      expect(await seqs({ destination: 'flow:none' })).toEqual([]);
      expect(await seqs({ destinations: ['outbound:erp.orders', 'flow:none'] })).toEqual([2]);
      expect(await seqs({ destinations: [] })).toEqual([]);
      expect(await seqs({ flow: 'other' })).toEqual([3]);
      expect(await seqs({ flow: 'none' })).toEqual([]);
      expect(await seqs({ states: ['dead', 'invalid'] })).toEqual([4, 2]);
      expect(await seqs({ states: ['waiting', 'held', 'done'] })).toEqual([6, 5, 3, 1]);
      expect(await seqs({ states: [] })).toEqual([]);
      expect(await seqs({ sinceMs: startMs + 3, untilMs: startMs + 5 })).toEqual([5, 4, 3]);
      expect(await seqs({ key: { name: 'order', value: '4711' } })).toEqual([5, 4, 2]);
      expect(await seqs({ key: { name: 'order', value: '4712' } })).toEqual([]);
      expect(await seqs({ key: { name: 'order', value: '4711' }, states: ['done', 'dead'], beforeSeq: 5 })).toEqual([2]);
      expect(
        await seqs({ states: ['waiting', 'held'], destination: 'flow:orders', flow: 'orders', sinceMs: startMs + 2 }),
      ).toEqual([6]);
      expect(await seqs({ states: ['dead', 'invalid'], flow: 'orders', untilMs: startMs + 2, beforeSeq: 4 })).toEqual([2]);
      expect(await seqs({ key: { name: 'order', value: '4711' } }, 2)).toEqual([5, 4]);
      expect(await seqs({ flow: 'orders', states: ['done'], sinceMs: startMs, untilMs: startMs + 9, beforeSeq: 9 })).toEqual([5]);
    });

    it('follows what becomes of a delivery', async () => {
      await bench().store.commit({ changes: [sampleEnd(1), { seq: 2, from: ['dead'], state: 'waiting' }] });
      expect(await seqs({ states: ['dead'] })).toEqual([]);
      expect(await seqs({ states: ['waiting'] })).toEqual([2]);
      expect(await seqs({ states: ['done'] })).toEqual([5, 3, 1]);
    });

    it('shows of a message everything but body, headers and variables, and how long the body is', async () => {
      const full = fullMessage(40);
      const bodies = [
        { ...full, body: { kind: 'json', text: '"ü😀"' } },
        { ...fullMessage(50), body: { kind: 'bytes', bytes: new Uint8Array(300) } },
        { ...fullMessage(60), body: { kind: 'blob', blob: 'b', sizeBytes: 1e10, holds: 'bytes' } },
      ] as const;
      await bench().store.commit({ messages: bodies, deliveries: bodies.map(({ id }, i) => sampleDelivery(40 + i, id)) });
      const rows = await bench().store.read.journal({ limit: 3 });
      const { body: _body, headers: _headers, variables: _variables, ...attributes } = full;
      expect(rows[2]).toStrictEqual({ delivery: sampleDelivery(40, full.id), message: { ...attributes, bodyBytes: 8 } });
      expect(rows.map((row) => row.message.bodyBytes)).toEqual([1e10, 300, 8]);
    });

    it.each([0, -1, 1001, Number.NaN])('refuses the limit %d', async (limit) => {
      await expect(bench().store.read.journal({ limit })).rejects.toMatchObject({ code: 'MORTISE_STORE_VALUE' });
    });
  });

  describe('entries', () => {
    const bench = useBench(makePlace);

    it('counts what is held or open behind each entry step of a flow', async () => {
      const { store } = bench();
      const rows: Partial<StoredDelivery>[] = [
        { entry: 'collect', state: 'held' },
        { entry: 'collect', state: 'waiting' },
        { entry: 'collect', state: 'done' },
        { entry: 'pause', state: 'in-doubt' },
        { entry: 'gone', state: 'dead' },
        { state: 'waiting' },
        { entry: 'elsewhere', state: 'held', flow: 'other' },
      ];
      await store.commit({ messages: [sampleMessage(1)], deliveries: rows.map((row, i) => sampleDelivery(i + 1, message, row)) });
      expect(await store.read.entries('orders')).toEqual(
        new Map([
          ['collect', 2],
          ['pause', 1],
        ]),
      );
      expect(await store.read.entries('none')).toEqual(new Map());
      await store.commit({
        changes: [
          { seq: 1, from: ['held'], state: 'filtered' },
          { seq: 5, from: ['dead'], state: 'waiting' },
        ],
      });
      expect(await store.read.entries('orders')).toEqual(
        new Map([
          ['collect', 1],
          ['pause', 1],
          ['gone', 1],
        ]),
      );
    });
  });

  describe('troubles', () => {
    const bench = useBench(makePlace);

    it('counts what is dead now, and what of it holds its lane, by destination and flow', async () => {
      const { store } = bench();
      expect(await store.read.troubles()).toEqual([]);
      const other = { destination: 'outbound:erp.orders', flow: 'other' };
      const deliveries = [1, 2, 3].map((seq) => sampleDelivery(seq, message));
      await store.commit({ messages: [sampleMessage(1)], deliveries: [...deliveries, sampleDelivery(4, message, other)] });
      const dead = { from: ['waiting'], state: 'dead', endedAtMs: startMs } as const;
      await store.commit({
        changes: [{ seq: 1, ...dead, holdsLane: true }, { seq: 2, ...dead }, sampleEnd(3), { seq: 4, ...dead, holdsLane: true }],
      });
      expect((await store.read.troubles()).toSorted((a, b) => a.flow.localeCompare(b.flow))).toEqual([
        { destination: 'flow:orders', flow: 'orders', dead: 2, holding: 1 },
        { destination: 'outbound:erp.orders', flow: 'other', dead: 1, holding: 1 },
      ]);
      await store.commit({ changes: [1, 4].map((seq) => ({ seq, from: ['dead'], state: 'discarded', holdsLane: false })) });
      expect(await (await bench().reopen()).read.troubles()).toEqual([
        { destination: 'flow:orders', flow: 'orders', dead: 1, holding: 0 },
      ]);
    });
  });

  describe('balance', () => {
    const bench = useBench(makePlace);

    it('counts states against what was created, outputs against parents, and messages that nothing carries', async () => {
      const { store } = bench();
      expect(await store.read.balance()).toEqual({ rows: [], outputsSaid: 0, outputsFound: 0, strayMessages: 0 });
      await store.commit({ messages: [sampleMessage(1)], deliveries: [sampleDelivery(1, message), sampleDelivery(2, message)] });
      const output = { parent: sampleId('b', 1), destination: 'outbound:erp.orders' };
      const child = sampleMessage(2, { root: message, parent: message });
      await store.commit({
        changes: [sampleEnd(1, { outputs: 1 })],
        messages: [child],
        deliveries: [sampleDelivery(3, child.id, output)],
      });
      const { rows, ...sums } = await store.read.balance();
      expect(sums).toEqual({ outputsSaid: 1, outputsFound: 1, strayMessages: 0 });
      expect(rows.map(({ destination, created }) => [destination, created])).toEqual([
        ['flow:orders', 2],
        ['outbound:erp.orders', 1],
      ]);
      expect(rows[0]?.states).toMatchObject({ waiting: 1, done: 1, dead: 0 });
      await store.commit({ messages: [sampleMessage(3)] });
      await store.commit({ changes: [sampleEnd(2, { outputs: 5 })] });
      expect(await bench().store.read.balance()).toMatchObject({ outputsSaid: 6, outputsFound: 1, strayMessages: 1 });
      await store.commit({ deliveries: [sampleDelivery(9, sampleId('a', 3))] });
      expect(await (await bench().reopen()).read.balance()).toMatchObject({ strayMessages: 0 });
    });
  });
}
