// What a dead member means for its group: the time of the group is over, and the others wait until a person decides about that one.

import { openGroup } from '../aggregator/aggregate.ts';
import type { StoreReader, StoredDelivery } from '../store/store.ts';
import { stateOf } from './leaving.ts';

export interface GroupTrouble {
  /** Of a dead one: so many others of its group wait for it. */
  readonly othersHeld?: number;
  /** Of one that is held: the dead one that it waits for. */
  readonly heldBy?: { readonly delivery: string; readonly message: string };
}

/** Nothing where all is as planned. */
export async function groupTroubleOf(delivery: StoredDelivery, read: StoreReader, nowMs: number): Promise<GroupTrouble> {
  const key = delivery.state === 'dead' || delivery.state === 'held' ? stateOf(delivery) : undefined;
  const group = key && openGroup((await read.state(key, nowMs))?.value);
  if (!group) return {};
  if (delivery.state === 'dead') return group.timer === delivery.message && group.size > 1 ? { othersHeld: group.size - 1 } : {};
  const dead = (await read.deliveriesOf(group.timer)).find(({ state, entry }) => state === 'dead' && entry === delivery.entry);
  return dead ? { heldBy: { delivery: dead.id, message: dead.message } } : {};
}

/** By the delivery's id. */
export async function groupTroubles(
  deliveries: readonly StoredDelivery[],
  read: StoreReader,
  nowMs: number,
): Promise<ReadonlyMap<string, GroupTrouble>> {
  const found = new Map<string, GroupTrouble>();
  for (const delivery of deliveries) found.set(delivery.id, await groupTroubleOf(delivery, read, nowMs));
  return found;
}
