// Contender: the intake without a store. Takes an order, maps it, answers.

import { fastify } from 'fastify';
import { contenderPort, host, ordersPath } from '../addresses.ts';
import { mapOrder } from '../order.ts';
import type { ShopOrder } from '../order.ts';

const app = fastify();
app.post<{ Body: ShopOrder }>(ordersPath, async (request, reply) => {
  const { orderId, total } = mapOrder(request.body);
  return reply.code(202).send({ id: orderId, total });
});
await app.listen({ host, port: contenderPort });
