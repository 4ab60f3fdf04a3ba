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
  if (!statSync(existing).isDirectory())
    return fail('data folder', `${existing} is no folder.`, 'Take it away, or name another folder with --data.');
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

/** Of statfs(2): file systems over a network, whose locks and fsync do not keep what a local disk keeps. */
const networkTypes: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x65735546: 'FUSE',
  0x01021997: '9p',
  0x00c36400: 'Ceph',
  0x5346414f: 'AFS',
};

/** `type` as statfs gives it. */
export async function lookAtFileSystem(folder: string, type?: number): Promise<readonly Finding[]> {
  const found = networkTypes[(type ?? (await statfs(nearestExisting(folder))).type) >>> 0];
  if (found === undefined) return [];
  const detail = `${folder} lies on a file system over a network (${found}): a power cut or a lost line may cost what was accepted.`;
  return [fail('file system', detail, 'Name a folder on a disk of this machine with --data.')];
}

/** The journal may grow to its limit before the oldest of it is dropped: there must be room for that. */
export async function lookAtRetention(folder: string, atMostBytes: number, freeBytes?: number): Promise<Finding> {
  const disk = await statfs(nearestExisting(folder));
  const free = freeBytes ?? disk.bavail * disk.bsize;
  const text = `The journal may grow to ${formatSize(atMostBytes)}`;
  if (free >= atMostBytes) return ok('retention', text);
  const gigabytes = Math.floor(free / 1024 ** 2) * 1024 ** 2;
  return warn(
    'retention',
    `${text}, and ${formatSize(gigabytes)} are free.`,
    'Lower journal.atMost in mortise.yaml, or make room.',
  );
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
