// Erases what is known of one person, by a business key: rows, blob files, and what is left of both in the data folder.

import { readdir } from 'node:fs/promises';
import type { BlobKeeper } from './blob-keeper.ts';
import type { EraseAsk, ErasureSummary } from './control/host.ts';
import { engineError } from './delivery/errors.ts';
import type { States } from './flow/states.ts';
import type { Operations } from './operations.ts';
import type { Blobs } from './store/blobs.ts';
import type { BusinessKey, ErasableJourney, FileStore } from './store/store.ts';

export interface ErasureOptions {
  readonly store: FileStore;
  readonly blobs: Blobs;
  readonly keeper: BlobKeeper;
  readonly operations: Pick<Operations, 'discard'>;
  readonly states: Pick<States, 'forgetIdle'>;
  readonly dataFolder: string;
}

/** So many messages are erased in one commit. */
const messagesAtOnce = 200;
/** What was under way may bring more of a journey while it is erased. */
const roundsMax = 3;

export class Erasure {
  private readonly options: ErasureOptions;

  constructor(options: ErasureOptions) {
    this.options = options;
  }

  async preview(key: BusinessKey): Promise<ErasureSummary> {
    return { journeys: await this.options.store.read.erasable(key), copies: await this.copies() };
  }

  /** Throws MORTISE_DELIVERY_UNDELIVERED where something may still be delivered. What is under legal hold stays; it is told with the rest. */
  async erase(ask: EraseAsk): Promise<ErasureSummary> {
    const { store, keeper, states } = this.options;
    const erased: ErasableJourney[] = [];
    let held: readonly ErasableJourney[] = [];
    for (let round = 0; round < roundsMax; round++) {
      const found = await this.ended(ask);
      const free = found.filter(({ holds }) => holds.length === 0);
      held = found.filter(({ holds }) => holds.length > 0);
      if (free.length === 0) break;
      for (const batch of batches(free)) await store.commit({ erase: batch });
      erased.push(...free);
    }
    await keeper.holding(() => this.removeBlobs(erased));
    states.forgetIdle();
    await store.scrub();
    return { journeys: [...erased, ...held], copies: await this.copies() };
  }

  /** What is to be erased, when nothing of it may be delivered any more. */
  private async ended({ key, undelivered, reason }: EraseAsk): Promise<readonly ErasableJourney[]> {
    const { store, operations } = this.options;
    const found = await store.read.erasable(key);
    const open = openOf(found);
    if (open.length === 0) return found;
    if (undelivered === 'refuse') throw refusal(open);
    for (const { id } of open) await operations.discard(id, reason);
    const after = await store.read.erasable(key);
    const left = openOf(after);
    if (left.length > 0) throw refusal(left);
    return after;
  }

  private async removeBlobs(erased: readonly ErasableJourney[]): Promise<void> {
    const { store, blobs } = this.options;
    const names = erased.flatMap((journey) => journey.blobs);
    if (names.length === 0) return;
    const kept = await store.read.blobs();
    for (const name of names) if (!kept.has(name)) await blobs.remove(name);
  }

  private async copies(): Promise<readonly string[]> {
    const names = await readdir(this.options.dataFolder);
    return names.filter((name) => name.startsWith('mortise.db.version-'));
  }
}

function openOf(journeys: readonly ErasableJourney[]): ErasableJourney['open'] {
  return journeys.flatMap(({ holds, open }) => (holds.length === 0 ? open : []));
}

function refusal(open: ErasableJourney['open']): Error {
  const some = open.slice(0, 10).map(({ id, state, destination }) => `${id} to ${destination} (${state})`);
  const rest = open.length > some.length ? `, and ${open.length - some.length} more` : '';
  return engineError('MORTISE_DELIVERY_UNDELIVERED', `Nothing was erased: ${some.join(', ')}${rest} may still be delivered.`, {
    details: { open: open.map((one) => ({ ...one })) },
  });
}

function batches(journeys: readonly ErasableJourney[]): readonly (readonly ErasableJourney[])[] {
  const all: ErasableJourney[][] = [[]];
  let count = 0;
  for (const journey of journeys) {
    if (count > 0 && count + journey.messages.length > messagesAtOnce) {
      all.push([]);
      count = 0;
    }
    all.at(-1)?.push(journey);
    count += journey.messages.length;
  }
  return all;
}
