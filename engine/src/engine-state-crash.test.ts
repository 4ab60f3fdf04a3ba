// Steps that keep something, in an engine that dies at any commit: nothing is lost, nothing happens twice.

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Lives } from './crashing-store.fixture.ts';
import type { Death } from './crashing-store.fixture.ts';
import type { Mesh, MeshOptions } from './mesh.fixture.ts';

let lives: Lives | undefined;
afterEach(async () => {
  await lives?.remove();
  lives = undefined;
});

const from = { system: 'peer', inbound: 'in' };
const to = { system: 'peer', outbound: 'a' };

interface Numbered {
  readonly key: string;
  readonly n: number;
}

/** Accepts all at once, under keys of the sender: what was accepted before is a duplicate. */
const sendAll = (messages: readonly Numbered[], isDone: (mesh: Mesh) => Promise<boolean>) => async (mesh: Mesh) => {
  await Promise.all(messages.map((message) => mesh.accept(message, `${message.key}-${message.n}`)));
  await mesh.until(() => isDone(mesh), 'the end');
};

/** Nothing waits, nothing is held. */
async function isOver({ store }: Mesh): Promise<boolean> {
  const { rows } = await store.read.balance();
  return rows.length > 0 && rows.every(({ states }) => states.waiting + states.held === 0);
}

async function expectEven({ store }: Mesh): Promise<void> {
  const { rows, outputsSaid, outputsFound, strayMessages } = await store.read.balance();
  for (const { created, states } of rows) expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(created);
  expect([outputsSaid, strayMessages]).toEqual([outputsFound, 0]);
}

/** Dies at these commits, one after the other, then lives to the end. */
async function run(options: MeshOptions, deaths: readonly Death[], messages: readonly Numbered[]): Promise<readonly unknown[]> {
  const own = new Lives(options);
  lives = own;
  const live = sendAll(messages, isOver);
  for (const death of deaths) await own.live(death, live);
  await own.live(undefined, async (mesh) => {
    await live(mesh);
    await expectEven(mesh);
  });
  const bodies = [...own.sent.values()].map(({ body }) => body);
  await own.remove();
  lives = undefined;
  return bodies;
}

const messagesOf = (keys: readonly string[], count: number): readonly Numbered[] =>
  Array.from({ length: count }, (_, n) => keys.map((key) => ({ key, n: n + 1 }))).flat();

const everyDeath = (commits: number): readonly Death[] =>
  Array.from({ length: commits }, (_, at) => [true, false].map((applied) => ({ at: at + 1, applied }))).flat();

describe('an engine that dies at any of its commits', () => {
  const groups: MeshOptions = {
    flows: {
      f: { from, steps: [{ aggregate: { id: 'g', by: 'key', atMost: 3, after: '5s', emit: '{ "ns": $group.n[] }' } }], to },
    },
  };

  it('has each message in one group, once', { timeout: 120_000 }, async () => {
    for (const death of everyDeath(16)) {
      const found = (await run(groups, [death], messagesOf(['x', 'y'], 4))) as { ns: number[] }[];
      const ns = found.flatMap((group) => group.ns).sort((a, b) => a - b);
      expect({ death, ns }).toEqual({ death, ns: [1, 1, 2, 2, 3, 3, 4, 4] });
    }
  });

  it('draws each number once, and leaves no gap', { timeout: 120_000 }, async () => {
    const steps = [{ sequence: { name: 's', into: 'no' } }, { map: '{ "no": $no, "n": n }' }];
    for (const death of everyDeath(8)) {
      const found = (await run({ flows: { f: { from, steps, to } } }, [death], messagesOf(['x'], 5))) as { no: number }[];
      expect({ death, ns: found.map(({ no }) => no).sort() }).toEqual({ death, ns: [1, 2, 3, 4, 5] });
    }
  });

  it('undoes once what was done', { timeout: 120_000 }, async () => {
    const call = (outbound: string) => ({ call: { system: 'peer', outbound, with: `{ "did": "${outbound}" }`, into: outbound } });
    const undo = (outbound: string) => ({
      compensate: {
        id: `undo-${outbound}`,
        steps: [{ call: { system: 'peer', outbound: 'c', with: `{ "undid": "${outbound}" }`, into: 'x' } }],
      },
    });
    const steps = [call('a'), undo('a'), call('b'), undo('b'), { map: '$number("broken")' }];
    const send = () => ({ reply: { body: null } });
    for (const death of everyDeath(9)) {
      const found = (await run({ flows: { f: { from, steps } }, send }, [death], messagesOf(['x'], 1))) as object[];
      expect({ death, found: found.map((body) => JSON.stringify(body)).sort() }).toEqual({
        death,
        found: ['{"did":"a"}', '{"did":"b"}', '{"undid":"a"}', '{"undid":"b"}'],
      });
    }
  });
});

describe('random histories with deaths and duplicates', () => {
  const deaths = fc.array(fc.record({ at: fc.integer({ min: 1, max: 25 }), applied: fc.boolean() }), { maxLength: 3 });

  it('put messages in order, each once', { timeout: 120_000 }, async () => {
    const step = { resequence: { id: 'r', by: 'key', sequence: 'n', after: '1000s' } };
    const orders = fc.shuffledSubarray(messagesOf(['x', 'y'], 6) as Numbered[], { minLength: 12 });
    const property = fc.asyncProperty(orders, deaths, async (messages, dying) => {
      const options: MeshOptions = { flows: { f: { from, steps: [step], to } } };
      const found = (await run(options, dying, [...messages, ...messages.slice(0, 3)])) as Numbered[];
      for (const key of ['x', 'y']) expect(found.filter((one) => one.key === key).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    });
    await expect(fc.assert(property, { numRuns: 12 })).resolves.toBeUndefined();
  });

  it('group what a split took apart, over several keys at once, each once', { timeout: 120_000 }, async () => {
    const steps = [
      { split: { each: 'lines' } },
      { aggregate: { id: 'g', by: 'key', atMost: 4, after: '5s', emit: '{ "key": $group[0].key, "ids": $group.id[] }' } },
    ];
    const lines = fc.array(fc.constantFrom('p', 'q', 'r'), { minLength: 1, maxLength: 5 });
    // A group that is complete and the next one of its key, both in one attempt.
    const examples: [string[][], { at: number; applied: boolean }[]][] = [[[['p', 'p', 'p', 'p', 'p']], []]];
    const property = fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 8 }), deaths, async (given, dying) => {
      const messages = given.map((keys, n) => ({ key: 'm', n, lines: keys.map((key, line) => ({ key, id: `${n}-${line}` })) }));
      const found = (await run({ flows: { f: { from, steps, to } } }, dying, messages)) as { key: string; ids: string[] }[];
      const all = messages.flatMap((message) => message.lines);
      expect(found.flatMap(({ ids }) => ids).sort()).toEqual(all.map(({ id }) => id).sort());
      const keyOf = new Map(all.map(({ id, key }) => [id, key]));
      for (const { key, ids } of found) expect(ids.every((id) => keyOf.get(id) === key) && ids.length <= 4).toBe(true);
    });
    await expect(fc.assert(property, { numRuns: 20, examples })).resolves.toBeUndefined();
  });
});
