// The watch over the free disk: what it says and logs when space goes and comes, and when it cannot be read.

import { manualClock } from '@mortise/sdk/testing';
import { describe, expect, it } from 'vitest';
import { watchFreeDisk } from './free-disk.ts';

function watching(first: number | Error) {
  const lines: string[] = [];
  const write = (facts: Readonly<Record<string, unknown>>): void => void lines.push(String(facts['event']));
  const clock = manualClock();
  let free = first;
  const opened = watchFreeDisk({
    folder: '/nowhere',
    floorBytes: () => 100,
    clock,
    log: { debug: write, info: write, warn: write, error: write },
    freeBytes: async () => {
      if (free instanceof Error) throw free;
      return free;
    },
  });
  const look = async (now: number | Error): Promise<void> => {
    free = now;
    clock.advance(5000);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { opened, lines, look, clock };
}

describe('the free disk', () => {
  it('has room down to its floor, and again from there', async () => {
    const { opened, lines, look } = watching(101);
    const disk = await opened;
    expect(disk.state()).toEqual({ hasRoom: true, floorBytes: 100, freeBytes: 101 });
    await look(100);
    expect(disk.hasRoom()).toBe(true);
    await look(99);
    expect(disk.state()).toEqual({ hasRoom: false, floorBytes: 100, freeBytes: 99 });
    await look(98);
    await look(100);
    expect(disk.hasRoom()).toBe(true);
    expect(lines).toEqual(['disk.full', 'disk.room']);
  });

  it('keeps its last answer where it cannot be read, says so, and looks again', async () => {
    const { opened, lines, look } = watching(1);
    const disk = await opened;
    await look(new Error('EIO'));
    expect(disk.hasRoom()).toBe(false);
    await look(500);
    expect(disk.hasRoom()).toBe(true);
    expect(lines).toEqual(['disk.full', 'disk.unread', 'disk.room']);
  });

  it('looks at a real disk, and no more when it was stopped', async () => {
    const clock = manualClock();
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const disk = await watchFreeDisk({ folder: import.meta.dirname, floorBytes: () => 1, clock, log });
    expect(disk.state().freeBytes).toBeGreaterThan(1);
    disk.stop();
    expect(clock.pending).toBe(0);
  });
});
