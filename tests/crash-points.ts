// Kills or fails the process of a store at chosen system calls, and compares what it said with what is there: for the short and the long test.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom } from './orders-project.ts';
import { Said, checkStore } from './store-check.ts';
import { spawnUnder } from './strace.ts';
import type { Injection } from './strace.ts';

const script = fileURLToPath(new URL('./store-process.ts', import.meta.url));
/** So many lives have one folder, so that recoveries are hit too, and what they leave behind. */
const livesPerFolder = 20;
const lifeMsMax = 60_000;

/** How many calls of each kind a life makes at least, in the thread that makes most. */
const reach = { fsync: 30, pwrite64: 200, rename: 4, ftruncate: 2, unlink: 1 } as const;
const weights = [
  'fsync',
  'fsync',
  'fsync',
  'pwrite64',
  'pwrite64',
  'pwrite64',
  'rename',
  'rename',
  'ftruncate',
  'unlink',
] as const;
const faults = ['signal=KILL', 'signal=KILL', 'error=EIO', 'error=ENOSPC'] as const;

export interface Points {
  readonly points: number;
  /** By how the life ended: killed, by itself since the store had failed, or without having met its point. */
  readonly ends: Readonly<Record<string, number>>;
  readonly said: number;
}

export async function crashAtPoints(count: number, seed: number): Promise<Points> {
  const random = seededRandom(seed);
  const ends: Record<string, number> = {};
  let said = 0;
  for (let done = 0; done < count; done += livesPerFolder) {
    const folder = mkdtempSync(join(tmpdir(), 'mortise-points-'));
    try {
      const heard = new Said();
      for (let life = done; life < Math.min(count, done + livesPerFolder); life++) {
        const injection = choose(random);
        const end = await live(join(folder, 'data'), injection, heard);
        ends[end] = (ends[end] ?? 0) + 1;
        await checkStore(join(folder, 'data'), heard).catch((error: unknown) => {
          throw new Error(`After life ${life} with ${JSON.stringify(injection)}: ${String(error)}`, { cause: error });
        });
      }
      said += heard.made.size;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { points: count, ends, said };
}

function choose(random: () => number): Injection {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const call = pick(weights);
  const at = 1 + Math.floor(random() * reach[call]);
  return { calls: call === 'fsync' ? ['fsync', 'fdatasync'] : [call], fault: pick(faults), at, onwards: random() < 0.5 };
}

/** One life; resolves with how it ended. */
async function live(folder: string, injection: Injection, heard: Said): Promise<string> {
  heard.begin();
  const child = spawnUnder([injection], [script, folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)));
  let isLate = false;
  const timer = setTimeout(() => (isLate = child.kill('SIGKILL')), lifeMsMax);
  if (child.stdout) for await (const line of createInterface({ input: child.stdout })) heard.hear(line);
  const end = await ended;
  clearTimeout(timer);
  return isLate ? 'late' : end;
}
