// What stands still: limits that all share, pauses, maintenance windows. Nothing is sent, nothing is counted, nothing is lost.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '@mortise/sdk';
import { manualClock } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { fastClock, Mesh } from './mesh.fixture.ts';
import type { MeshOptions } from './mesh.fixture.ts';
import { openSqliteStore } from './store/sqlite/open.ts';

const root = mkdtempSync(join(tmpdir(), 'mortise-standstill-'));
let folders = 0;
let open: Mesh[] = [];
let release: (() => void)[] = [];
afterEach(async () => {
  for (const letGo of release) letGo();
  await Promise.all(open.map((mesh) => mesh.close()));
  [open, release] = [[], []];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const from = { system: 'peer', inbound: 'in' };
const to = (outbound: string) => ({ system: 'peer', outbound });
const flows = { f: { from, to: to('a') } };
const minuteMs = 60_000;

async function start(options: MeshOptions): Promise<Mesh> {
  const mesh = await Mesh.open(options);
  open.push(mesh);
  return mesh;
}

/** On a folder, and what a crash now would leave of it. */
async function startInFolder(options: MeshOptions, folder = join(root, String(folders++))) {
  const store = await openSqliteStore({ folder, nowMs: fastClock.nowMs, inThread: false });
  const mesh = await start({ ...options, store });
  const crash = (): string => {
    const copy = join(root, String(folders++));
    cpSync(folder, copy, { recursive: true });
    return copy;
  };
  return { mesh, crash };
}

const hanging = (): Promise<Record<string, never>> => new Promise((resolve) => release.push(() => resolve({})));
const waits = (mesh: Mesh, state: string, count: number): Promise<void> =>
  mesh.until(async () => (await mesh.states()).filter((one) => one === state).length === count, `${count} of ${state}`);
const attempts = async (mesh: Mesh): Promise<readonly number[]> =>
  (await mesh.journal())
    .filter(({ delivery }) => delivery.destination.startsWith('outbound:'))
    .map(({ delivery }) => delivery.attempts);

describe('the limits of an outbound', () => {
  it('hold for deliveries and for calls together', async () => {
    let inside = 0;
    let most = 0;
    const send = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
      return {};
    };
    const mesh = await start({
      flows: {
        f: { from, to: [to('a'), to('a')] },
        g: { from, concurrency: 20, steps: [{ call: to('a') }, { filter: 'false' }] },
      },
      send,
    });
    for (let n = 0; n < 20; n++) await mesh.accept({ n });
    await mesh.settled();
    expect(mesh.sent).toHaveLength(60);
    expect(most).toBe(4);
  });

  it('spread its rate over the time, for each outbound by itself', async () => {
    const times = new Map<string, number[]>();
    const mesh = await start({
      flows: { f: { from, to: [to('a'), to('b')] } },
      rate: { count: 2, perMs: 1000 },
      send: ({ outbound }) => {
        times.set(outbound, [...(times.get(outbound) ?? []), fastClock.nowMs()]);
        return {};
      },
    });
    for (let n = 0; n < 5; n++) await mesh.accept({ n });
    await mesh.settled();
    for (const sent of times.values()) expect((sent.at(-1) as number) - (sent[0] as number)).toBeGreaterThanOrEqual(1500);
    expect([...times.keys()].toSorted()).toEqual(['a', 'b']);
  });
});

describe('what waits for the limits of a system when the process dies', () => {
  it('is not in doubt: it was not sent, though the system is not idempotent', async () => {
    const options: MeshOptions = {
      flows: { f: { from, to: [to('once'), to('once')] } },
      unsafe: ['once'],
      limits: { concurrency: 1 },
      send: hanging,
    };
    const { mesh, crash } = await startInFolder(options);
    for (let n = 0; n < 2; n++) await mesh.accept({ n });
    await mesh.until(() => mesh.sent.length === 1, 'one under way');
    await mesh.until(() => mesh.engine.dispatcher.running('outbound:peer.once') === 4, 'three at the gate');
    const { mesh: next } = await startInFolder({ ...options, send: () => ({}) }, crash());
    await next.settled();
    const states = (await next.states()).filter((state) => state.startsWith('outbound:')).toSorted();
    expect(states).toEqual([
      'outbound:peer.once done',
      'outbound:peer.once done',
      'outbound:peer.once done',
      'outbound:peer.once in-doubt',
    ]);
  });
});

describe('a pause', () => {
  it('of a system: nothing is sent, nothing is counted; what was under way ends; all goes on afterwards', async () => {
    const mesh = await start({ flows, send: hanging });
    const { standstills } = mesh.engine;
    await mesh.accept({ n: 0 });
    await mesh.until(() => mesh.sent.length === 1, 'one under way');
    await standstills.pause('system', 'peer', 'upgrade');
    release.splice(0)[0]?.();
    await waits(mesh, 'outbound:peer.a done', 1);
    for (let n = 1; n < 4; n++) await mesh.accept({ n });
    await waits(mesh, 'outbound:peer.a waiting', 3);
    expect(mesh.sent).toHaveLength(1);
    expect(await attempts(mesh)).toEqual([1, 0, 0, 0]);
    await standstills.resume('system', 'peer');
    await mesh.until(() => mesh.sent.length === 4, 'all sent');
    for (const letGo of release.splice(0)) letGo();
    await mesh.settled();
    expect(await attempts(mesh)).toEqual([1, 1, 1, 1]);
  });

  it('of a system holds what waits for its limits, too', async () => {
    const mesh = await start({ flows: { f: { from, to: [to('a'), to('b')] } }, limits: { concurrency: 1 }, send: hanging });
    await mesh.accept({});
    await mesh.until(() => mesh.sent.length === 1, 'one under way');
    await mesh.until(() => mesh.engine.dispatcher.running('outbound:peer.b') === 1, 'one at the gate');
    await mesh.engine.standstills.pause('system', 'peer');
    release.splice(0)[0]?.();
    await waits(mesh, 'outbound:peer.a done', 1);
    await mesh.until(() => mesh.engine.dispatcher.running('outbound:peer.b') === 0, 'nothing at the gate');
    expect(mesh.sent).toHaveLength(1);
    await mesh.engine.standstills.resume('system', 'peer');
    await mesh.until(() => mesh.sent.length === 2, 'the other one sent');
  });

  it('of a system that a flow calls lets the flow wait without a counted attempt, and wakes it', async () => {
    const mesh = await start({ flows: { g: { from, steps: [{ call: to('b') }, { filter: 'false' }] } } });
    await mesh.engine.standstills.pause('system', 'peer');
    await mesh.accept({});
    await mesh.until(() => mesh.engine.dispatcher.running('flow:g') === 0, 'the flow at rest');
    expect(mesh.sent).toEqual([]);
    await mesh.engine.standstills.resume('system', 'peer');
    await mesh.settled();
    const [row] = await mesh.journal();
    expect(row?.delivery).toMatchObject({ state: 'filtered', attempts: 1 });
  });

  it('does not open the breaker, and is no probe', async () => {
    const mesh = await start({
      flows,
      send: () => {
        throw new Unavailable('down');
      },
    });
    const breaker = mesh.engine.systems.breaker({ system: 'peer', name: 'default' });
    await mesh.engine.standstills.pause('system', 'peer');
    for (let n = 0; n < 10; n++) await mesh.accept({ n });
    await waits(mesh, 'outbound:peer.a waiting', 10);
    expect(breaker.state).toBe('closed');
    await mesh.engine.standstills.resume('system', 'peer');
    await mesh.until(() => breaker.state !== 'closed', 'an open breaker');
  });

  it('of a flow lets other flows of the same inbound go on; what comes waits', async () => {
    const mesh = await start({ flows: { ...flows, g: { from, to: to('b') } } });
    await mesh.engine.standstills.pause('flow', 'f');
    await mesh.accept({});
    await waits(mesh, 'outbound:peer.b done', 1);
    expect(await mesh.states()).toContain('flow:f waiting');
    await mesh.engine.standstills.resume('flow', 'f');
    await mesh.settled();
    expect(mesh.sent.map(({ outbound }) => outbound).toSorted()).toEqual(['a', 'b']);
  });

  it('outlives a crash and a restart', async () => {
    const { mesh, crash } = await startInFolder({ flows });
    await mesh.engine.standstills.pause('engine', '*', 'audit');
    await mesh.accept({});
    const { mesh: next } = await startInFolder({ flows }, crash());
    expect(next.engine.standstills.pauses).toMatchObject([{ kind: 'engine', name: '*', reason: 'audit' }]);
    expect(await next.states()).toEqual(['flow:f waiting']);
    expect(await next.engine.standstills.resume('engine', '*')).toBe(true);
    expect(await next.engine.standstills.resume('engine', '*')).toBe(false);
    await next.settled();
    expect(next.sent).toHaveLength(1);
  });

  it.each([
    ['engine', '*'],
    ['system', 'peer'],
    ['flow', 'f'],
    ['drain of the flow', 'f'],
  ] as const)('of the %s stops polling, and a missed poll is made up for', async (kind, name) => {
    const clock = manualClock();
    let polls = 0;
    const mesh = await start({ flows, clock, poll: async () => (polls++, 'idle') });
    const turn = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    await turn(0);
    expect(polls).toBe(1);
    const { standstills } = mesh.engine;
    const kindOf = kind === 'drain of the flow' ? 'flow' : kind;
    await (kind === kindOf ? standstills.pause(kind, name) : standstills.drain(name));
    for (let n = 0; n < 5; n++) await turn(1000);
    expect(polls).toBe(1);
    await standstills.resume(kindOf, name);
    await turn(0);
    expect(polls).toBe(2);
  });
});

describe('a flow that is drained', () => {
  const left = (mesh: Mesh) => mesh.store.read.left('f', mesh.engine.standstills.pauseOf('flow', 'f')?.drainsTo ?? -1);
  const heldFlow = { f: { from, steps: [{ delay: { for: '1m' } }], to: to('a') } };

  it('refuses what comes, goes on with what it has until nothing is left, over a crash too, and takes in again when it is resumed', async () => {
    const { mesh, crash } = await startInFolder({ flows: heldFlow });
    await mesh.accept({ n: 0 });
    await waits(mesh, 'flow:f held', 1);
    await mesh.engine.standstills.drain('f', 'upgrade');
    await expect(mesh.accept({ n: 1 })).rejects.toMatchObject({
      message: 'Flow f takes nothing more in: upgrade.',
      retryAfterMs: 30_000,
    });
    expect(await left(mesh)).toEqual({ waiting: 0, held: 1 });
    const { mesh: next } = await startInFolder({ flows: heldFlow }, crash());
    expect(next.engine.standstills.pauses).toMatchObject([{ kind: 'flow', name: 'f', reason: 'upgrade' }]);
    await expect(next.accept({ n: 1 })).rejects.toThrow('takes nothing more in');
    await next.until(async () => next.sent.length === 1, 'the held one sent');
    await next.until(async () => (await left(next)).waiting === 0, 'nothing left');
    expect(await left(next)).toEqual({ waiting: 0, held: 0 });
    expect(await next.engine.standstills.resume('flow', 'f')).toBe(true);
    await next.accept({ n: 1 });
    await next.until(async () => next.sent.length === 2, 'the next one sent');
  });

  it('lets another flow of its inbound, and those that publish to it, go on: what comes for it waits, uncounted and not as left', async () => {
    const mesh = await start({
      flows: { f: { from: { channel: 'c' }, to: to('a') }, g: { from, to: [{ channel: 'c' }, to('b')] } },
      channels: { c: {} },
    });
    await mesh.engine.standstills.drain('f');
    for (let n = 0; n < 3; n++) await mesh.accept({ n });
    await waits(mesh, 'outbound:peer.b done', 3);
    await waits(mesh, 'flow:f waiting', 3);
    expect(await left(mesh)).toEqual({ waiting: 0, held: 0 });
    expect(mesh.sent.filter(({ outbound }) => outbound === 'a')).toEqual([]);
    await mesh.engine.standstills.resume('flow', 'f');
    await mesh.settled();
    const rows = (await mesh.journal()).filter(({ delivery }) => delivery.destination === 'flow:f');
    expect(rows.map(({ delivery }) => `${delivery.state} ${delivery.attempts}`)).toEqual(['done 1', 'done 1', 'done 1']);
    expect(mesh.engine.dispatcher.traffic.failures.size).toBe(0);
  });

  it('is in place of its pause; drained once more it keeps its beginning', async () => {
    const mesh = await start({ flows });
    const { standstills } = mesh.engine;
    await standstills.pause('flow', 'f');
    await mesh.accept({ n: 0 });
    const first = await standstills.drain('f');
    await mesh.settled();
    expect(mesh.sent).toHaveLength(1);
    expect(await standstills.drain('f', 'again')).toEqual(first);
    await standstills.pause('flow', 'f');
    await mesh.accept({ n: 1 });
    await waits(mesh, 'flow:f waiting', 1);
  });
});

describe('whatever is paused and resumed while messages come', () => {
  const targets: readonly (readonly ['engine' | 'flow' | 'system', string])[] = [
    ['engine', '*'],
    ['system', 'peer'],
    ['flow', 'f'],
    ['flow', 'g'],
  ];
  const action = fc.oneof(
    fc.constant({ kind: 'accept' as const }),
    fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const), target: fc.constantFrom(...targets) }),
  );

  it('each message is sent once to each, by one counted attempt, and nothing is sent while its system stands still', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 25 }), async (actions) => {
        let sentWhileStanding = 0;
        const mesh: Mesh = await start({
          flows: {
            f: { from, to: [to('a'), to('b')] },
            g: { from, order: { by: 'key' }, steps: [{ call: to('c') }], to: to('once') },
          },
          limits: { concurrency: 2 },
          unsafe: ['once'],
          send: () => {
            if (mesh.engine.standstills.ofSystem('peer')) sentWhileStanding += 1;
            return {};
          },
        });
        const { standstills } = mesh.engine;
        let accepted = 0;
        for (const one of actions) {
          if (one.kind === 'accept') await mesh.accept({ key: String(accepted++ % 2) });
          else if (one.kind === 'pause') await standstills.pause(...one.target);
          else await standstills.resume(...one.target);
        }
        for (const target of targets) await standstills.resume(...target);
        await mesh.settled();
        const rows = await mesh.journal();
        expect(rows.map(({ delivery }) => `${delivery.state} ${delivery.attempts}`)).toEqual(rows.map(() => 'done 1'));
        const counts = ['a', 'b', 'c', 'once'].map((name) => mesh.sent.filter(({ outbound }) => outbound === name).length);
        expect({ counts, sentWhileStanding }).toEqual({ counts: counts.map(() => accepted), sentWhileStanding: 0 });
      }),
      { numRuns: 25 },
    );
  });
});

