// The receiving system of the row "forward": counts what arrives by idempotency key, and how long it took from end to end.

import { createServer } from 'node:http';
import { host, receiverPort } from './addresses.ts';
import { summarise } from './latency.ts';
import type { LatencySummary } from './latency.ts';
import { monotonicUs } from './monotonic.ts';
import { stampOffset } from './order.ts';

export interface ReceiverReport {
  /** Since the start: requests, and different idempotency keys among them. */
  readonly requests: number;
  readonly keys: number;
  /** Different paths: each order has its own. */
  readonly orders: number;
  /** From the time when the order was due to its arrival here; since the report before. */
  readonly latency: LatencySummary;
}

const keys = new Set<string>();
const orders = new Set<string>();
let requests = 0;
let latenciesMs: number[] = [];

const server = createServer((request, response) => {
  if (request.method !== 'PUT') {
    response.end(JSON.stringify(report()));
    return;
  }
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    requests += 1;
    orders.add(request.url ?? '');
    keys.add(String(request.headers['idempotency-key']));
    const dueUs = stampOf(body);
    if (dueUs > 0) latenciesMs.push((monotonicUs() - dueUs) / 1000);
    response.statusCode = 204;
    response.end();
  });
});
server.listen(receiverPort, host);

function report(): ReceiverReport {
  const latency = summarise(latenciesMs);
  latenciesMs = [];
  return { requests, keys: keys.size, orders: orders.size, latency };
}

/** When the order was due, without reading all of it; 0 where its time does not count. */
function stampOf(body: string): number {
  const name = '"stamp":';
  return Number.parseInt(body.slice(body.indexOf(name) + name.length), 10) - stampOffset;
}
