// The facts that every line of the log has that concerns a message: by them all lines of one are found.

import type { Logger } from '@mortise/sdk';
import type { StoredDelivery } from '../store/store.ts';
import type { Work } from './work.ts';

const outbound = /^outbound:([^.]+)\./;

/** Ids of message and delivery, the journey's root, flow, destination, and the system where it goes to one. */
export function factsOf({ message, delivery }: Pick<Work, 'message' | 'delivery'>): Readonly<Record<string, unknown>> {
  return { message: message.id, root: message.root, ...deliveryFacts(delivery) };
}

export function deliveryFacts({ id, flow, destination }: StoredDelivery): Readonly<Record<string, unknown>> {
  const system = outbound.exec(destination)?.[1];
  return { delivery: id, flow, destination, ...(system === undefined ? {} : { system }) };
}

/** Whether lines of level debug are written: on the way of each message their facts are not gathered for nothing. */
export function writesDebug(log: Logger): boolean {
  return !('isLevelEnabled' in log) || (log as Logger & { isLevelEnabled(level: string): boolean }).isLevelEnabled('debug');
}
