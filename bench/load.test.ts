// The load, against a server that keeps count.

import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answerEnd } from './load-connection.ts';
import type { LoadPlan } from './load.ts';
import type { LoadReport } from './measured.ts';
import { orderName, stampOffset } from './order.ts';
import type { ShopOrder } from './order.ts';
import { runLoad } from './processes.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('the load', () => {
  it('sends each order once, and counts every answer', async () => {
    const { report, orders } = await load({}, (number) => (number % 10 === 0 ? 503 : 202));
    expect(orders.length).toBe(report.sent);
    expect(new Set(orders.map(({ name }) => name)).size).toBe(report.sent);
    expect(orders.map(({ name }) => name)).toContain(orderName(101));
    expect(report.accepted + report.refused).toBe(report.sent);
    expect(report.refused).toBe(orders.filter(({ name }) => name.endsWith('0')).length);
    expect(report.latency.count).toBe(report.sent);
  });

  it('keeps a rate, and stamps orders with the time when they were due', async () => {
    const { report, orders } = await load({ ratePerSecond: 1000 }, () => 202);
    expect(report).toMatchObject({ sent: 200, accepted: 200 });
    const dueUs = orders.map(({ stamp }) => stamp - stampOffset).sort((a, b) => a - b);
    expect(Math.round(((dueUs.at(-1) ?? 0) - (dueUs[0] ?? 0)) / 1000)).toBe(199);
  });

  it('makes up for what it could not send in time, and counts the wait', async () => {
    const { report } = await load({ ratePerSecond: 1000, connections: 1 }, () => 202, 3);
    expect(report).toMatchObject({ sent: 200, accepted: 200 });
    expect(report.latency.p99Ms).toBeGreaterThan(200);
  });

  it('counts no latency of its lead-in, and stamps its orders with no time', async () => {
    const { report, orders } = await load({ ratePerSecond: 1000, leadInSeconds: 0.1 }, () => 202);
    expect(report).toMatchObject({ sent: 300, accepted: 300, latency: { count: 200 } });
    expect(orders.filter(({ stamp }) => stamp === stampOffset).length).toBe(100);
  });

  it('fails where the contender closes a connection', async () => {
    await expect(load({}, () => 'close')).rejects.toThrow('The load failed');
  });
});

describe('the end of an answer', () => {
  const answer = 'HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello';

  it('is told by its content-length', () => {
    expect(answerEnd(Buffer.from(answer))).toBe(answer.length);
  });

  it.each([10, answer.length - 7, answer.length - 1])('is past the first %d bytes', (length) => {
    expect(answerEnd(Buffer.from(answer.slice(0, length)))).toBeGreaterThan(length);
  });

  it('must be told', () => {
    expect(() => answerEnd(Buffer.from('HTTP/1.1 202 Accepted\r\n\r\n'))).toThrow('no content-length');
  });
});

type StatusOf = (number: number) => number | 'close';

/** Runs a load of 0.2 s over 4 connections against a server that answers so, `answerMs` late. */
async function load(
  changes: Partial<LoadPlan>,
  statusOf: StatusOf,
  answerMs = 0,
): Promise<{ report: LoadReport; orders: ShopOrder[] }> {
  const orders: ShopOrder[] = [];
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const order = JSON.parse(body) as ShopOrder;
      orders.push(order);
      const status = statusOf(Number(order.name.slice(2)));
      if (status === 'close') request.socket.destroy();
      else setTimeout(() => response.writeHead(status, { 'content-length': 2 }).end('{}'), answerMs);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { report: await runLoad({ port, seconds: 0.2, connections: 4, firstNumber: 101, ...changes }), orders };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
