// Cuts the power under a store, again and again, and compares what was said with what the disk has: for the short and the long test.

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom } from './orders-project.ts';
import { ImageDisk } from './small-disk.ts';
import { Said, checkStore } from './store-check.ts';
import { spawnUnder } from './strace.ts';
import type { Injection } from './strace.ts';

const script = fileURLToPath(new URL('./store-process.ts', import.meta.url));
const diskBytes = 48 * 1024 * 1024;
/** So many cuts have one disk. */
const cutsPerDisk = 10;
const linesMax = 150;

/** A disk that says that it has synced, and has not: the test must find that. */
export const lies: Injection = { calls: ['fsync', 'fdatasync'], fault: 'retval=0' };

/** Resolves with how many deliveries were said to be stored. */
export async function cutPower(count: number, seed: number, injections: readonly Injection[] = []): Promise<number> {
  const random = seededRandom(seed);
  let said = 0;
  for (let done = 0; done < count; done += cutsPerDisk) {
    const disk = new ImageDisk(diskBytes);
    try {
      const heard = new Said();
      const folder = join(disk.folder, 'data');
      for (let cut = done; cut < Math.min(count, done + cutsPerDisk); cut++) {
        await liveUntil(folder, Math.floor(random() * linesMax), heard, injections);
        disk.cut();
        await checkStore(folder, heard);
      }
      said += heard.made.size;
    } finally {
      disk.remove();
    }
  }
  return said;
}

/** Kills the process behind so many lines. Lines that come while it dies count too. */
async function liveUntil(folder: string, lines: number, heard: Said, injections: readonly Injection[]): Promise<void> {
  heard.begin();
  const child = spawnUnder(injections, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let count = 0;
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      heard.hear(line);
      if (++count === lines + 1) child.kill('SIGKILL');
    }
  }
  await ended;
}
