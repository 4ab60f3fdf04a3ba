// Looks at the machine: Node, the clock, the data folder and the disk below it.

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatSize } from '@mortise/sdk';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

/** What the tests run on; older ones from 24 on work too. */
const nodeMajorTested = 26;

export function lookAtNode(version: string = process.versions.node): Finding {
  const detail = `Node ${version}`;
  if (Number.parseInt(version, 10) >= nodeMajorTested) return ok('node', detail);
  return warn(
    'node',
    `${detail} works; what is tested most is ${nodeMajorTested}.`,
    `Install Node ${nodeMajorTested} when you can.`,
  );
}

/** Without a network nobody knows the time; but it is later than when this file was installed. */
export function lookAtClock(nowMs: number = Date.now()): Finding {
  const installedMs = statSync(new URL(import.meta.url)).mtimeMs;
  const text = new Date(nowMs).toISOString();
  if (nowMs >= installedMs - 86_400_000) return ok('clock', `${text}, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`);
  return fail(
    'clock',
    `The clock says ${text}, and Mortise was installed at ${new Date(installedMs).toISOString()}.`,
    'Set the clock: ids and retries go by it.',
  );
}

/** The folder need not be there yet: then the nearest one above it counts. */
export function lookAtDataFolder(folder: string): Finding {
  const existing = nearestExisting(folder);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
    return ok('data folder', existing === resolve(folder) ? `${folder} can be written` : `${folder} will be made`);
  } catch {
    return fail(
      'data folder',
      `${existing} cannot be written.`,
      'Give the user that Mortise runs as the right to write there, or name another folder with --data.',
    );
  }
}

export async function lookAtDisk(folder: string, floorBytes: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestExisting(folder));
  const free = formatSize(Math.floor((bavail * bsize) / 1024 ** 2) * 1024 ** 2);
  const floor = formatSize(floorBytes);
  if (bavail * bsize < floorBytes)
    return fail(
      'disk',
      `${free} are free; below ${floor} nothing is accepted.`,
      'Make room, or lower limits.freeDisk in mortise.yaml.',
    );
  if (bavail * bsize < 2 * floorBytes)
    return warn('disk', `${free} are free; below ${floor} nothing is accepted.`, 'Make room before it is too late.');
  return ok('disk', `${free} are free`);
}

function nearestExisting(folder: string): string {
  const path = resolve(folder);
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
