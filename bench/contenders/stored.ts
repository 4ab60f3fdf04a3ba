// Contender: the bare server with Mortise's store, and nothing else of Mortise: every row that the engine writes for an order, in the same two
// commits, with ids of the same kinds. The limit for an engine on this store. In the mode forward it sends the order on, as the bare forwarder does.
// `node contenders/stored.ts DATA-FOLDER intake|forward`

import { fastify } from 'fastify';
import { Agent } from 'undici';
import { deriveId, idMaker } from '../../engine/src/delivery/ids.ts';
import { pooledRandomBytes } from '../../engine/src/random-bytes.ts';
import { whenIdle } from '../../engine/src/store/idle-memory.ts';
import { openSqliteStore } from '../../engine/src/store/sqlite/open.ts';
import type { StoredDelivery, StoredMessage } from '../../engine/src/store/store.ts';
import { contenderPort, host, ordersPath, receiverPort } from '../addresses.ts';
import { mapOrder } from '../order.ts';
import type { ShopOrder } from '../order.ts';

const [, , folder, mode] = process.argv;
if (folder === undefined) throw new Error('Expected the folder of the data.');
const outbound = mode === 'forward' ? 'outbound:receiver.put-order' : 'outbound:log.note';
const revision = 'a1b2c3d4e5f6';
whenIdle();
const store = await openSqliteStore({ folder });
const newId = idMaker(pooledRandomBytes());
const agent = new Agent({ allowH2: false });

const app = fastify();
app.post<{ Body: ShopOrder }>(ordersPath, async ({ body, headers }, reply) => {
  const nowMs = Date.now();
  const message = messageOf(newId(nowMs), body, headers as Readonly<Record<string, string>>, nowMs);
  const delivery = deliveryOf(message, 'flow:orders', nowMs);
  await store.commit({ messages: [message], deliveries: [delivery] });
  void settle(message, delivery, body).catch(failed);
  return reply.code(202).send({ id: message.id });
});
await app.listen({ host, port: contenderPort });
process.once('SIGTERM', () => void store.close().then(() => process.exit(0), failed));

async function settle(message: StoredMessage, delivery: StoredDelivery, body: ShopOrder): Promise<void> {
  const order = mapOrder(body);
  const text = JSON.stringify(order);
  const id = deriveId(message.id, delivery.id, revision, '0');
  const mapped: StoredMessage = { ...message, id, parent: message.id, body: { kind: 'json', text } };
  const sent = deliveryOf(mapped, outbound, Date.now(), delivery.id);
  const detail = mode === 'forward' ? await send(order.orderId, sent.id, text) : 'written';
  const ended = { state: 'done', attempts: 1, endedAtMs: Date.now(), revision, detail } as const;
  const journal = { tookMs: ended.endedAtMs - delivery.createdAtMs };
  await store.commit({
    changes: [{ seq: delivery.seq, from: ['waiting'], ...ended, journal, outputs: 1 }],
    messages: [mapped],
    deliveries: [{ ...sent, ...ended }],
  });
}

async function send(orderId: string, key: string, text: string): Promise<string> {
  const { statusCode, body } = await agent.request({
    origin: `http://${host}:${receiverPort}`,
    path: `${ordersPath}/${orderId}`,
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: text,
  });
  await body.dump();
  return `HTTP ${statusCode}`;
}

function messageOf(id: string, body: ShopOrder, headers: Readonly<Record<string, string>>, nowMs: number): StoredMessage {
  return {
    id,
    root: id,
    source: '/systems/shop/order-created',
    type: 'shop.order-created',
    time: new Date(nowMs).toISOString(),
    dataContentType: 'application/json',
    headers,
    keys: {},
    variables: {},
    acceptedAtMs: nowMs,
    body: { kind: 'json', text: JSON.stringify(body) },
  };
}

function deliveryOf(message: StoredMessage, destination: string, nowMs: number, parent?: string): StoredDelivery {
  return {
    seq: store.takeSeq(),
    id: deriveId(message.root, message.id, destination),
    message: message.id,
    destination,
    flow: 'orders',
    state: 'waiting',
    attempts: 0,
    createdAtMs: nowMs,
    ...(parent === undefined ? {} : { parent }),
  };
}

/** What is not on disk is lost: no figure is to come of it. */
function failed(error: unknown): void {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}
