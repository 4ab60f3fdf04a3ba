// A backup that takes longer than a request may is waited for by asking again.

import { beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../harness/virtual-clock.ts';
import { Backups } from './backups.ts';
import type { BackupSummary } from './host.ts';

const summary: BackupSummary = { takenAt: '2026-11-23T12:00:00.000Z', storeVersion: 2, files: [], missing: [] };
let clock: VirtualClock;
let running: PromiseWithResolvers<BackupSummary>[];
let backups: Backups;

beforeEach(() => {
  clock = new VirtualClock(0);
  running = [];
  const backup = (): Promise<BackupSummary> => {
    const one = Promise.withResolvers<BackupSummary>();
    running.push(one);
    return one.promise;
  };
  backups = new Backups({ clock, backup });
});

it('is begun once, however many wait for it, and anew when it is over', async () => {
  const waiting = [backups.wait('/a'), backups.wait('/a'), backups.wait('/b')];
  expect(running).toHaveLength(2);
  running[0]?.resolve(summary);
  running[1]?.reject(new Error('full'));
  expect(await Promise.allSettled(waiting)).toMatchObject([
    { value: summary },
    { value: summary },
    { reason: { message: 'full' } },
  ]);
  void backups.wait('/a');
  expect(running).toHaveLength(3);
});

it('is joined by who asks again after a minute, also when it ended meanwhile', async () => {
  const first = backups.wait('/a');
  clock.advance();
  expect(clock.nowMs()).toBe(60_000);
  expect(await first).toBeUndefined();
  running[0]?.resolve(summary);
  await running[0]?.promise;
  expect(await backups.wait('/a')).toBe(summary);
  expect(running).toHaveLength(1);
});

it('is forgotten where nobody asks again', async () => {
  const first = backups.wait('/a');
  clock.advance();
  await first;
  running[0]?.reject(new Error('full'));
  await running[0]?.promise.catch(() => undefined);
  await Promise.resolve();
  clock.advance();
  expect(clock.nowMs()).toBe(360_000);
  void backups.wait('/a');
  expect(running).toHaveLength(2);
});
