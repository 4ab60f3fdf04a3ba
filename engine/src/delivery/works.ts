// What of a commit is to be dispatched.

import type { Commit, StoredDelivery, StoredMessage } from '../store/store.ts';
import type { Work } from './work.ts';

const none: readonly Work[] = [];

/** The deliveries of a commit that are waiting, each with its message. */
export function worksOf({ messages = [], deliveries = [] }: Commit): readonly Work[] {
  const [message, delivery] = [messages[0], deliveries[0]];
  if (!delivery) return none;
  // What most commits bring: one message with one delivery.
  if (message && messages.length === 1 && deliveries.length === 1)
    return isOwed(delivery, message) ? [{ delivery, message, suspect: false }] : none;
  const byId = new Map<string, StoredMessage>(messages.map((one) => [one.id, one]));
  return deliveries.flatMap((one) => {
    const carried = byId.get(one.message);
    return carried && isOwed(one, carried) ? [{ delivery: one, message: carried, suspect: false }] : [];
  });
}

function isOwed({ state, message }: StoredDelivery, { id }: StoredMessage): boolean {
  return state === 'waiting' && message === id;
}
