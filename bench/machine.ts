// What a reader has to know of the machine: nothing that names it.

import { closeSync, fdatasyncSync, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { summarise } from './latency.ts';
import type { LatencySummary } from './latency.ts';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly sqlite: string;
  readonly fileSystem: string;
  /** How long it takes until 16 KiB are on the disk. */
  readonly sync: LatencySummary;
  /** Processes that wanted to run before the benchmark began, over a minute. */
  readonly loadBefore: number;
}

const syncCount = 200;
const blockBytes = 16 * 1024;
/** The magic numbers of statfs(2). */
const fileSystems = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x794c7630, 'overlayfs'],
  [0x01021994, 'tmpfs (in memory: an fsync costs nothing, and the figures mean nothing)'],
]);

export function lookAtMachine(folder: string): Machine {
  const { type } = statfsSync(folder);
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    fileSystem: fileSystems.get(type) ?? `0x${type.toString(16)}`,
    sync: measureSync(join(folder, `mortise-bench-${process.pid}.sync`)),
    loadBefore: loadavg()[0] ?? 0,
  };
}

function measureSync(file: string): LatencySummary {
  const descriptor = openSync(file, 'wx');
  try {
    const block = Buffer.alloc(blockBytes, 1);
    const once = (): number => {
      writeSync(descriptor, block);
      const startMs = performance.now();
      fdatasyncSync(descriptor);
      return performance.now() - startMs;
    };
    return summarise(Array.from({ length: syncCount }, once));
  } finally {
    closeSync(descriptor);
    unlinkSync(file);
  }
}
