// Watches the free space under the data folder: below the floor nothing is accepted, so that what was accepted can end.

import { statfs } from 'node:fs/promises';
import type { Clock, Logger } from '@mortise/sdk';

const lookMs = 5000;

export interface FreeDisk {
  hasRoom(): boolean;
  stop(): void;
}

/** Looks now and every few seconds. A look that fails leaves the last answer standing. */
export async function watchFreeDisk(folder: string, floorBytes: number, clock: Clock, log: Logger): Promise<FreeDisk> {
  let room = true;
  let timer: { cancel(): void } | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    try {
      const { bavail, bsize } = await statfs(folder);
      const now = bavail * bsize >= floorBytes;
      if (now !== room)
        log.warn(
          { freeBytes: bavail * bsize, floorBytes },
          now ? 'There is room on the disk again.' : 'The disk is below its floor: nothing is accepted.',
        );
      room = now;
    } catch (error) {
      log.warn({ err: error, folder }, 'The free space could not be read.');
    }
    if (!stopped) timer = clock.after(lookMs, () => void look());
  };
  await look();
  return {
    hasRoom: () => room,
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
