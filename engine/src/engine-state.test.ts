// Steps that keep something: groups, sequences, numbers, rates; what each does, seen from outside.

import { InDoubt, Rejected, Unavailable } from '@mortise/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from './harness/virtual-clock.ts';
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
const to = { system: 'peer', outbound: 'a' };

const bodies = ({ sent }: Mesh): unknown[] => sent.map(({ body }) => body);
const statesOf = async (running: Mesh, destination: string): Promise<readonly string[]> =>
  (await running.states()).filter((state) => state.startsWith(destination)).map((state) => state.slice(destination.length + 1));

async function isEven({ store }: Mesh): Promise<void> {
  const { rows, outputsSaid, outputsFound, strayMessages } = await store.read.balance();
  for (const { created, states } of rows) expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(created);
  expect([outputsSaid, strayMessages]).toEqual([outputsFound, 0]);
}

describe('aggregate', () => {
  const step = (more: object) => ({ aggregate: { id: 'group', by: 'key', ...more } });

  it('makes one message of a group, in the order of arrival, with atMost', async () => {
    const running = await open({
      flows: { f: { from, steps: [step({ atMost: 3, emit: '{ "sum": $sum($group.n), "ns": $group.n }' })], to } },
    });
    for (let n = 1; n <= 7; n++) await running.accept({ key: 'x', n });
    await running.settled();
    expect(bodies(running)).toEqual([
      { sum: 6, ns: [1, 2, 3] },
      { sum: 15, ns: [4, 5, 6] },
    ]);
    expect((await statesOf(running, 'flow:f')).filter((state) => state === 'held')).toHaveLength(1);
    await isEven(running);
  });

  it('keeps groups of keys apart when messages of many come at once, and loses none', async () => {
    const running = await open({
      flows: {
        f: { from, steps: [step({ complete: '$count($group) = 5', emit: '{ "key": $group[0].key, "ns": $group.n }' })], to },
      },
    });
    await Promise.all(Array.from({ length: 100 }, (_, n) => running.accept({ key: n % 4, n })));
    await running.until(() => running.sent.length === 20, 'all groups');
    await running.settled();
    const found = bodies(running) as { key: number; ns: number[] }[];
    expect(found.flatMap(({ ns }) => ns).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
    for (const { key, ns } of found) expect(ns.every((n) => n % 4 === key)).toBe(true);
    expect(await statesOf(running, 'flow:f')).not.toContain('held');
    await isEven(running);
  });

  it('goes on with what there is when the time is over, once', async () => {
    const running = await open({ flows: { f: { from, steps: [step({ after: '1s' })], to } } });
    await running.accept({ key: 'x', n: 1 });
    await running.accept({ key: 'x', n: 2 });
    await running.until(() => running.sent.length === 1, 'the group');
    await running.settled();
    expect(bodies(running)).toEqual([
      [
        { key: 'x', n: 1 },
        { key: 'x', n: 2 },
      ],
    ]);
    expect(await statesOf(running, 'flow:f')).toEqual(['done', 'done', 'done', 'done', 'done']);
    await isEven(running);
  });

  it.each([
    ['new', ['done', 'done', 'done', 'held']],
    ['drop', ['done', 'done', 'done', 'filtered']],
    ['dead', ['dead', 'done', 'done', 'done']],
  ])('with "late: %s" does so with a message whose group has gone on', async (late, states) => {
    const running = await open({ flows: { f: { from, steps: [step({ late, complete: 'last' })], to } } });
    await running.accept({ key: 'x', last: true });
    await running.settled();
    await running.accept({ key: 'x', last: false });
    await running.settled();
    expect(running.sent).toHaveLength(1);
    const found = await statesOf(running, 'flow:f');
    expect([...found].sort()).toEqual(late === 'new' ? states : states.filter((_, index) => index !== 1));
    const codes = (await running.journal()).flatMap(({ delivery }) => delivery.error?.code ?? []);
    expect(codes).toEqual(late === 'dead' ? ['MORTISE_STEP_LATE'] : []);
    await isEven(running);
  });

  it('puts together again what a split took apart, and answers the requester: scatter and gather', async () => {
    const steps = [
      { split: { each: 'lines' } },
      { call: { system: 'peer', outbound: 'b', into: 'offer' } },
      { map: '{ "offer": $offer }' },
      { aggregate: { id: 'offers', by: '"r"', complete: '$count($group) = 3', after: '1h', emit: '$group.offer' } },
      { reply: '{ "offers": $ }' },
    ];
    const send = ({ outbound, body }: { outbound: string; body: unknown }) =>
      outbound === 'b' ? { reply: { body: { for: body } } } : {};
    const running = await open({ flows: { f: { from, steps } }, send });
    const { reply } = await running.accept({ lines: ['p', 'q', 'r'] });
    expect(await reply?.wait(60_000)).toMatchObject({ body: { offers: [{ for: 'p' }, { for: 'q' }, { for: 'r' }] } });
    await running.settled();
    await isEven(running);
  });

  it('shows in the journeys what became a part of what', async () => {
    const running = await open({ flows: { f: { from, steps: [step({ atMost: 3 })], to } } });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await running.accept({ key: 'x', n })).id);
    await running.settled();
    const [first, second] = await Promise.all(ids.map((id) => running.store.read.journey(id)));
    expect(first?.joined.map(({ memberRoot, intoRoot }) => [memberRoot, intoRoot])).toEqual([
      [ids[0], ids[0]],
      [ids[1], ids[0]],
    ]);
    expect(second?.joined).toEqual([first?.joined[1]]);
    expect(first?.messages.some(({ id }) => id === first.joined[0]?.into)).toBe(true);
  });

  it('lets a discarded message leave its group, which still goes on in time', async () => {
    const running = await open({ flows: { f: { from, steps: [step({ after: '3s', atMost: 3 })], to } } });
    for (let n = 0; n < 2; n++) await running.accept({ key: 'x', n });
    await running.settled();
    const held = (await running.journal()).filter(({ delivery }) => delivery.state === 'held');
    await running.engine.operations.discard(held[0]?.delivery.id as string, 'not wanted');
    await running.until(() => running.sent.length === 1, 'the group');
    await running.settled();
    expect(bodies(running)).toEqual([[{ key: 'x', n: 1 }]]);
    await running.accept({ key: 'x', n: 9 });
    await running.settled();
    const only = (await running.journal()).find(({ delivery }) => delivery.state === 'held');
    await running.engine.operations.discard(only?.delivery.id as string, 'not wanted');
    for (let n = 10; n < 13; n++) await running.accept({ key: 'x', n });
    await running.until(() => running.sent.length === 2, 'the next group');
    expect((bodies(running)[1] as { n: number }[]).map(({ n }) => n)).toEqual([10, 11, 12]);
    await isEven(running);
  });

  it('takes many groups at once in any order and comes to no deadlock', async () => {
    const steps = [
      { sequence: { name: 'message', into: 'no' } },
      { call: { system: 'peer', outbound: 'b', into: 'answer' } },
      { split: { each: 'lines' } },
      { map: '{ "key": key, "no": $no }' },
      step({ atMost: 40, emit: '$group.no' }),
    ];
    const running = await open({ flows: { f: { from, steps, to } } });
    const keys = ['p', 'q', 'r', 's'];
    const linesOf = (n: number) => keys.map((_, at) => ({ key: keys[(n % 2 ? n + at : n + 4 - at) % 4], n }));
    await Promise.all(Array.from({ length: 40 }, (_, n) => running.accept({ lines: linesOf(n) })));
    const groups = () => running.sent.filter(({ outbound }) => outbound === 'a').map(({ body }) => body as number[]);
    await running.until(() => groups().length === 4, 'all groups');
    await running.settled();
    const all = Array.from({ length: 40 }, (_, n) => n + 1);
    for (const numbers of groups()) expect([...numbers].sort((a, b) => a - b)).toEqual(all);
    expect(running.sent.filter(({ outbound }) => outbound === 'b')).toHaveLength(40);
    await isEven(running);
  });

  it('holds a group of very many on disk, and goes on with all of it', { timeout: 120_000 }, async () => {
    const parts = 5000;
    const steps = [
      { split: { each: '[1..n].{ "key": "x", "n": $ }' } },
      step({ atMost: parts, emit: '{ "n": $count($group), "sum": $sum($group.n) }' }),
    ];
    const running = await open({ flows: { f: { from, steps, to } } });
    const { id } = await running.accept({ n: parts });
    const isOver = async (): Promise<boolean> => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return running.sent.length === 1;
    };
    for (let looks = 0; looks < 1500 && !(await isOver()); looks++);
    expect(bodies(running)).toEqual([{ n: parts, sum: (parts * (parts + 1)) / 2 }]);
    const members = new Set<string>();
    let page = await running.store.read.journey(id);
    for (let left = true; left; ) {
      for (const { member } of page.joined) members.add(member);
      left = page.next !== undefined;
      if (page.next !== undefined) page = await running.store.read.journey(id, { after: page.next });
    }
    // The last one completes the group, and goes on as it: it never was held.
    expect(members.size).toBe(parts - 1);
    await isEven(running);
  });

  it('whose "emit" fails keeps the group as it was; it goes on when that is mended and retried', async () => {
    const flow = (emit: string) => ({ flows: { f: { from, steps: [step({ atMost: 2, emit })], to } } });
    const running = await open(flow('$number("broken")'));
    await running.accept({ key: 'x', n: 1 });
    await running.accept({ key: 'x', n: 2 });
    await running.settled();
    expect([...(await statesOf(running, 'flow:f'))].sort()).toEqual(['dead', 'done', 'held']);
    await running.apply(flow('$group.n'));
    const dead = (await running.journal()).find(({ delivery }) => delivery.state === 'dead');
    await running.engine.operations.retry(dead?.delivery.id as string);
    await running.settled();
    expect(bodies(running)).toEqual([[1, 2]]);
    await isEven(running);
  });

  it('is refused where it would never be complete', async () => {
    const opened = open({ flows: { f: { from, steps: [step({})], to } } });
    await expect(opened).rejects.toThrow('never complete');
  });

  it('refuses a project that has lost the step while a group is open', async () => {
    const running = await open({ flows: { f: { from, steps: [step({ atMost: 3 })], to } } });
    await running.accept({ key: 'x' });
    await running.settled();
    await expect(running.apply({ flows: { f: { from, to } } })).rejects.toMatchObject({ code: 'MORTISE_ENGINE_ORPHANS' });
  });
});

