// What retention and the balance of a stretch of time promise.

import { beforeEach, describe, expect, it } from 'vitest';
import type { BalanceRow, FileCount } from '../balance-rows.ts';
import type { Droppable, StoredDelivery } from '../store.ts';
import { periodMs } from '../store.ts';
import type { MakePlace } from './place.ts';
import { useBench } from './place.ts';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from './samples.ts';

const beforeMs = startMs + 100;
const none = { deliveries: 0, messages: 0, troubles: 0, blobs: 0 };

export function retaining(makePlace: MakePlace): void {
  dropping(makePlace);
  finding(makePlace);
  balancing(makePlace);
  paging(makePlace);
}

function dropping(makePlace: MakePlace): void {
  describe('drop', () => {
    const bench = useBench(makePlace);
    const drop = async (seqs: readonly number[], endedBeforeMs = beforeMs) =>
      (await bench().store.commit({ drop: { seqs, endedBeforeMs } })).dropped;

    it('takes a delivery with its message, its calls and the reply to it, and tells what it took', async () => {
      const { store } = bench();
      const body = { kind: 'blob', blob: 'b', sizeBytes: 9, holds: 'json' } as const;
      const [kept, gone] = [sampleMessage(1), sampleMessage(2, { body })];
      const reply = { body: { kind: 'json', text: '1' } } as const;
      const calls = [1, 2].map((seq) => ({ delivery: sampleId('b', seq), call: 'c', reply }));
      const replies = [1, 2].map((n) => ({ root: sampleId('a', n), reply }));
      const deliveries = [1, 2].map((seq) => sampleDelivery(seq, sampleId('a', seq), { state: 'dead', endedAtMs: startMs }));
      await store.commit({ messages: [kept, gone], deliveries, calls, replies });
      expect(await drop([2, 77])).toEqual({ deliveries: 1, messages: 1, troubles: 1, blobs: 1 });
      for (const when of ['now', 'later']) {
        const again = when === 'now' ? store : await bench().reopen();
        expect(await again.read.delivery({ seq: 2 })).toBeUndefined();
        expect(await again.read.delivery({ id: sampleId('b', 2) })).toBeUndefined();
        expect(await again.read.message(gone.id)).toBeUndefined();
        expect((await again.read.calls(sampleId('b', 2))).size).toBe(0);
        expect(await again.read.reply(gone.id)).toBeUndefined();
        expect(await again.read.journal({ limit: 9 })).toHaveLength(1);
        expect((await again.read.calls(sampleId('b', 1))).size).toBe(1);
        expect(await again.read.reply(kept.id)).toBeDefined();
        expect(await again.read.blobs()).toEqual(new Set());
      }
    });

    it('keeps a message for as long as any delivery carries it, whichever goes first', async () => {
      const { store } = bench();
      for (const [n, order] of [
        [10, [11, 12, 13]],
        [20, [23, 22, 21]],
        [30, [32, 33, 31]],
      ] as const) {
        const ended = { state: 'done', endedAtMs: startMs } as const;
        const deliveries = [1, 2, 3].map((i) => sampleDelivery(n + i, sampleId('a', n), ended));
        await store.commit({ messages: [sampleMessage(n)], deliveries });
        for (const [i, seq] of order.entries()) {
          expect(await drop([seq])).toEqual({ ...none, deliveries: 1, messages: i === 2 ? 1 : 0 });
          expect((await store.read.message(sampleId('a', n))) === undefined).toBe(i === 2);
        }
      }
    });

    it('leaves what has not ended, what ended later, and what holds its lane', async () => {
      const { store } = bench();
      const rows: Partial<StoredDelivery>[] = [
        { state: 'waiting' },
        { state: 'held' },
        { state: 'in-doubt' },
        { state: 'done', endedAtMs: beforeMs },
        { state: 'dead', endedAtMs: startMs, lane: 'l', holdsLane: true },
      ];
      const deliveries = rows.map((row, i) => sampleDelivery(i + 1, sampleId('a', 1), row));
      await store.commit({ messages: [sampleMessage(1)], deliveries });
      expect(await drop([1, 2, 3, 4, 5])).toEqual(none);
      expect((await store.read.journal({ limit: 9 })).length).toBe(5);
      expect(await drop([1, 2, 3, 4, 5], beforeMs + 1)).toEqual({ ...none, deliveries: 1 });
    });

    it('takes what ended since the commit before, in one group with it', async () => {
      const { store } = bench();
      await store.commit({ messages: [sampleMessage(1)], deliveries: [sampleDelivery(1, sampleId('a', 1))] });
      const ended = store.commit({ changes: [sampleEnd(1)] });
      const dropped = store.commit({ drop: { seqs: [1], endedBeforeMs: beforeMs } });
      const conflict = store.commit({ changes: [{ seq: 1, from: ['done'], state: 'waiting' }] });
      await ended;
      expect((await dropped).dropped).toEqual({ ...none, deliveries: 1, messages: 1 });
      await expect(conflict).rejects.toMatchObject({ code: 'MORTISE_STORE_CONFLICT' });
    });

    it('goes on counting what is gone, so that the balance stays even', async () => {
      const { store } = bench();
      const child = sampleMessage(2, { root: sampleId('a', 1), parent: sampleId('a', 1) });
      const output = sampleDelivery(2, child.id, { parent: sampleId('b', 1), destination: 'outbound:erp.orders' });
      await store.commit({ messages: [sampleMessage(1)], deliveries: [sampleDelivery(1, sampleId('a', 1))] });
      await store.commit({ changes: [sampleEnd(1, { outputs: 1 })], messages: [child], deliveries: [output] });
      for (const seq of [1, 2]) {
        if (seq === 2) await store.commit({ changes: [sampleEnd(2, { state: 'dead' })] });
        await drop([seq]);
        const balance = await store.read.balance();
        expect(balance).toMatchObject({ outputsSaid: 1, outputsFound: 1, strayMessages: 0 });
        expect(byDestination(balance.rows)).toMatchObject([
          { created: 1, dropped: 1, states: { done: 1 } },
          { created: 1, dropped: seq - 1, states: seq === 2 ? { dead: 1 } : { waiting: 1 } },
        ]);
        const { rows } = await store.read.period(floor(startMs), floor(startMs) + periodMs);
        expect(byDestination(rows)).toEqual(byDestination(balance.rows));
      }
    });
  });
}

