// The feed of the demo: plays a web shop that sends orders, now and then one twice, now and then one that is broken.

import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeOrder, orderAsJson } from './orders.ts';
import { signedHeaders } from './signing.ts';

export interface FeedOptions {
  /** Where the shop's webhook is taken. */
  readonly url: string;
  readonly secret: string;
  readonly ordersPerSecond: number;
}

export interface Feed {
  /** How many requests were answered by status; `none` where nobody answered. */
  readonly answers: ReadonlyMap<number | 'none', number>;
  /** Sends nothing more; resolves when what is under way has its answer. */
  stop(): Promise<void>;
}

/** Every so many orders one is sent a second time; every so many another one is broken. */
const duplicateEvery = 25;
const malformedEvery = 40;
const tickMs = 50;
/** So many requests at a time: a shop that is not answered does not send ever faster. */
const underWayMax = 64;
const retryMs = 1000;

/** Sends until it is stopped. What is not answered, or with 5xx, is sent again under the same id, as webhooks are. */
export function startFeed({ url, secret, ordersPerSecond }: FeedOptions): Feed {
  const answers = new Map<number | 'none', number>();
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const startedAtMs = Date.now();
  let number = randomInt(100_000_000, 900_000_000);
  let sent = 0;

  const send = (body: string, id: string): void => {
    const delivered = deliver(url, secret, body, id, answers, stopping.signal).finally(() => underWay.delete(delivered));
    underWay.add(delivered);
  };
  const sendNext = (): void => {
    const body = orderAsJson(makeOrder(number, Math.random));
    const id = `msg_${randomUUID()}`;
    number += 1;
    sent += 1;
    send(sent % malformedEvery === 0 ? broken(body, sent) : body, id);
    if (sent % duplicateEvery === 0) send(body, sent % 2 === 0 ? id : `msg_${randomUUID()}`);
  };
  const timer = setInterval(() => {
    const due = Math.floor(((Date.now() - startedAtMs) / 1000) * ordersPerSecond);
    while (sent < due && underWay.size < underWayMax) sendNext();
  }, tickMs);

  return {
    answers,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

async function deliver(
  url: string,
  secret: string,
  body: string,
  id: string,
  answers: Map<number | 'none', number>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const status = await post(url, secret, body, id);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (signal.aborted || (status !== 'none' && status < 500)) return;
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

async function post(url: string, secret: string, body: string, id: string): Promise<number | 'none'> {
  try {
    const response = await fetch(url, { method: 'POST', headers: signedHeaders(secret, id, body), body });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 'none';
  }
}

/** Not JSON any more, or JSON that is no order. */
function broken(body: string, sent: number): string {
  return sent % (2 * malformedEvery) === 0 ? body.slice(0, -20) : body.replace('"currency":', '"curency":');
}