describe('resequence', () => {
  const step = (more: object = {}) => ({ resequence: { id: 'order', by: 'key', sequence: 'n', after: '1h', ...more } });

  it('lets messages go on in the order of their numbers, and duplicates end', async () => {
    const running = await open({ flows: { f: { from, steps: [step()], to } } });
    for (const n of [3, 1, 5, 3, 2, 1, 4, 6]) await running.accept({ key: 'x', n });
    await running.until(() => running.sent.length === 6, 'all six');
    await running.settled();
    expect(bodies(running).map((body) => (body as { n: number }).n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await statesOf(running, 'flow:f')).filter((state) => state === 'filtered')).toHaveLength(2);
    await isEven(running);
  });

  it('skips what is missing when the time is over; what was skipped goes on when it comes', async () => {
    const running = await open({ flows: { f: { from, steps: [step({ after: '1s' })], to } } });
    for (const n of [1, 4, 3, 7]) await running.accept({ key: 'x', n });
    await running.until(() => running.sent.length === 4, 'all that came');
    for (const n of [2, 4, 8]) await running.accept({ key: 'x', n });
    await running.until(() => running.sent.length === 6, 'the late one');
    await running.settled();
    expect(bodies(running).map((body) => (body as { n: number }).n)).toEqual([1, 3, 4, 7, 2, 8]);
    await isEven(running);
  });

  it('lets held messages go on that are too long to be read at once', async () => {
    const running = await open({ flows: { f: { from, steps: [step(), { map: '{ "n": n }' }], to } } });
    const text = 'x'.repeat(200_000);
    for (let n = 50; n > 0; n--) await running.accept({ key: 'x', n, text });
    await running.until(() => running.sent.length === 50, 'all of them');
    expect(bodies(running)).toEqual(Array.from({ length: 50 }, (_, n) => ({ n: n + 1 })));
    await isEven(running);
  });

  it('works within a split, and lets a long run of held ones go on piece by piece', async () => {
    const running = await open({
      flows: { f: { from, steps: [{ split: { each: 'ns' } }, { map: '{ "key": "x", "n": $ }' }, step()], to } },
    });
    await running.accept({ ns: Array.from({ length: 450 }, (_, n) => 451 - n) });
    await running.accept({ ns: [1] });
    await running.until(() => running.sent.length === 451, 'all of them');
    await running.settled();
    expect(bodies(running).map((body) => (body as { n: number }).n)).toEqual(Array.from({ length: 451 }, (_, n) => n + 1));
    await isEven(running);
  });
});

