// Messages, deliveries and ids for tests of stores.

import type { DeliveryChange, StoredDelivery, StoredMessage } from '../store.ts';

export const startMs = Date.UTC(2026, 10, 23, 12);

/** An id of a kind (`a` to `f`, or a digit) that begins with a time; the same arguments give the same id. */
export function sampleId(kind: string, n: number, atMs = startMs): string {
  const time = atMs.toString(16).padStart(12, '0');
  const number = n.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind.repeat(3)}-8${kind.repeat(3)}-${number}`;
}

/** A message that an inbound accepted; with nothing in it but what must be. */
export function sampleMessage(n: number, more: Partial<StoredMessage> = {}): StoredMessage {
  const id = sampleId('a', n);
  return {
    id,
    root: id,
    source: '/systems/shop/order-created',
    type: 'order.created',
    time: '2026-11-23T12:00:00.000Z',
    headers: {},
    keys: {},
    variables: {},
    acceptedAtMs: startMs,
    body: { kind: 'json', text: `{"n":${n}}` },
    ...more,
  };
}

/** A waiting delivery of a message. */
export function sampleDelivery(seq: number, message: string, more: Partial<StoredDelivery> = {}): StoredDelivery {
  return {
    seq,
    id: sampleId('b', seq),
    message,
    destination: 'flow:orders',
    flow: 'orders',
    state: 'waiting',
    attempts: 0,
    createdAtMs: startMs,
    ...more,
  };
}

/** What ends a waiting delivery well. */
export function sampleEnd(seq: number, more: Partial<DeliveryChange> = {}): DeliveryChange {
  return { seq, from: ['waiting'], state: 'done', attempts: 1, endedAtMs: startMs + 5, outputs: 0, ...more };
}

/** Every property that a message may have. */
export function fullMessage(n: number): StoredMessage {
  return sampleMessage(n, {
    root: sampleId('a', n + 1),
    parent: sampleId('a', n + 2),
    replayOf: sampleId('a', n + 3),
    subject: 'order 4711 \u0000 ü 😀',
    dataContentType: 'application/json',
    dataSchema: 'order@1',
    headers: { 'content-type': 'application/json', __proto__x: 'own', 'x-ü': 'ü' },
    keys: { order: '4711', customer: 'C-1' },
    variables: { customer: { id: 'C-1', tags: ['a', null, 1.5] } },
    expiresAtMs: startMs + 60_000,
    key: 'customer 1',
  });
}

/** Every property that a delivery may have. */
export function fullDelivery(seq: number, message: string): StoredDelivery {
  return sampleDelivery(seq, message, {
    parent: sampleId('b', seq + 1000),
    entry: 'wait-a-day',
    lane: 'customer C-1',
    state: 'held',
    attempts: 3,
    dueAtMs: startMs + 1000,
    options: { path: '/orders/4711', headers: ['a', null] },
    endedAtMs: startMs + 7,
    revision: 'f3a9c1',
    error: { code: 'MORTISE_DELIVERY_UNAVAILABLE', message: 'no', remedy: 'wait', details: { port: 5432 } },
    detail: '202 Accepted',
    journal: { steps: [['map', 0.2]] },
    outputs: 2,
    holdsLane: true,
    crashes: 1,
  });
}
