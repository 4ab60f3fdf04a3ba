// Retention: drops what has ended and is older than it is kept, in small slices beside the traffic; then sweeps blob files.

import type { Clock, Logger } from '@mortise/sdk';
import type { ChannelDefinition, Settings } from './flow/definitions.ts';
import type { Droppable, Dropped, Store } from './store/store.ts';

export interface RetentionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** What holds now: a reload changes it. */
  keeps(): { readonly journal: Settings['journal']; readonly channels: Iterable<ChannelDefinition> };
  /** Deletes blob files that nothing refers to. */
  sweepBlobs(): Promise<void>;
}

export interface Retention {
  /** Looks now, and then again and again. */
  start(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** A look goes through the rows that are old enough; what is kept longer is passed over each time. */
const lookMsMax = 600_000;
const lookMsMin = 1000;
/** So small that the commits of messages, which share its transaction, wait a few milliseconds longer at most. */
const slice = { limit: 128, bytesMax: 1024 * 1024 };
/** Over `atMost`: what comes in must not be faster than what goes. */
const urgentSlice = { limit: 256, bytesMax: 4 * 1024 * 1024 };
/** Over `atMost`, the size is looked at again after so many slices. */
const slicesBetweenLooks = 16;

interface Tally {
  deliveries: number;
  messages: number;
  troubles: number;
  blobs: number;
}

/** What one look goes by: with the time before which something ended. */
interface Look {
  readonly beforeMs: number;
  readonly sources?: readonly { readonly source: string; readonly beforeMs: number }[];
  readonly sparesTroubles?: boolean;
  /** Asked now and then: it is enough. */
  readonly enough?: () => Promise<boolean>;
}

export function openRetention(options: RetentionOptions): Retention {
  return new Retainer(options);
}

class Retainer implements Retention {
  private readonly options: RetentionOptions;
  private timer: { cancel(): void } | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private wake: (() => void) | undefined;
  /** It was said that all that may be dropped is not enough. */
  private saidTooLarge = false;

  constructor(options: RetentionOptions) {
    this.options = options;
  }

  start(): void {
    this.looking = this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    this.wake?.();
    await this.looking;
  }

  private async look(): Promise<void> {
    const { clock, log, keeps } = this.options;
    try {
      await this.dropOld();
      await this.dropTooMuch();
    } catch (error) {
      if (!this.stopped) log.error({ event: 'retention.failed', err: error }, 'Retention failed; it is tried again.');
    }
    if (this.stopped) return;
    const { journal, channels } = keeps();
    const shortestMs = Math.min(journal.keepMs, ...[...channels].map(({ keepMs }) => keepMs ?? journal.keepMs));
    const nextMs = Math.min(lookMsMax, Math.max(lookMsMin, shortestMs / 10));
    this.timer = clock.after(nextMs, () => {
      this.looking = this.look();
    });
  }

  /** A channel's messages are kept as long as it says, be it longer or shorter than the journal. */
  private async dropOld(): Promise<void> {
    const { journal, channels } = this.options.keeps();
    const nowMs = this.options.clock.nowMs();
    const sources = [...channels].flatMap(({ name, keepMs }) =>
      keepMs === undefined ? [] : [{ source: `/channels/${name}`, beforeMs: nowMs - keepMs }],
    );
    await this.drop({ beforeMs: nowMs - journal.keepMs, sources }, 'older than it is kept');
  }

  /** The oldest that has ended goes, whatever its age; but nothing that a person may still bring back. */
  private async dropTooMuch(): Promise<void> {
    const { store, clock, log, keeps } = this.options;
    const { atMostBytes } = keeps().journal;
    const fits = async (): Promise<boolean> => (await store.read.usedBytes()) <= atMostBytes;
    if (this.stopped || (await fits())) return;
    await this.drop({ beforeMs: clock.nowMs(), sparesTroubles: true, enough: fits }, 'more than journal.atMost');
    if (this.stopped) return;
    const isTooLarge = !(await fits());
    if (isTooLarge && !this.saidTooLarge)
      log.warn(
        { event: 'retention.too-large', atMostBytes, usedBytes: await store.read.usedBytes() },
        'The journal is larger than journal.atMost, and what is left is open, dead, invalid or under legal hold: that is never dropped for space.',
      );
    this.saidTooLarge = isTooLarge;
  }

  private async drop(look: Look, why: string): Promise<void> {
    const tally: Tally = { deliveries: 0, messages: 0, troubles: 0, blobs: 0 };
    await this.dropDeliveries(look, tally);
    if (tally.deliveries === 0) return;
    await this.dropKeys(Math.max(look.beforeMs, ...(look.sources ?? []).map(({ beforeMs }) => beforeMs)));
    if (tally.blobs > 0) await this.options.sweepBlobs();
    const { log } = this.options;
    const text = `Dropped ${tally.deliveries} deliveries: ${why}.`;
    if (tally.troubles > 0)
      log.warn({ event: 'retention.dropped-troubles', ...tally }, `${text} ${tally.troubles} of them were dead or invalid.`);
    else log.info({ event: 'retention.dropped', ...tally }, text);
  }

  private async dropDeliveries({ enough, ...look }: Look, tally: Tally): Promise<void> {
    const { store } = this.options;
    const endedBeforeMs = Math.max(look.beforeMs, ...(look.sources ?? []).map(({ beforeMs }) => beforeMs));
    let slices = 0;
    for (let afterSeq: number | undefined = 0; afterSeq !== undefined && !this.stopped; slices++) {
      const { numbers, next }: Droppable = await store.read.droppable({ ...look, ...(enough ? urgentSlice : slice), afterSeq });
      const step = async () => (await store.commit({ drop: { seqs: numbers, endedBeforeMs } })).dropped;
      // What is too large already must not grow on under load that is faster than a paced look.
      if (numbers.length > 0) add(tally, await (enough ? step() : this.paced(step)));
      if (enough && slices % slicesBetweenLooks === 0 && (await enough())) return;
      afterSeq = next;
    }
  }

  private async dropKeys(beforeMs: number): Promise<void> {
    const { store } = this.options;
    for (let after: number | undefined = 0; after !== undefined && !this.stopped; ) {
      const { numbers, next }: Droppable = await store.read.droppableKeys({ beforeMs, after, limit: slice.limit });
      if (numbers.length > 0) await this.paced(() => store.commit({ drop: { keys: numbers } }));
      after = next;
    }
  }

  /** Rests for as long as the step took, so that at most half of the store's time goes into dropping. */
  private async paced<T>(step: () => Promise<T>): Promise<T> {
    const { clock } = this.options;
    const startedAtMs = clock.nowMs();
    const result = await step();
    if (this.stopped) return result;
    await new Promise<void>((rested) => {
      this.wake = rested;
      clock.after(Math.max(1, clock.nowMs() - startedAtMs), rested);
    });
    return result;
  }
}

function add(tally: Tally, dropped: Dropped | undefined): void {
  tally.deliveries += dropped?.deliveries ?? 0;
  tally.messages += dropped?.messages ?? 0;
  tally.troubles += dropped?.troubles ?? 0;
  tally.blobs += dropped?.blobs ?? 0;
}
