// The law of erasing: of one person nothing is left in any file; of all others, and of what is held, everything is as it was; all adds up.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDelivery, sampleId, sampleMessage, startMs } from '../conformance/samples.ts';
import type { FileStore, StoredDelivery, StoredMessage } from '../store.ts';
import { openSqliteStore } from './open.ts';

const people = ['anna', 'bert', 'carl'];

/** A journey: of whom its root and each of its parts is, how long the bodies are, how the deliveries ended. */
const journeys = fc.array(
  fc.record({
    person: fc.constantFrom(...people),
    parts: fc.array(fc.constantFrom(...people, undefined), { maxLength: 4 }),
    length: fc.constantFrom(3, 300, 9000, 40_000),
    state: fc.constantFrom('done', 'filtered', 'invalid', 'discarded', 'unclaimed'),
    held: fc.boolean(),
    dropped: fc.boolean(),
  }),
  { minLength: 2, maxLength: 7 },
);
type Journey = (typeof journeys extends fc.Arbitrary<infer T> ? T : never)[number];

/** What stands in everything of a message: whose it is, and of which. */
const markOf = (person: string, n: number): string => `m4rk-${person}-${n}-`;

function written({ person, parts, length, state }: Journey, n: number) {
  const root = sampleId('a', n * 10, startMs + n);
  const id = (i: number): string => sampleId('a', n * 10 + i, startMs + n);
  const full = (owner: string, i: number): StoredMessage => {
    const mark = markOf(owner, n * 10 + i);
    return {
      ...sampleMessage(n, { id: id(i), root, acceptedAtMs: startMs + n }),
      ...(i > 0 ? { parent: root } : {}),
      subject: mark,
      headers: { who: mark },
      variables: { who: mark },
      key: mark,
      keys: i > 0 || parts.length === 0 ? { customer: owner } : {},
      body:
        i % 2 === 0
          ? { kind: 'json', text: JSON.stringify(mark.repeat(length)) }
          : { kind: 'bytes', bytes: Buffer.from(mark.repeat(length)) },
    };
  };
  const owners = [person, ...parts.map((part) => part ?? person)];
  const messages = owners.map(full);
  const deliveries = messages.map((message, i): StoredDelivery => {
    const mark = markOf(owners[i] ?? '', n * 10 + i);
    return sampleDelivery(n * 10 + i + 1, message.id, {
      id: sampleId('b', n * 10 + i, startMs + n),
      state,
      ...(i > 0 ? { parent: sampleId('b', n * 10, startMs + n) } : { outputs: parts.length }),
      createdAtMs: startMs + n,
      endedAtMs: startMs + n + 1,
      lane: mark,
      detail: mark,
      options: { path: mark },
      error: { code: 'MORTISE_DELIVERY_FAULT', message: mark, remedy: mark },
      journal: { failures: [{ message: mark }] },
    });
  });
  const reply = { body: { kind: 'json', text: JSON.stringify(markOf(person, n * 10)) } } as const;
  return {
    once: { scope: 'shop', key: markOf(person, n * 10), messages: [root], keepUntilMs: startMs + 1e9 },
    messages,
    deliveries,
    replies: [{ root, reply }],
    calls: deliveries.map(({ id: delivery }, i) => ({
      delivery,
      call: sampleId('c', n * 10 + i),
      reply: { body: { kind: 'json', text: JSON.stringify(markOf(owners[i] ?? '', n * 10 + i)) } } as const,
    })),
    dedupe: [{ flow: 'orders', step: 'once', key: markOf(person, n * 10), root, untilMs: startMs + 1e9 }],
    keys: [...new Set(owners)].map((value) => ({ name: 'customer', value, root })),
  };
}

async function pictureOf(store: FileStore, roots: readonly string[]) {
  const one = async (root: string) => {
    const journey = await store.read.journey(root);
    const calls = await Promise.all(journey.deliveries.map(({ id }) => store.read.calls(id)));
    return { journey, calls: calls.map((found) => [...found]), reply: await store.read.reply(root) };
  };
  return Promise.all(roots.map(one));
}

