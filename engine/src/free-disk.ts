// Watches the free space under the data folder: below the floor nothing is accepted, so that what was accepted can end.

import { statfs } from 'node:fs/promises';
import type { Clock, Logger } from '@mortise/sdk';

const lookMs = 5000;

export interface DiskState {
  readonly hasRoom: boolean;
  readonly floorBytes: number;
  /** Undefined as long as it could not be read. */
  readonly freeBytes?: number;
}

export interface FreeDisk {
  hasRoom(): boolean;
  state(): DiskState;
  /** Looks now: the floor may have changed. */
  look(): Promise<void>;
  stop(): void;
}

export interface FreeDiskOptions {
  readonly folder: string;
  /** As the project says it now. */
  readonly floorBytes: () => number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** Looks now and every few seconds. A look that fails leaves the last answer standing. */
export async function watchFreeDisk({
  folder,
  floorBytes,
  clock,
  log,
  freeBytes = freeBytesOf,
}: FreeDiskOptions): Promise<FreeDisk> {
  let room = true;
  let free: number | undefined;
  let timer: { cancel(): void } | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    try {
      free = await freeBytes(folder);
      const now = free >= floorBytes();
      if (now !== room) tell(now, { freeBytes: free, floorBytes: floorBytes() }, log);
      room = now;
    } catch (error) {
      log.warn({ event: 'disk.unread', err: error, folder }, 'The free space could not be read.');
    }
  };
  const again = (): void => {
    if (!stopped) timer = clock.after(lookMs, () => void look().then(again));
  };
  await look();
  again();
  return {
    hasRoom: () => room,
    state: () => ({ hasRoom: room, floorBytes: floorBytes(), ...(free === undefined ? {} : { freeBytes: free }) }),
    look,
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}

function tell(room: boolean, facts: Readonly<Record<string, number>>, log: Logger): void {
  if (room) log.info({ event: 'disk.room', ...facts }, 'There is room on the disk again.');
  else log.error({ event: 'disk.full', ...facts }, 'The disk is below its floor: nothing is accepted.');
}

/** What a user without privileges may fill. */
async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
