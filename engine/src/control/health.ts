// Whether the engine lives, whether it takes messages, and its figures for Prometheus.

import { Type } from 'typebox';
import type { ControlServer } from './server.ts';
import type { ControlHost } from './host.ts';
import { metricsOf } from './metrics.ts';

const Health = Type.Object({ state: Type.Enum(['live', 'starting', 'ready', 'stopping']) });

export function healthRoutes(server: ControlServer, host: ControlHost): void {
  server.get(
    '/health/live',
    { schema: { operationId: 'isLive', tags: ['health'], summary: 'The process lives.', response: { 200: Health } } },
    async () => ({ state: 'live' as const }),
  );
  server.get(
    '/health/ready',
    {
      schema: {
        operationId: 'isReady',
        tags: ['health'],
        summary: 'The engine takes messages: 503 while it starts and while it stops.',
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const state = host.state();
      return reply.code(state === 'ready' ? 200 : 503).send({ state });
    },
  );
  server.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        tags: ['health'],
        summary: 'Figures in the text format of Prometheus.',
        response: { 200: { content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsOf(host)),
  );
}