describe('erasing one person', () => {
  it('leaves nothing of them in any file, and everything else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(journeys, async (all) => {
        const folder = mkdtempSync(join(tmpdir(), 'mortise-erasing-'));
        const store = await openSqliteStore({ folder, inThread: false, nowMs: () => startMs });
        try {
          const commits = all.map(written);
          for (const commit of commits) await store.commit(commit);
          const rootOf = (n: number): string => commits[n]?.messages[0]?.id ?? '';
          for (const [n, { held }] of all.entries())
            if (held)
              await store.commit({ holds: [{ id: `h${n}`, atMs: 1, who: 'x', reason: 'x', about: { journey: rootOf(n) } }] });
          // What retention dropped before lies in free pages.
          const dropped = all.flatMap(({ dropped: isDropped, held }, n) => (isDropped && !held ? [n] : []));
          for (const n of dropped)
            await store.commit({
              drop: { seqs: commits[n]?.deliveries.map(({ seq }) => seq) ?? [], endedBeforeMs: startMs + 1e6 },
            });
          const touches = ({ person, parts }: Journey): boolean => person === 'anna' || parts.includes('anna');
          const kept = all.flatMap((journey, n) => (!touches(journey) || journey.held ? [rootOf(n)] : []));
          const before = [await pictureOf(store, kept), await store.read.balance()];

          const plan = await store.read.erasable({ name: 'customer', value: 'anna' });
          for (const journey of plan) if (journey.holds.length === 0) await store.commit({ erase: [journey] });
          await store.scrub();

          expect([await pictureOf(store, kept), await store.read.balance()]).toEqual(before);
          const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
          const has = (mark: string): boolean => texts.some((text) => text.includes(mark));
          for (const [n, { person, parts, held, dropped: isDropped }] of all.entries()) {
            const owners = [person, ...parts.map((part) => part ?? person)];
            // Of what was dropped, keys of the root outlast it. Of what is about others, files may hold anything.
            const mayStand = (owner: string, i: number): boolean => {
              if (isDropped && !held) return i === 0 && !owners.includes('anna');
              return owner !== 'anna' || held;
            };
            const wrong = owners.flatMap((owner, i) =>
              has(markOf(owner, n * 10 + i)) && !mayStand(owner, i) ? [`${n} ${i} ${owner}`] : [],
            );
            const lost = owners.flatMap((owner, i) => (held && !has(markOf(owner, n * 10 + i)) ? [`${n} ${i} ${owner}`] : []));
            expect([wrong, lost]).toEqual([[], []]);
            if (held || isDropped || !owners.includes('anna')) continue;
            const { messages } = await store.read.journey(rootOf(n));
            // The root holds the data of all of its parts.
            expect(messages.find(({ id }) => id === rootOf(n))).toMatchObject({
              body: { kind: 'erased' },
              headers: {},
              keys: {},
            });
            expect(await store.read.reply(rootOf(n))).toBeUndefined();
            const others = messages.filter(({ keys }) => keys['customer'] !== undefined);
            expect(others.every(({ keys, body }) => keys['customer'] !== 'anna' && body.kind !== 'erased')).toBe(true);
          }
        } finally {
          await store.close();
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('a legal hold', () => {
  const root = sampleId('a', 1);
  it.each([
    ['a key', { key: { name: 'customer', value: 'anna' } }],
    ['a journey', { journey: root }],
    ['a flow and a time', { flow: 'orders', fromMs: startMs, untilMs: startMs + 1 }],
    ['a time', { fromMs: startMs }],
  ])('by %s keeps what was to be dropped or erased when it came, until it is lifted', async (_what, about) => {
    const store = await openSqliteStore({ folder: ':memory:', nowMs: () => startMs });
    const ended = { state: 'done', endedAtMs: startMs } as const;
    await store.commit({
      messages: [sampleMessage(1)],
      deliveries: [sampleDelivery(1, root, ended)],
      keys: [{ name: 'customer', value: 'anna', root }],
    });
    const ask = { beforeMs: startMs + 9, afterSeq: 0, limit: 9, bytesMax: 1e9 };
    const [{ numbers }, plan] = [await store.read.droppable(ask), await store.read.erasable({ name: 'customer', value: 'anna' })];
    expect([numbers, plan.length]).toEqual([[1], 1]);
    await store.commit({ holds: [{ id: 'h', atMs: 1, who: 'x', reason: 'x', about }] });
    const drop = { seqs: numbers, endedBeforeMs: startMs + 9 };
    expect((await store.commit({ drop })).dropped?.deliveries).toBe(0);
    await expect(store.commit({ erase: plan })).rejects.toMatchObject({ code: 'MORTISE_STORE_CONFLICT' });
    expect((await store.read.droppable(ask)).numbers).toEqual([]);
    expect((await store.read.erasable({ name: 'customer', value: 'anna' }))[0]?.holds).toEqual(['h']);
    await store.commit({ lifts: ['h'] });
    expect((await store.commit({ drop })).dropped?.deliveries).toBe(1);
    await store.close();
  });

  it('by another key, flow or time keeps nothing', async () => {
    const store = await openSqliteStore({ folder: ':memory:', nowMs: () => startMs });
    const ended = { state: 'done', endedAtMs: startMs } as const;
    await store.commit({ messages: [sampleMessage(1)], deliveries: [sampleDelivery(1, root, ended)] });
    for (const [n, about] of [
      { key: { name: 'customer', value: 'bert' } },
      { journey: sampleId('a', 2) },
      { flow: 'other' },
      { fromMs: startMs + 1 },
      { untilMs: startMs },
    ].entries())
      await store.commit({ holds: [{ id: `h${n}`, atMs: 1, who: 'x', reason: 'x', about }] });
    expect((await store.commit({ drop: { seqs: [1], endedBeforeMs: startMs + 9 } })).dropped?.deliveries).toBe(1);
    await store.close();
  });
});