describe('a maintenance window', () => {
  const maintenance = [{ cron: '0 2 * * *', forMs: 30 * minuteMs, zone: 'UTC' }];
  const beforeMs = Date.UTC(2026, 0, 1, 1, 59);

  it('lets what is under way end, begins nothing while it is open, counts nothing, and goes on when it closes', async () => {
    const clock = manualClock(beforeMs);
    let polls = 0;
    const mesh = await start({ flows, clock, maintenance, send: hanging, poll: async () => (polls++, 'idle') });
    await mesh.accept({ n: 0 });
    await mesh.until(() => mesh.sent.length === 1, 'one under way');
    clock.advance(minuteMs);
    const polled = polls;
    release.splice(0)[0]?.();
    await waits(mesh, 'outbound:peer.a done', 1);
    await mesh.accept({ n: 1 });
    await waits(mesh, 'outbound:peer.a waiting', 1);
    for (let n = 0; n < 29; n++) clock.advance(minuteMs);
    expect({ sent: mesh.sent.length, polls }).toEqual({ sent: 1, polls: polled });
    expect(await attempts(mesh)).toEqual([1, 0]);
    clock.advance(minuteMs);
    await mesh.until(() => mesh.sent.length === 2, 'the other one sent');
    clock.advance(1000);
    await mesh.until(() => polls > polled, 'a poll');
  });

  it('that a new version of the project takes away is over at once', async () => {
    const clock = manualClock(beforeMs + 2 * minuteMs);
    const mesh = await start({ flows, clock, maintenance });
    await mesh.accept({});
    await waits(mesh, 'outbound:peer.a waiting', 1);
    expect(mesh.engine.standstills.ofSystem('peer')).toEqual({
      reason: 'System peer is in maintenance until 2026-01-01T02:30:00.000Z.',
      untilMs: Date.UTC(2026, 0, 1, 2, 30),
    });
    await mesh.apply({ maintenance: [] });
    await mesh.settled();
    expect(mesh.sent).toHaveLength(1);
  });
});