function finding(makePlace: MakePlace): void {
  describe('droppable', () => {
    const bench = useBench(makePlace);
    const ask = { beforeMs, afterSeq: 0, limit: 100, bytesMax: 1e9 };

    beforeEach(async () => {
      const rows: Partial<StoredDelivery>[] = [
        { state: 'done', endedAtMs: startMs },
        { state: 'waiting' },
        { state: 'dead', endedAtMs: startMs },
        { state: 'invalid', endedAtMs: startMs },
        { state: 'done', endedAtMs: beforeMs },
        { state: 'filtered', endedAtMs: beforeMs - 1 },
        { state: 'unclaimed' },
      ];
      const sources = new Map([
        [1, '/channels/long'],
        [5, '/channels/short'],
      ]);
      const messages = rows.map((_, i) => {
        const source = sources.get(i + 1);
        return sampleMessage(i + 1, source === undefined ? {} : { source });
      });
      await bench().store.commit({
        messages,
        deliveries: rows.map((row, i) => sampleDelivery(i + 1, sampleId('a', i + 1), row)),
      });
    });

    it('gives what ended before, oldest first; what never said when it ended goes by its beginning', async () => {
      const { read } = bench().store;
      expect((await read.droppable(ask)).numbers).toEqual([1, 3, 4, 6, 7]);
      expect((await read.droppable({ ...ask, beforeMs: startMs })).numbers).toEqual([]);
      expect((await read.droppable({ ...ask, sparesTroubles: true })).numbers).toEqual([1, 6, 7]);
    });

    it('goes by another time for some sources', async () => {
      const sources = [
        { source: '/channels/long', beforeMs: startMs - 1000 },
        { source: '/channels/short', beforeMs: beforeMs + 1 },
      ];
      expect((await bench().store.read.droppable({ ...ask, sources })).numbers).toEqual([3, 4, 5, 6, 7]);
    });

    it('gives a part at a time, by number and by bytes, and says where to go on', async () => {
      for (const part of [{ limit: 2 }, { bytesMax: 16 }, { bytesMax: 1 }]) {
        const found: (readonly number[])[] = [];
        for (let afterSeq: number | undefined = 0; afterSeq !== undefined; ) {
          const { numbers, next }: Droppable = await bench().store.read.droppable({ ...ask, ...part, afterSeq });
          if (numbers.length > 0) found.push(numbers);
          afterSeq = next;
        }
        expect(found.flat()).toEqual([1, 3, 4, 6, 7]);
        expect(Math.max(...found.map((numbers) => numbers.length))).toBe('bytesMax' in part && part.bytesMax === 1 ? 1 : 2);
      }
    });
  });

  describe('droppableKeys', () => {
    const bench = useBench(makePlace);

    it('gives keys of journeys that began before and of which nothing is left; dropped, they lead nowhere', async () => {
      const { store } = bench();
      const roots = [0, 1, 2, 3].map((n) => sampleId('a', n, startMs + n));
      const ended = { state: 'done', endedAtMs: startMs } as const;
      await store.commit({
        messages: roots.map((id, n) => sampleMessage(n, { id, root: id })),
        deliveries: roots.map((id, n) => sampleDelivery(n + 1, id, ended)),
        keys: roots.map((root) => ({ name: 'order', value: '4711', root })),
      });
      const keysBefore = async (untilMs: number, limit = 100) => {
        const found: number[] = [];
        for (let after: number | undefined = 0; after !== undefined; ) {
          const { numbers, next }: Droppable = await store.read.droppableKeys({ beforeMs: untilMs, after, limit });
          found.push(...numbers);
          after = next;
        }
        return found;
      };
      expect(await keysBefore(startMs + 9)).toEqual([]);
      await store.commit({ drop: { seqs: [1, 2, 4], endedBeforeMs: beforeMs } });
      expect(await keysBefore(startMs)).toEqual([]);
      expect((await keysBefore(startMs + 2)).length).toBe(2);
      const all = await keysBefore(startMs + 9, 1);
      expect(all.length).toBe(3);
      await store.commit({ drop: { keys: all } });
      for (const when of ['now', 'later']) {
        const again = when === 'now' ? store : await bench().reopen();
        const rows = await again.read.journal({ key: { name: 'order', value: '4711' }, limit: 9 });
        expect(rows.map(({ delivery }) => delivery.seq)).toEqual([3]);
      }
      await bench().store.commit({ keys: [{ name: 'order', value: '4712', root: sampleId('a', 2, startMs + 2) }] });
      expect(await bench().store.read.journal({ key: { name: 'order', value: '4712' }, limit: 9 })).toHaveLength(1);
    });
  });

  describe('usedBytes', () => {
    const bench = useBench(makePlace);

    it('grows with what is stored, blob files among it once each, and falls when it is dropped', async () => {
      const { store } = bench();
      const empty = await store.read.usedBytes();
      const blob = { kind: 'blob', blob: 'b', sizeBytes: 1e9, holds: 'bytes' } as const;
      const large = { kind: 'bytes', bytes: new Uint8Array(400_000) } as const;
      const ended = { state: 'done', endedAtMs: startMs } as const;
      await store.commit({
        messages: [sampleMessage(1, { body: blob }), sampleMessage(2, { body: blob }), sampleMessage(3, { body: large })],
        deliveries: [1, 2, 3].map((n) => sampleDelivery(n, sampleId('a', n), ended)),
      });
      const full = await store.read.usedBytes();
      expect(full - empty).toBeGreaterThan(1e9 + 390_000);
      expect(full - empty).toBeLessThan(1.1e9);
      await store.commit({ drop: { seqs: [1, 2, 3], endedBeforeMs: beforeMs } });
      expect((await store.read.usedBytes()) - empty).toBeLessThan(100_000);
    });
  });
}

