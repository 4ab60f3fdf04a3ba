// What of a commit is to be dispatched.

import type { Commit, StoredMessage } from '../store/store.ts';
import type { Work } from './work.ts';

/** The deliveries of a commit that are waiting, each with its message. */
export function worksOf({ messages = [], deliveries = [] }: Commit): readonly Work[] {
  if (deliveries.length === 0) return [];
  const byId = new Map<string, StoredMessage>(messages.map((message) => [message.id, message]));
  return deliveries.flatMap((delivery) => {
    const message = byId.get(delivery.message);
    return delivery.state === 'waiting' && message ? [{ delivery, message, suspect: false }] : [];
  });
}