describe('sequence', () => {
  it('gives each number once over all flows, and leaves no gap for what fails', async () => {
    const steps = [{ sequence: { name: 'invoice', into: 'no', from: 5, to: 1000 } }, { map: '{ "no": $no, "n": $number(n) }' }];
    const running = await open({ flows: { f: { from, steps, to }, g: { from, steps, to } } });
    await Promise.all(Array.from({ length: 40 }, (_, n) => running.accept({ n: n % 10 === 3 ? 'broken' : n })));
    await running.settled();
    const numbers = (bodies(running) as { no: number }[]).map(({ no }) => no).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 72 }, (_, n) => n + 5));
  });

  it('is refused where its last number does not follow its first', async () => {
    const opened = open({ flows: { f: { from, steps: [{ sequence: { name: 's', into: 'no', from: 5, to: 5 } }], to } } });
    await expect(opened).rejects.toThrow('from 5 to 5');
  });

  it('begins anew behind its last number', async () => {
    const steps = [{ sequence: { name: 's', into: 'no', from: 1, to: 3 } }, { map: '$no' }];
    const running = await open({ flows: { f: { from, order: { by: '"one"' }, steps, to } } });
    for (let n = 0; n < 5; n++) await running.accept({ n });
    await running.settled();
    expect(bodies(running)).toEqual([1, 2, 3, 1, 2]);
  });

  it('keeps the number of a message that a system may have seen', async () => {
    let fail = true;
    const seen: unknown[] = [];
    const send = ({ outbound, body }: { outbound: string; body: unknown }) => {
      if (outbound !== 'b') return {};
      seen.push(body);
      if (fail && (body as { n: number }).n === 1) throw new Unavailable('down');
      return { reply: { body: null } };
    };
    const steps = [
      { sequence: { name: 's', into: 'no' } },
      { call: { system: 'peer', outbound: 'b', with: '{ "no": $no, "n": n }', into: 'x' } },
    ];
    const running = await open({ flows: { f: { from, steps, to: { ...to, with: '{ "no": $no, "n": n }' } } }, send });
    await running.accept({ n: 1 });
    await running.until(() => seen.length >= 2, 'tried again');
    await running.accept({ n: 2 });
    await running.until(() => running.sent.some(({ outbound }) => outbound === 'a'), 'the second');
    fail = false;
    await running.settled();
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(new Set(['{"no":1,"n":1}', '{"no":2,"n":2}']));
  });
});