function balancing(makePlace: MakePlace): void {
  describe('period', () => {
    const bench = useBench(makePlace);
    const first = floor(startMs);

    it('counts what was created in it by destination and state, and nothing of before or after', async () => {
      const { store } = bench();
      const times = [first - 1, first, first + periodMs - 1, first + periodMs];
      await store.commit({
        messages: [sampleMessage(1)],
        deliveries: times.map((createdAtMs, i) => sampleDelivery(i + 1, sampleId('a', 1), { createdAtMs })),
      });
      await store.commit({ changes: [sampleEnd(3)] });
      for (const when of ['now', 'later']) {
        const again = when === 'now' ? store : await bench().killAndReopen();
        const { rows, files } = await again.read.period(first, first + periodMs);
        expect(files).toEqual([]);
        expect(rows).toMatchObject([{ destination: 'flow:orders', created: 2, dropped: 0, states: { waiting: 1, done: 1 } }]);
        expect((await again.read.period(first - periodMs, first + 2 * periodMs)).rows).toMatchObject([{ created: 4 }]);
        expect((await again.read.period(first + 5 * periodMs, first + 6 * periodMs)).rows).toEqual([]);
      }
    });

    it('is not led astray by a clock that was set back', async () => {
      const { store } = bench();
      const times = [first, first + 9 * periodMs, first, first + 9 * periodMs];
      const messages = [sampleMessage(1)];
      const deliveries = times.map((createdAtMs, i) => sampleDelivery(i + 1, sampleId('a', 1), { createdAtMs }));
      await store.commit({ messages, deliveries });
      expect((await store.read.period(first, first + periodMs)).rows).toMatchObject([{ created: 2, states: { waiting: 2 } }]);
      const ask = { limit: 9, sinceMs: first + periodMs };
      expect((await store.read.journal(ask)).map(({ delivery }) => delivery.seq)).toEqual([4, 2]);
    });

    it('adds up what was read of a file, commit by commit, and counts nothing of a commit that was refused or a repeat', async () => {
      const { store } = bench();
      const count = (more: Partial<FileCount>): FileCount => ({
        scope: 'erp.prices',
        id: 'f1',
        atMs: startMs,
        read: 2,
        accepted: 2,
        invalid: 0,
        whole: false,
        ...more,
      });
      const once = { scope: 'erp.prices', key: 'f1', messages: [], keepUntilMs: startMs + 1000 };
      for (let i = 0; i < 2; i++) await store.commit({ once, files: [count({ name: 'prices.csv' })] });
      const refused = store.commit({ files: [count({})], changes: [sampleEnd(99)] });
      await expect(refused).rejects.toMatchObject({ code: 'MORTISE_STORE_CONFLICT' });
      await store.commit({ files: [count({ accepted: 1, invalid: 1, whole: true, atMs: startMs + 5 }), count({ id: 'f2' })] });
      expect((await store.read.period(first, first + periodMs)).files).toEqual([
        count({ name: 'prices.csv', read: 4, accepted: 3, invalid: 1, whole: true }),
        count({ id: 'f2' }),
      ]);
    });
  });
}

