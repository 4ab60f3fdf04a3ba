// The tree of a journey, flattened for drawing: each delivery with how deep it lies and when it ran.

import type { Journey, JourneyDelivery, JourneyMessage } from '../api/types.ts';

export interface Hop {
  readonly delivery: JourneyDelivery;
  readonly message: JourneyMessage;
  readonly depth: number;
  readonly beganMs: number;
  readonly endedMs: number;
}

/** In the order in which one reads it: each delivery, and below it what it led to. */
export function hopsOf({ messages, root }: Journey): readonly Hop[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const seen = new Set<string>();
  const hops: Hop[] = [];
  const walk = (id: string, depth: number): void => {
    const message = byId.get(id);
    if (!message || seen.has(id)) return;
    seen.add(id);
    for (const delivery of message.deliveries) {
      hops.push({ delivery, message, depth, ...timesOf(delivery) });
      for (const next of delivery.messages) walk(next, depth + 1);
    }
  };
  walk(root, 0);
  // What lies on another page of a long journey hangs nowhere.
  for (const { id } of messages) walk(id, 0);
  return hops;
}

function timesOf({ createdAt, endedAt }: JourneyDelivery): { readonly beganMs: number; readonly endedMs: number } {
  const beganMs = Date.parse(createdAt);
  return { beganMs, endedMs: endedAt ? Date.parse(endedAt) : Date.now() };
}

export function spanOf(hops: readonly Hop[]): { readonly fromMs: number; readonly untilMs: number } {
  const fromMs = Math.min(...hops.map(({ beganMs }) => beganMs));
  return { fromMs, untilMs: Math.max(fromMs + 1, ...hops.map(({ endedMs }) => endedMs)) };
}

/** The keys of all its messages, those that most of them have first: by these people call it. */
export function keysOf(messages: readonly JourneyMessage[]): Readonly<Record<string, string>> {
  const all = messages.flatMap(({ keys }) => Object.entries(keys));
  const counts = Map.groupBy(all, ([name]) => name);
  const last = new Map(all);
  const names = [...counts].sort(([, a], [, b]) => b.length - a.length).map(([name]) => name);
  return Object.fromEntries(names.map((name) => [name, last.get(name) ?? '']));
}

export const openStates = new Set(['waiting', 'running', 'held']);
export const failedStates = new Set(['dead', 'invalid', 'in-doubt', 'unclaimed']);
