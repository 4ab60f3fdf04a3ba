// What `open` promises: numbers are never given twice, and suspects are told from what only waited.

import { describe, expect, it } from 'vitest';
import type { MakePlace } from './place.ts';
import { useBench } from './place.ts';
import { sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from './samples.ts';

const message = sampleId('a', 1);

export function recovering(makePlace: MakePlace): void {
  describe('takeSeq', () => {
    const bench = useBench(makePlace);

    it('never gives a number twice, also across restarts', async () => {
      let last = -1;
      for (const restart of ['none', 'clean', 'kill', 'clean', 'kill'] as const) {
        const store =
          restart === 'none' ? bench().store : await (restart === 'clean' ? bench().reopen() : bench().killAndReopen());
        for (let i = 0; i < 100; i++) {
          const seq = store.takeSeq();
          expect(seq).toBeGreaterThan(last);
          expect(Number.isSafeInteger(seq)).toBe(true);
          last = seq;
        }
        const commit = { messages: [sampleMessage(last)], deliveries: [sampleDelivery(last, sampleId('a', last))] };
        if (restart !== 'kill') await store.commit(commit);
      }
    });
  });

  describe('open', () => {
    const bench = useBench(makePlace);

    /** Five waiting deliveries of `flow:orders` (1 to 5) and one of `flow:other` (6). */
    async function fill(): Promise<void> {
      const other = { destination: 'flow:other', flow: 'other' };
      const deliveries = [1, 2, 3, 4, 5].map((seq) => sampleDelivery(seq, message)).concat(sampleDelivery(6, message, other));
      await bench().store.commit({ messages: [sampleMessage(1)], deliveries });
    }
    const mark = (seq: number, destination = 'flow:orders') => bench().store.commit({ marks: [{ destination, seq }] });
    const suspects = () => bench().store.recovered.suspects.map((suspect) => suspect.seq);

    it('tells of an empty store that nothing is there', () => {
      expect(bench().store.recovered).toEqual({ clean: true, waiting: new Map(), heldLanes: [], suspects: [], pauses: [] });
    });

    it('tells what is paused, oldest first, over any end, until it is resumed', async () => {
      const engine = { kind: 'engine' as const, name: '*', sinceMs: startMs + 2, reason: 'audit' };
      const flow = { kind: 'flow' as const, name: 'orders', sinceMs: startMs + 1 };
      const system = { kind: 'system' as const, name: 'orders', sinceMs: startMs + 3 };
      await bench().store.commit({ pauses: [engine, flow, system] });
      expect((await bench().killAndReopen()).recovered.pauses).toEqual([flow, engine, system]);
      await bench().store.commit({
        resumes: [
          { kind: 'flow', name: 'orders' },
          { kind: 'flow', name: 'none' },
        ],
      });
      expect((await bench().reopen()).recovered.pauses).toEqual([engine, system]);
    });

    it('replaces a pause of the same kind and name, and resumes behind pausing in one commit', async () => {
      const pause = { kind: 'system' as const, name: 'erp', sinceMs: startMs, drainsTo: 7 };
      await bench().store.commit({ pauses: [pause] });
      await bench().store.commit({ pauses: [{ ...pause, sinceMs: startMs + 9, reason: 'again' }] });
      expect((await bench().reopen()).recovered.pauses).toEqual([{ ...pause, sinceMs: startMs + 9, reason: 'again' }]);
      await bench().store.commit({ pauses: [pause], resumes: [pause] });
      expect((await bench().killAndReopen()).recovered.pauses).toEqual([]);
    });

    it('keeps a pause out with the rest of a commit that is refused', async () => {
      const pause = { kind: 'flow' as const, name: 'orders', sinceMs: startMs };
      await expect(bench().store.commit({ pauses: [pause], changes: [sampleEnd(99)] })).rejects.toMatchObject({
        code: 'MORTISE_STORE_CONFLICT',
      });
      expect((await bench().reopen()).recovered.pauses).toEqual([]);
    });

    it('counts what waits for each destination', async () => {
      await fill();
      await bench().store.commit({ changes: [sampleEnd(1), { seq: 2, from: ['waiting'], state: 'held' }] });
      expect((await bench().reopen()).recovered.waiting).toEqual(
        new Map([
          ['flow:orders', 3],
          ['flow:other', 1],
        ]),
      );
      expect((await bench().killAndReopen()).recovered.waiting).toEqual(
        new Map([
          ['flow:orders', 3],
          ['flow:other', 1],
        ]),
      );
    });

    it('makes suspects of what waits up to the mark of its destination, and of nothing else', async () => {
      await fill();
      await mark(4);
      await bench().store.commit({ changes: [sampleEnd(1), { seq: 2, from: ['waiting'], state: 'held' }] });
      const store = await bench().killAndReopen();
      expect(store.recovered.clean).toBe(false);
      expect(store.recovered.suspects).toEqual([3, 4].map((seq) => ({ seq, destination: 'flow:orders', crashes: 0 })));
      const told = await store.read.waiting('flow:orders', 0, 10, 1e6);
      expect(told.map(({ delivery, suspect }) => [delivery.seq, suspect])).toEqual([
        [3, true],
        [4, true],
        [5, false],
      ]);
      expect((await store.read.delivery({ seq: 6 }))?.suspect).toBe(false);
    });

    it('never lets a mark go down', async () => {
      await fill();
      await mark(4);
      await mark(2);
      await bench().killAndReopen();
      expect(suspects()).toEqual([1, 2, 3, 4]);
    });

    it('keeps marks of one destination from another', async () => {
      await fill();
      await mark(6, 'flow:other');
      await bench().killAndReopen();
      expect(bench().store.recovered.suspects).toEqual([{ seq: 6, destination: 'flow:other', crashes: 0 }]);
    });

    it('makes no suspects after a clean end, and voids the marks', async () => {
      await fill();
      await mark(4);
      expect((await bench().reopen()).recovered).toMatchObject({ clean: true, suspects: [] });
      await bench().killAndReopen();
      expect(bench().store.recovered).toMatchObject({ clean: false, suspects: [] });
    });

    it('keeps suspects over any number of restarts until they end', async () => {
      await fill();
      await mark(3);
      await bench().killAndReopen();
      expect(suspects()).toEqual([1, 2, 3]);
      await bench().reopen();
      expect(suspects()).toEqual([1, 2, 3]);
      await bench().store.commit({ changes: [sampleEnd(2)] });
      await bench().killAndReopen();
      expect(suspects()).toEqual([1, 3]);
    });

    it('clears suspicion with every change that does not set the mark', async () => {
      await fill();
      await mark(5);
      await bench().killAndReopen();
      await bench().store.commit({
        changes: [
          { seq: 1, from: ['waiting'], state: 'waiting', marked: true },
          { seq: 2, from: ['waiting'], state: 'waiting', attempts: 1, dueAtMs: startMs + 5 },
          { seq: 3, from: ['waiting'], state: 'held' },
          { seq: 4, from: ['waiting'], state: 'waiting', marked: false },
        ],
      });
      const told = await Promise.all([1, 2, 3, 4, 5].map(async (seq) => (await bench().store.read.delivery({ seq }))?.suspect));
      expect(told).toEqual([true, false, false, false, true]);
      await bench().reopen();
      expect(suspects()).toEqual([1, 5]);
    });

    it('counts a crash for the suspect that ran under its mark, once for each time it was set', async () => {
      await fill();
      await mark(2);
      const run = () => bench().store.commit({ changes: [{ seq: 1, from: ['waiting'], state: 'waiting', marked: true }] });
      const crashes = () => bench().store.recovered.suspects.map((suspect) => suspect.crashes);
      await bench().killAndReopen();
      await run();
      await bench().killAndReopen();
      expect(crashes()).toEqual([1, 0]);
      expect((await bench().store.read.delivery({ seq: 1 }))?.delivery.crashes).toBe(1);
      await bench().killAndReopen();
      expect(crashes()).toEqual([1, 0]);
      await run();
      await bench().killAndReopen();
      expect(crashes()).toEqual([2, 0]);
    });

    it('takes one that had its own mark for a suspect, whatever the mark of its destination', async () => {
      await fill();
      await bench().store.commit({ changes: [{ seq: 5, from: ['waiting'], state: 'waiting', attempts: 1, marked: true }] });
      expect((await bench().store.read.delivery({ seq: 5 }))?.suspect).toBe(false);
      await bench().killAndReopen();
      expect(bench().store.recovered.suspects).toEqual([{ seq: 5, destination: 'flow:orders', crashes: 1 }]);
    });

    it('takes one that still has its own mark for a suspect after a clean end too, and counts no crash', async () => {
      await fill();
      await mark(3);
      await bench().store.commit({
        changes: [4, 5].map((seq) => ({ seq, from: ['waiting'], state: 'waiting', attempts: 1, marked: true })),
      });
      await bench().store.commit({ changes: [sampleEnd(5)] });
      await bench().reopen();
      expect(bench().store.recovered).toMatchObject({
        clean: true,
        suspects: [{ seq: 4, destination: 'flow:orders', crashes: 0 }],
      });
    });

    it('counts no crash where the mark was taken back or the store was closed', async () => {
      await fill();
      await mark(2);
      await bench().killAndReopen();
      await bench().store.commit({ changes: [1, 2].map((seq) => ({ seq, from: ['waiting'], state: 'waiting', marked: true })) });
      await bench().store.commit({ changes: [{ seq: 1, from: ['waiting'], state: 'waiting', attempts: 1 }] });
      await bench().reopen();
      await bench().killAndReopen();
      expect(bench().store.recovered.suspects).toEqual([{ seq: 2, destination: 'flow:orders', crashes: 0 }]);
    });

    it('has made suspects durable before it resolves', async () => {
      await fill();
      await mark(2);
      await bench().killAndReopen();
      await bench().reopen();
      expect(suspects()).toEqual([1, 2]);
      expect((await bench().store.read.delivery({ seq: 1 }))?.suspect).toBe(true);
    });

    it('tells the lanes that wait for a person, oldest first', async () => {
      const lane = { lane: 'C-1', destination: 'outbound:erp.orders' };
      const deliveries = [
        sampleDelivery(1, message, { ...lane, state: 'dead', holdsLane: true }),
        sampleDelivery(2, message, { ...lane, state: 'dead' }),
        sampleDelivery(3, message, { ...lane, lane: 'C-2' }),
        sampleDelivery(4, message, { ...lane, lane: 'C-3', state: 'dead', holdsLane: true }),
      ];
      await bench().store.commit({ messages: [sampleMessage(1)], deliveries });
      await bench().store.commit({
        changes: [
          { seq: 3, from: ['waiting'], state: 'in-doubt', holdsLane: true },
          { seq: 4, from: ['dead'], state: 'waiting', holdsLane: false },
        ],
      });
      const held = [
        { destination: lane.destination, lane: 'C-1', seq: 1 },
        { destination: lane.destination, lane: 'C-2', seq: 3 },
      ];
      expect((await bench().reopen()).recovered.heldLanes).toEqual(held);
      expect((await bench().killAndReopen()).recovered.heldLanes).toEqual(held);
    });
  });
}