function paging(makePlace: MakePlace): void {
  describe('journey in pages', () => {
    const bench = useBench(makePlace);

    it('gives so many messages in the order of their ids, with all their deliveries, and says where to go on', async () => {
      const { store } = bench();
      const root = sampleId('a', 0);
      const messages = Array.from({ length: 25 }, (_, n) => sampleMessage(n, { root }));
      const deliveries = messages.flatMap(({ id }, n) => [sampleDelivery(2 * n + 1, id), sampleDelivery(2 * n + 2, id)]);
      await store.commit({ messages, deliveries });
      const seen: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.read.journey(root, { limit: 10, ...(after === undefined ? {} : { after }) });
        seen.push(...page.messages.map(({ id }) => id));
        expect(page.deliveries).toHaveLength(2 * page.messages.length);
        after = page.next;
        if (after === undefined) break;
      }
      expect(seen).toEqual(messages.map(({ id }) => id));
      expect((await store.read.journey(root)).next).toBeUndefined();
      expect((await store.read.deliveriesOf(sampleId('a', 7))).map(({ seq }) => seq)).toEqual([15, 16]);
      await expect(store.read.journey(root, { limit: 1001 })).rejects.toMatchObject({ code: 'MORTISE_STORE_VALUE' });
    });

    it('makes a page shorter where bodies are long', async () => {
      const { store } = bench();
      const root = sampleId('a', 0);
      const body = { kind: 'bytes', bytes: new Uint8Array(12 * 1024 * 1024) } as const;
      const messages = [0, 1, 2].map((n) => sampleMessage(n, { root, body }));
      await store.commit({ messages, deliveries: messages.map(({ id }, n) => sampleDelivery(n + 1, id)) });
      expect(await store.read.journey(root)).toMatchObject({ messages: [{}, {}], next: sampleId('a', 1) });
    });
  });
}

function byDestination(rows: readonly BalanceRow[]): readonly BalanceRow[] {
  return rows.toSorted((a, b) => (a.destination < b.destination ? -1 : 1));
}

function floor(timeMs: number): number {
  return Math.floor(timeMs / periodMs) * periodMs;
}
