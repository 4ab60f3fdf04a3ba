// What `commit` promises: all or nothing, in order, once, and what it refuses.

import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../delivery-state.ts';
import type { Commit } from '../store.ts';
import { deliveryStates } from '../delivery-state.ts';
import type { MakePlace } from './place.ts';
import { useBench } from './place.ts';
import { fullDelivery, fullMessage, sampleDelivery, sampleEnd, sampleId, sampleMessage, startMs } from './samples.ts';

const conflict = { code: 'MORTISE_STORE_CONFLICT' };
const lookAhead = 60_000;

/** A message with one waiting delivery of it. */
function accept(n: number, more: Commit = {}): Commit {
  return { messages: [sampleMessage(n)], deliveries: [sampleDelivery(n, sampleId('a', n))], ...more };
}

export function committing(makePlace: MakePlace): void {
  describe('commit', () => {
    const bench = useBench(makePlace);

    it('keeps every property of messages and deliveries, for each kind of body', async () => {
      const { store } = bench();
      const bodies = [
        { kind: 'json', text: '{"total": 12345678901234567890.10, "ü": "😀"}' },
        { kind: 'bytes', bytes: Uint8Array.from([0, 255, 1]) },
        { kind: 'bytes', bytes: new Uint8Array() },
        { kind: 'blob', blob: '01/ab/cd', sizeBytes: 2 ** 33, holds: 'json' },
        { kind: 'blob', blob: '01/ab/ce', sizeBytes: 1, holds: 'bytes' },
      ] as const;
      const messages = bodies.map((body, i) => ({ ...fullMessage(i * 10), body }));
      const deliveries = messages.map((message, i) => fullDelivery(i + 1, message.id));
      await store.commit({ messages, deliveries });
      for (const [i, message] of messages.entries()) {
        expect(await store.read.message(message.id)).toStrictEqual(message);
        expect(await store.read.delivery({ seq: i + 1 })).toStrictEqual({ delivery: deliveries[i], message, suspect: false });
      }
    });

    it('keeps what has no optional property', async () => {
      const { store } = bench();
      const [message, delivery] = [sampleMessage(1), sampleDelivery(1, sampleId('a', 1))];
      await store.commit({ messages: [message], deliveries: [delivery] });
      expect(await store.read.delivery({ seq: 1 })).toStrictEqual({ delivery, message, suspect: false });
      expect(await store.read.delivery({ id: delivery.id })).toStrictEqual({ delivery, message, suspect: false });
    });

    it('keeps the time of a message as it was said, whether that is when it was accepted or not', async () => {
      const { store } = bench();
      const times = ['12:00:00.000Z', '12:00:00Z', '13:00:00.000+01:00', '12:00:00.001Z', '11:59:59.999Z'].map(
        (time) => `2026-11-23T${time}`,
      );
      const messages = times.map((time, i) => sampleMessage(i + 1, { time }));
      await store.commit({ messages, deliveries: messages.map(({ id }, i) => sampleDelivery(i + 1, id)) });
      for (const message of messages) expect(await store.read.message(message.id)).toStrictEqual(message);
      const rows = await store.read.journal({ limit: 10 });
      expect(rows.map(({ message }) => message.time).sort()).toEqual(times.toSorted());
    });

    it.each(deliveryStates)('takes deliveries in state %s and changes of them', async (state) => {
      const { store } = bench();
      await store.commit(accept(1, { deliveries: [sampleDelivery(1, sampleId('a', 1), { state })] }));
      for (const to of deliveryStates) {
        await store.commit({ changes: [{ seq: 1, from: [state], state: to }] });
        expect((await store.read.delivery({ seq: 1 }))?.delivery.state).toBe(to);
        await store.commit({ changes: [{ seq: 1, from: [to], state }] });
      }
    });

    it('changes what a change names, keeps the rest, and takes away what is null', async () => {
      const { store } = bench();
      const delivery = fullDelivery(1, sampleId('a', 1));
      await store.commit(accept(1, { deliveries: [delivery] }));
      await store.commit({ changes: [{ seq: 1, from: ['held'], state: 'waiting' }] });
      expect((await store.read.delivery({ seq: 1 }))?.delivery).toStrictEqual({ ...delivery, state: 'waiting' });
      const change = { attempts: 4, endedAtMs: startMs + 9, revision: 'new', detail: 'd', journal: [1], outputs: 3, crashes: 2 };
      await store.commit({ changes: [{ seq: 1, from: ['waiting'], state: 'dead', ...change, holdsLane: false }] });
      expect((await store.read.delivery({ seq: 1 }))?.delivery).toStrictEqual({
        ...delivery,
        state: 'dead',
        ...change,
        holdsLane: false,
      });
      await store.commit({
        changes: [{ seq: 1, from: ['dead'], state: 'waiting', dueAtMs: null, endedAtMs: null, error: null }],
      });
      const { dueAtMs: _due, endedAtMs: _ended, error: _error, ...left } = { ...delivery, ...change };
      expect((await store.read.delivery({ seq: 1 }))?.delivery).toStrictEqual({ ...left, state: 'waiting', holdsLane: false });
    });

    it('sets dueAtMs, endedAtMs and error where there was none, whether the delivery ends or stays open', async () => {
      const { store } = bench();
      await store.commit(accept(1));
      const error = { code: 'C', message: 'm', remedy: 'r' };
      const set = { dueAtMs: startMs + 1, endedAtMs: startMs + 2, error };
      await store.commit({ changes: [{ seq: 1, from: ['waiting'], state: 'waiting', ...set }] });
      const waiting = sampleDelivery(1, sampleId('a', 1), set);
      expect((await store.read.delivery({ seq: 1 }))?.delivery).toStrictEqual(waiting);
      await store.commit({ changes: [{ seq: 1, from: ['waiting'], state: 'done', dueAtMs: null }] });
      const { dueAtMs: _due, ...done } = { ...waiting, state: 'done' };
      expect((await store.read.delivery({ seq: 1 }))?.delivery).toStrictEqual(done);
    });

    it('refuses the whole commit when one change comes from a state that it did not expect', async () => {
      const { store } = bench();
      await store.commit({
        messages: [sampleMessage(1)],
        deliveries: [sampleDelivery(1, sampleId('a', 1)), sampleDelivery(2, sampleId('a', 1))],
      });
      const wrong = {
        ...accept(3),
        changes: [sampleEnd(1), sampleEnd(2, { from: ['held', 'dead'] })],
        cursor: { scope: 's', value: 1 },
      };
      await expect(store.commit(wrong)).rejects.toMatchObject(conflict);
      expect((await store.read.delivery({ seq: 1 }))?.delivery.state).toBe('waiting');
      expect(await store.read.message(sampleId('a', 3))).toBeUndefined();
      expect(await store.read.cursor('s')).toBeUndefined();
      await expect(store.commit({ changes: [sampleEnd(99)] })).rejects.toMatchObject(conflict);
    });

    it('refuses a message id and a sequence number that are taken, and a delivery without a message', async () => {
      const { store } = bench();
      await store.commit(accept(1));
      const refused: Commit[] = [
        { messages: [sampleMessage(1)], deliveries: [sampleDelivery(2, sampleId('a', 1))] },
        { messages: [sampleMessage(2)], deliveries: [sampleDelivery(1, sampleId('a', 2))] },
        { deliveries: [sampleDelivery(3, sampleId('a', 3))] },
      ];
      for (const commit of refused) await expect(store.commit({ ...accept(9), ...commit })).rejects.toMatchObject(conflict);
      expect(await store.read.message(sampleId('a', 2))).toBeUndefined();
      expect(await store.read.delivery({ seq: 2 })).toBeUndefined();
      await store.commit({ deliveries: [sampleDelivery(4, sampleId('a', 1))] });
      expect((await store.read.delivery({ seq: 4 }))?.message).toStrictEqual(sampleMessage(1));
    });

    it('does not let a refused commit hurt those that are handed over with it', async () => {
      const { store } = bench();
      await store.commit(accept(1));
      const commits = [
        accept(2),
        { messages: [sampleMessage(3)], deliveries: [sampleDelivery(3, sampleId('a', 3))], changes: [sampleEnd(77)] },
        { changes: [sampleEnd(1)] },
        { messages: [sampleMessage(2)], deliveries: [sampleDelivery(5, sampleId('a', 2))] },
        { changes: [sampleEnd(2)], messages: [sampleMessage(6)], deliveries: [sampleDelivery(1, sampleId('a', 6))] },
        { changes: [sampleEnd(1)] },
        accept(4, { deliveries: [sampleDelivery(4, sampleId('a', 4), { destination: 'flow:new', flow: 'new' })] }),
      ];
      const settled = await Promise.allSettled(commits.map((commit) => store.commit(commit)));
      const refused = settled.map((outcome) => outcome.status === 'rejected');
      expect(refused).toEqual([false, true, false, true, true, true, false]);
      const states = await Promise.all([1, 2, 3, 4, 5].map(async (seq) => (await store.read.delivery({ seq }))?.delivery.state));
      expect(states).toEqual(['done', 'waiting', undefined, 'waiting', undefined]);
      const { rows } = await store.read.balance();
      expect(rows.map(({ destination, created }) => [destination, created])).toEqual([
        ['flow:orders', 2],
        ['flow:new', 1],
      ]);
    });

    it('takes effect in the order of the calls', async () => {
      const { store } = bench();
      await store.commit(accept(1));
      const states: DeliveryState[] = ['held', 'waiting', 'in-doubt', 'dead', 'waiting', 'done'];
      const pairs = states.map((state, i) => ({ seq: 1, from: [states[i - 1] ?? 'waiting'], state, attempts: i }));
      await Promise.all(
        pairs.map((change) => store.commit({ changes: [change], cursor: { scope: 'last', value: change.attempts } })),
      );
      expect((await store.read.delivery({ seq: 1 }))?.delivery.state).toBe('done');
      expect(await store.read.cursor('last')).toBe(states.length - 1);
    });

    it.each(['', 'abc', sampleId('a', 1).toUpperCase(), sampleId('a', 1).replaceAll('-', ''), `${sampleId('a', 1)}0`])(
      'refuses %j as an id',
      async (id) => {
        const { store } = bench();
        const value = { code: 'MORTISE_STORE_VALUE' };
        const commits: Commit[] = [
          { messages: [sampleMessage(1, { id })] },
          { messages: [sampleMessage(1, { root: id })] },
          { messages: [sampleMessage(1, { parent: id })] },
          { messages: [sampleMessage(1, { replayOf: id })] },
          { deliveries: [sampleDelivery(1, id)] },
          { deliveries: [sampleDelivery(1, sampleId('a', 1), { id })] },
          { deliveries: [sampleDelivery(1, sampleId('a', 1), { parent: id })] },
          { released: [{ root: id, flow: 'f' }] },
          { keys: [{ name: 'n', value: 'v', root: id }] },
          { dedupe: [{ flow: 'f', step: 's', key: 'k', root: id, untilMs: startMs + 1 }] },
          { replies: [{ root: id, reply: { body: { kind: 'json', text: '1' } } }] },
          { calls: [{ delivery: id, call: 'c', reply: { body: { kind: 'json', text: '1' } } }] },
        ];
        for (const commit of commits) await expect(store.commit(commit)).rejects.toMatchObject(value);
        await expect(store.read.message(id)).rejects.toMatchObject(value);
        await expect(store.read.delivery({ id })).rejects.toMatchObject(value);
        expect((await store.read.balance()).rows).toEqual([]);
      },
    );

    it('counts the bytes that are not on disk yet', async () => {
      const { store } = bench();
      expect(store.queuedBytes).toBe(0);
      const text = JSON.stringify('x'.repeat(10_000));
      const written = store.commit(accept(1, { messages: [sampleMessage(1, { body: { kind: 'json', text } })] }));
      expect(store.queuedBytes).toBeGreaterThanOrEqual(10_000);
      const refused = store.commit({ changes: [sampleEnd(99)] });
      await written;
      await expect(refused).rejects.toMatchObject(conflict);
      expect(store.queuedBytes).toBe(0);
    });

    it('refuses commits and questions after it was closed, and closes only once', async () => {
      const { store } = bench();
      const last = store.commit(accept(1));
      await Promise.all([store.close(), store.close()]);
      await expect(last).resolves.toEqual({});
      await expect(store.commit(accept(2))).rejects.toMatchObject({ code: 'MORTISE_STORE_CLOSED' });
      await expect(store.read.cursor('s')).rejects.toMatchObject({ code: 'MORTISE_STORE_CLOSED' });
      await store.close();
      const again = await bench().open();
      expect(await again.read.message(sampleId('a', 1))).toStrictEqual(sampleMessage(1));
      expect(await again.read.message(sampleId('a', 2))).toBeUndefined();
    });
  });

  describe('once', () => {
    const bench = useBench(makePlace);
    const once = (key: string, n: number, scope = 'inbound:shop') => ({
      scope,
      key,
      messages: [sampleId('a', n)],
      keepUntilMs: startMs + lookAhead,
    });

    it('does nothing the second time, and tells the first one’s messages', async () => {
      const { store } = bench();
      const outcomes = await Promise.all([
        store.commit({ ...accept(1), once: once('k', 1) }),
        store.commit({ ...accept(2), once: once('k', 2), cursor: { scope: 'c', value: 2 } }),
        store.commit({ ...accept(3), once: once('k', 3, 'inbound:other') }),
      ]);
      expect(outcomes).toEqual([{}, { duplicateOf: [sampleId('a', 1)] }, {}]);
      expect(await store.read.message(sampleId('a', 2))).toBeUndefined();
      expect(await store.read.cursor('c')).toBeUndefined();
      expect(
        await bench()
          .reopen()
          .then((again) => again.commit({ once: once('k', 4) })),
      ).toEqual({ duplicateOf: [sampleId('a', 1)] });
    });

    it('is asked before changes are checked', async () => {
      const { store } = bench();
      await store.commit({ once: once('k', 1) });
      const outcome = await store.commit({ once: once('k', 2), changes: [sampleEnd(99)] });
      expect(outcome).toEqual({ duplicateOf: [sampleId('a', 1)] });
    });

    it('does not count a commit that was refused', async () => {
      const { store } = bench();
      await expect(store.commit({ once: once('k', 1), changes: [sampleEnd(99)] })).rejects.toMatchObject(conflict);
      expect(await store.commit({ ...accept(2), once: once('k', 2) })).toEqual({});
    });

    it('forgets a key that has expired', async () => {
      const { store, clock } = bench();
      await store.commit({ once: once('k', 1) });
      clock.nowMs += lookAhead - 1;
      expect(await store.commit({ once: once('k', 2) })).toEqual({ duplicateOf: [sampleId('a', 1)] });
      clock.nowMs += 1;
      const again = { ...once('k', 3), keepUntilMs: clock.nowMs + lookAhead };
      expect(await store.commit({ once: again })).toEqual({});
      expect(await store.commit({ once: once('k', 4) })).toEqual({ duplicateOf: [sampleId('a', 3)] });
    });
  });

  describe('dedupe keys', () => {
    const bench = useBench(makePlace);
    const name = { flow: 'orders', step: 'once', key: '4711' };
    const key = (n: number, untilMs = startMs + lookAhead) => ({ ...name, root: sampleId('a', n), untilMs });

    it('are found until they expire, and only under their own flow, step and key', async () => {
      const { store, clock } = bench();
      expect(store.findDedupe(name, startMs)).toBeUndefined();
      await store.commit({ dedupe: [key(1)] });
      expect(await store.findDedupe(name, startMs + lookAhead - 1)).toEqual({ root: sampleId('a', 1) });
      expect(await store.findDedupe(name, startMs + lookAhead)).toBeUndefined();
      for (const other of [{ flow: 'x' }, { step: 'x' }, { key: 'x' }]) {
        expect(await store.findDedupe({ ...name, ...other }, clock.nowMs)).toBeUndefined();
      }
      expect(await (await bench().reopen()).findDedupe(name, startMs)).toEqual({ root: sampleId('a', 1) });
    });

    it('belong to one root: another is refused until they expire, the same may come again', async () => {
      const { store, clock } = bench();
      await store.commit({ dedupe: [key(1)] });
      await expect(store.commit({ ...accept(5), dedupe: [key(2)] })).rejects.toMatchObject(conflict);
      expect(await store.read.message(sampleId('a', 5))).toBeUndefined();
      await store.commit({ dedupe: [key(1, startMs + 2 * lookAhead)] });
      clock.nowMs += lookAhead;
      await expect(store.commit({ dedupe: [key(2)] })).rejects.toMatchObject(conflict);
      clock.nowMs += lookAhead;
      await store.commit({ dedupe: [key(2, startMs + 3 * lookAhead)] });
      expect(await store.findDedupe(name, clock.nowMs)).toEqual({ root: sampleId('a', 2) });
    });

    it('are released by root and flow, also in the commit that gives them to another', async () => {
      const { store } = bench();
      await store.commit({ dedupe: [key(1), { ...key(1), key: 'other' }, { ...key(2), key: 'kept' }] });
      const elsewhere = { ...key(1), flow: 'another' };
      await store.commit({ dedupe: [elsewhere] });
      await store.commit({ released: [{ root: sampleId('a', 1), flow: name.flow }] });
      expect(await store.findDedupe({ ...name, flow: 'another' }, startMs)).toEqual({ root: sampleId('a', 1) });
      expect(await store.findDedupe(name, startMs)).toBeUndefined();
      expect(await store.findDedupe({ ...name, key: 'other' }, startMs)).toBeUndefined();
      expect(await store.findDedupe({ ...name, key: 'kept' }, startMs)).toEqual({ root: sampleId('a', 2) });
      await store.commit({ dedupe: [key(3)] });
      await store.commit({ released: [{ root: sampleId('a', 3), flow: name.flow }], dedupe: [key(4)] });
      expect(await store.findDedupe(name, startMs)).toEqual({ root: sampleId('a', 4) });
    });

    it('that were surely never seen are known without waiting, also after a restart', async () => {
      const commits = Array.from({ length: 300 }, (_, i) => bench().store.commit({ dedupe: [{ ...key(i), key: `seen ${i}` }] }));
      await Promise.all(commits);
      for (const open of [() => bench().store, () => bench().reopen()]) {
        const store = await open();
        const answers = Array.from({ length: 300 }, (_, i) => store.findDedupe({ ...name, key: `new ${i}` }, startMs));
        expect(answers.filter((answer) => answer === undefined).length).toBeGreaterThan(280);
        for (const answer of answers) expect(await answer).toBeUndefined();
        for (let i = 0; i < 300; i++) {
          expect(await store.findDedupe({ ...name, key: `seen ${i}` }, startMs)).toEqual({ root: sampleId('a', i) });
        }
      }
    });
  });

  describe('cursors, calls and replies', () => {
    const bench = useBench(makePlace);
    const reply = {
      body: { kind: 'json', text: '{"a":1}' },
      contentType: 'application/json',
      status: 201,
      headers: { etag: '"1"' },
    } as const;
    const bytes = { body: { kind: 'bytes', bytes: Uint8Array.from([0, 1]) } } as const;
    const blob = { body: { kind: 'blob', blob: '01/02/03', sizeBytes: 70_000, holds: 'bytes' } } as const;

    it('keeps the last cursor of each scope', async () => {
      const { store } = bench();
      for (const value of [null, 1, 'a', [1, { b: null }], { page: '2' }, false]) {
        await store.commit({ cursor: { scope: 'one', value } });
        expect(await store.read.cursor('one')).toStrictEqual(value);
      }
      expect(await store.read.cursor('other')).toBeUndefined();
    });

    it('keeps replies of calls by delivery and call', async () => {
      const { store } = bench();
      const [one, two] = [sampleId('b', 1), sampleId('b', 2)];
      await store.commit({
        calls: [
          { delivery: one, call: 'c1', reply },
          { delivery: one, call: 'c2', reply: bytes },
        ],
      });
      await store.commit({ calls: [{ delivery: two, call: 'c1', reply: blob }] });
      expect([...(await store.read.calls(one))]).toStrictEqual([
        ['c1', reply],
        ['c2', bytes],
      ]);
      expect(await store.read.calls(two)).toStrictEqual(new Map([['c1', blob]]));
      expect(await store.read.calls(sampleId('b', 3))).toEqual(new Map());
    });

    it('keeps replies to requesters by root', async () => {
      const { store } = bench();
      await store.commit({
        replies: [
          { root: sampleId('a', 1), reply },
          { root: sampleId('a', 2), reply: blob },
        ],
      });
      expect(await store.read.reply(sampleId('a', 1))).toStrictEqual(reply);
      expect(await store.read.reply(sampleId('a', 2))).toStrictEqual(blob);
      expect(await store.read.reply(sampleId('a', 3))).toBeUndefined();
    });

    it('names every blob that anything refers to', async () => {
      const { store } = bench();
      expect(await store.read.blobs()).toEqual(new Set());
      const body = { kind: 'blob', blob: 'm/e/s', sizeBytes: 9, holds: 'json' } as const;
      const called = { body: { ...body, blob: 'c/a/l' } };
      await store.commit({
        ...accept(1, { messages: [sampleMessage(1, { body })] }),
        replies: [{ root: sampleId('a', 1), reply: blob }],
      });
      await store.commit({ ...accept(2), calls: [{ delivery: sampleId('b', 1), call: 'c', reply: called }] });
      expect(await store.read.blobs()).toEqual(new Set(['m/e/s', 'c/a/l', '01/02/03']));
    });
  });
}
