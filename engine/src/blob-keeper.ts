// Sweeps blob files that no row refers to, but none while a backup copies them.

import type { Logger } from '@mortise/sdk';
import type { Blobs } from './store/blobs.ts';
import type { Store } from './store/store.ts';

export interface BlobKeeperOptions {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly log: Logger;
}

/** What sweeps and what must not be swept under comes one after another. */
export class BlobKeeper {
  private readonly options: BlobKeeperOptions;
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: BlobKeeperOptions) {
    this.options = options;
  }

  /** Deletes what a crash left between a file and its row, and what retention dropped. Never rejects. */
  sweep(): Promise<void> {
    return this.holding(() => this.sweepNow());
  }

  /** Acts while nothing is swept. */
  holding<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.last.then(act);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async sweepNow(): Promise<void> {
    const { store, blobs, log } = this.options;
    try {
      await blobs.sweep(() => store.read.blobs());
    } catch (error) {
      log.warn({ event: 'blobs.unswept', err: error }, 'Blob files that nothing refers to could not be swept.');
    }
  }
}
