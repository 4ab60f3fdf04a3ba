// What senders feel when more comes than can be worked off.

import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from './harness/virtual-clock.ts';
import { Mesh } from './mesh.fixture.ts';

const flows = { held: { from: { system: 'peer', inbound: 'in' }, to: { system: 'peer', outbound: 'a' } } };
/** More than senders wait from, and what is under way. */
const many = 600;

let mesh: Mesh;
let free: () => void;
let clock: VirtualClock;

async function openBehind(isBusy: boolean): Promise<void> {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const gate = new Promise<void>((resolve) => (free = resolve));
  const send = async () => {
    await gate;
    return {};
  };
  mesh = await Mesh.open({ clock, flows, send, isBusy: () => isBusy && mesh.engine.acceptedCount >= many });
  await Promise.all(Array.from({ length: many }, (_, n) => mesh.accept({ n })));
}

async function isAccepted(accepting: Promise<unknown>): Promise<boolean> {
  let accepted = false;
  void accepting.then(() => (accepted = true));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  return accepted;
}

afterEach(async () => {
  free();
  await mesh.close();
});

describe('a sender, while very many wait and the thread has no time to spare', () => {
  it('waits, and for 200 ms at most', async () => {
    await openBehind(true);
    const accepting = mesh.accept({ n: many });
    expect(await isAccepted(accepting)).toBe(false);
    for (let passedMs = 0; passedMs < 190; passedMs += 10) clock.advance(clock.nowMs() + 10);
    expect(await isAccepted(accepting)).toBe(false);
    clock.advance(clock.nowMs() + 10);
    expect(await isAccepted(accepting)).toBe(true);
  });

  it('is taken in as soon as fewer wait', async () => {
    await openBehind(true);
    const accepting = mesh.accept({ n: many });
    expect(await isAccepted(accepting)).toBe(false);
    free();
    await mesh.until(() => mesh.engine.dispatcher.waiting('flow:held') === 0, 'the end of all');
    clock.advance(clock.nowMs() + 10);
    expect(await isAccepted(accepting)).toBe(true);
  });

  it('is refused where the flow is drained while it waits', async () => {
    await openBehind(true);
    const accepting = mesh.accept({ n: many });
    expect(await isAccepted(accepting.catch(() => undefined))).toBe(false);
    await mesh.engine.standstills.drain('held');
    for (let passedMs = 0; passedMs < 200; passedMs += 10) clock.advance(clock.nowMs() + 10);
    await expect(accepting).rejects.toThrow('Flow held takes nothing more in');
  });

  it('is taken in at once where the flow is paused: that waits for a person', async () => {
    await openBehind(true);
    await mesh.engine.standstills.pause('flow', 'held', 'for a test');
    expect(await isAccepted(mesh.accept({ n: many }))).toBe(true);
  });
});

it('is taken in at once while the thread has time to spare, however many wait', async () => {
  await openBehind(false);
  expect(await isAccepted(mesh.accept({ n: many }))).toBe(true);
});
