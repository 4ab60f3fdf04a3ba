// Contender: the floor. The bare intake with the least that durability asks for, and nothing of Mortise: rows in SQLite, fsync, twice an order.

import { Worker } from 'node:worker_threads';
import { fastify } from 'fastify';
import { contenderPort, host, ordersPath } from '../addresses.ts';
import { mapOrder } from '../order.ts';
import type { ShopOrder } from '../order.ts';

/** One commit: what was accepted, or what became of it. */
type Entry = readonly [id: number, text: string];

const [, , dataFolder] = process.argv;
if (dataFolder === undefined) throw new Error('Expected the folder of the data.');
const writer = new Worker(new URL('./durable-writer.ts', import.meta.url), { workerData: { dataFolder } });
let gathered: Entry[] = [];
let waiting: (() => void)[] = [];
let underWay: (() => void)[] = [];
let last = 0;

writer.on('message', () => {
  const done = underWay;
  underWay = [];
  if (gathered.length > 0) hand();
  for (const resolve of done) resolve();
});

/** Group commit, as Mortise does it: what comes while one group is written is the next. */
function commit(entry: Entry): Promise<void> {
  gathered.push(entry);
  const written = new Promise<void>((resolve) => waiting.push(resolve));
  if (underWay.length === 0 && gathered.length === 1) queueMicrotask(() => underWay.length === 0 && hand());
  return written;
}

function hand(): void {
  underWay = waiting;
  writer.postMessage(gathered);
  [gathered, waiting] = [[], []];
}

const app = fastify();
app.post<{ Body: ShopOrder }>(ordersPath, async (request, reply) => {
  const id = ++last;
  await commit([id, JSON.stringify(request.body)]);
  void commit([-id, JSON.stringify(mapOrder(request.body))]);
  return reply.code(202).send({ id });
});
await app.listen({ host, port: contenderPort });
process.once('SIGTERM', () => process.exit(0));