describe('sequence and a system that is left alone', () => {
  it('keeps the number over attempts that are not counted', async () => {
    let isDown = true;
    const send = ({ outbound }: { outbound: string }) => {
      if (isDown && outbound === 'b') throw new Unavailable('down');
      return { reply: { body: null } };
    };
    const steps = [{ sequence: { name: 's', into: 'no' } }, { call: { system: 'peer', outbound: 'b', into: 'x' } }];
    const running = await open({ flows: { f: { from, steps, to: { ...to, with: '{ "no": $no, "n": n }' } } }, send });
    await running.accept({ n: 1 });
    await running.until(() => running.sent.length >= 5, 'the breaker opens');
    for (let n = 2; n < 6; n++) await running.accept({ n });
    const untilMs = fastClock.nowMs() + 60_000;
    await running.until(() => fastClock.nowMs() > untilMs, 'a minute passes');
    isDown = false;
    await running.until(() => running.sent.filter(({ outbound }) => outbound === 'a').length === 5, 'all sent');
    const numbers = running.sent.filter(({ outbound }) => outbound === 'a').map(({ body }) => (body as { no: number }).no);
    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('compensate', () => {
  const call = (outbound: string) => ({ call: { system: 'peer', outbound, into: outbound } });
  const undo = (id: string, outbound: string) => ({
    compensate: {
      id,
      steps: [{ call: { system: 'peer', outbound: 'c', with: `{ "undo": $${outbound}.id, "why": $error.code }`, into: 'x' } }],
    },
  });
  const steps = [call('a'), undo('undo-a', 'a'), call('b'), undo('undo-b', 'b'), { map: '{ "n": $number(n) }' }];
  const send = ({ outbound }: { outbound: string }) => ({ reply: { body: { id: outbound } } });
  const undone = ({ sent }: Mesh) => sent.filter(({ outbound }) => outbound === 'c').map(({ body }) => body);

  it('undoes what was done, the last first, when a later step is dead; such a one is replayed, not retried', async () => {
    const running = await open({ flows: { f: { from, steps } }, send });
    await running.accept({ n: 'broken' });
    await running.settled();
    const why = 'MORTISE_STEP_EXPRESSION_FAILED';
    expect(undone(running)).toEqual([
      { undo: 'b', why },
      { undo: 'a', why },
    ]);
    expect(await statesOf(running, 'flow:f')).toEqual(['dead', 'done', 'done', 'done', 'done']);
    const dead = (await running.journal())[0]?.delivery.id as string;
    await expect(running.engine.operations.retry(dead)).rejects.toMatchObject({ code: 'MORTISE_DELIVERY_WRONG_STATE' });
    await isEven(running);
  });

  it('undoes nothing when the flow comes to its end', async () => {
    const running = await open({ flows: { f: { from, steps } }, send });
    await running.accept({ n: '1' });
    await running.settled();
    expect(undone(running)).toEqual([]);
    expect(await statesOf(running, 'flow:f')).toEqual(['done', 'filtered', 'filtered']);
    await isEven(running);
  });

  it('registers once over many attempts, and undoes only what was reached', async () => {
    const failing = ({ outbound }: { outbound: string }) => {
      if (outbound === 'b') throw new Unavailable('down');
      return send({ outbound });
    };
    const running = await open({ flows: { f: { from, steps, retry: { for: '5s', backoff: '1s..1s' } } }, send: failing });
    await running.accept({ n: 'broken' });
    await running.until(async () => (await statesOf(running, 'flow:f')).includes('dead'), 'dead');
    await running.settled();
    expect(undone(running)).toEqual([{ undo: 'a', why: 'MORTISE_DELIVERY_UNAVAILABLE' }]);
    expect(await statesOf(running, 'flow:f')).toEqual(['dead', 'done', 'done']);
    await isEven(running);
  });

  it('holds up the others when one cannot be undone, until a person has decided', async () => {
    let isBroken = true;
    const refusing = ({ outbound, body }: { outbound: string; body: unknown }) => {
      if (isBroken && outbound === 'c' && (body as { undo: string }).undo === 'b') throw new Rejected('no');
      return send({ outbound });
    };
    const running = await open({ flows: { f: { from, steps } }, send: refusing });
    await running.accept({ n: 'broken' });
    await running.until(
      async () => (await statesOf(running, 'flow:f')).filter((state) => state === 'dead').length === 2,
      'both dead',
    );
    expect(undone(running)).toHaveLength(1);
    isBroken = false;
    const stuck = (await running.journal()).find(
      ({ delivery }) => delivery.entry === 'compensate:undo-b' && delivery.state === 'dead',
    );
    await running.engine.operations.retry(stuck?.delivery.id as string);
    await running.settled();
    expect((undone(running) as { undo: string }[]).map(({ undo: what }) => what)).toEqual(['b', 'b', 'a']);
    await isEven(running);
  });

  it('undoes what a person discards while it is in doubt', async () => {
    const doubtful = ({ outbound }: { outbound: string }) => {
      if (outbound === 'once') throw new InDoubt('no answer');
      return send({ outbound });
    };
    const flow = { from, steps: [call('a'), undo('undo-a', 'a'), call('once')] };
    const running = await open({ flows: { f: flow }, unsafe: ['once'], send: doubtful });
    await running.accept({ n: 1 });
    await running.until(async () => (await statesOf(running, 'flow:f')).includes('in-doubt'), 'in doubt');
    await running.engine.operations.discard((await running.journal())[0]?.delivery.id as string, 'not wanted');
    await running.settled();
    expect(undone(running)).toEqual([{ undo: 'a', why: 'MORTISE_DELIVERY_DISCARDED' }]);
    await isEven(running);
  });

  it('undoes what a requester did not wait for', async () => {
    let isDown = true;
    const failing = ({ outbound }: { outbound: string }) => {
      if (isDown && outbound === 'b') throw new Unavailable('down');
      return send({ outbound });
    };
    const flow = { from, steps: [call('a'), undo('undo-a', 'a'), call('b'), { reply: '1' }] };
    const running = await open({ flows: { f: flow }, send: failing });
    const { reply } = await running.accept({ n: 1 });
    await running.until(() => running.sent.some(({ outbound }) => outbound === 'b'), 'failed once');
    reply?.abandon();
    isDown = false;
    await running.settled();
    expect(await statesOf(running, 'flow:f')).toEqual(['abandoned', 'done', 'done']);
    expect(undone(running)).toEqual([{ undo: 'a', why: 'MORTISE_DELIVERY_ABANDONED' }]);
    await isEven(running);
  });

  it('refuses steps that hold messages behind it', async () => {
    const opened = open({ flows: { f: { from, steps: [...steps, { delay: '1s' }] } }, send });
    await expect(opened).rejects.toThrow('could not be undone');
  });
});

describe('throttle', () => {
  it('lets messages go on in order at its rate, each held until its time', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    const startMs = clock.nowMs();
    const steps = [{ throttle: { id: 't', rate: '2/s' } }];
    const running = await open({ flows: { f: { from, order: { by: '"one"' }, steps, to } }, clock });
    for (let n = 0; n < 6; n++) await running.accept({ n });
    const held = async () => (await running.journal()).filter(({ delivery }) => delivery.state === 'held');
    await running.until(async () => (await held()).length === 6, 'all held');
    const dues = (await held()).map(({ delivery }) => (delivery.dueAtMs ?? 0) - startMs);
    expect(dues).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    await running.until(() => {
      clock.advance();
      return running.sent.length === 6;
    }, 'all of them');
    expect(bodies(running)).toEqual(Array.from({ length: 6 }, (_, n) => ({ n })));
    expect(clock.nowMs()).toBeGreaterThanOrEqual(startMs + 2500);
    await isEven(running);
  });
});
