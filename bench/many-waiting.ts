// Fills a data folder with orders that wait for the flow `parked`, which is paused: what a long standstill leaves behind.

import { openSqliteStore } from '../engine/src/store/sqlite/open.ts';
import type { Commit, StoredDelivery, StoredMessage } from '../engine/src/store/store.ts';
import { orderText } from './order.ts';

const perCommit = 500;
const flow = 'parked';

export async function fillWaiting(folder: string, count: number): Promise<void> {
  const store = await openSqliteStore({ folder });
  try {
    await store.commit({ pauses: [{ kind: 'flow', name: flow, sinceMs: Date.now(), reason: 'for the benchmark' }] });
    for (let made = 0; made < count; made += perCommit) {
      await store.commit(commitOf(made, Math.min(perCommit, count - made), () => store.takeSeq()));
    }
  } finally {
    await store.close();
  }
}

function commitOf(first: number, count: number, takeSeq: () => number): Commit {
  const nowMs = Date.now();
  const messages = Array.from({ length: count }, (_, index): StoredMessage => {
    const id = idOf(nowMs, '7', first + index);
    return {
      id,
      root: id,
      source: '/systems/shop/order-parked',
      type: 'shop.order-parked',
      time: new Date(nowMs).toISOString(),
      headers: {},
      keys: {},
      variables: {},
      acceptedAtMs: nowMs,
      body: { kind: 'json', text: orderText(first + index) },
    };
  });
  const deliveries = messages.map(
    ({ id }, index): StoredDelivery => ({
      seq: takeSeq(),
      id: idOf(nowMs, '8', first + index),
      message: id,
      destination: `flow:${flow}`,
      flow,
      state: 'waiting',
      attempts: 0,
      createdAtMs: nowMs,
    }),
  );
  return { messages, deliveries };
}

function idOf(nowMs: number, version: '7' | '8', n: number): string {
  const [time, count] = [nowMs.toString(16).padStart(12, '0'), n.toString(16).padStart(12, '0')];
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}000-8000-${count}`;
}
