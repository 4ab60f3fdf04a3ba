// Contender: the forwarder without a store. Takes an order, maps it, sends it on, answers when the receiver has answered.

import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import { Agent } from 'undici';
import { contenderPort, host, ordersPath, receiverPort } from '../addresses.ts';
import { mapOrder } from '../order.ts';
import type { ShopOrder } from '../order.ts';

const agent = new Agent({ allowH2: false });
const origin = `http://${host}:${receiverPort}`;

const app = fastify();
app.post<{ Body: ShopOrder }>(ordersPath, async (request, reply) => {
  const order = mapOrder(request.body);
  const { statusCode, body } = await agent.request({
    origin,
    path: `${ordersPath}/${order.orderId}`,
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(order),
  });
  await body.dump();
  return reply.code(statusCode < 300 ? 202 : 502).send({ id: order.orderId, total: order.total });
});
await app.listen({ host, port: contenderPort });
