// Whether the engine lives, whether it takes messages, and its figures for Prometheus.

import { formatSize } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { ControlServer } from './server.ts';
import { engineStates, takesMessages } from './host.ts';
import type { ControlHost } from './host.ts';
import { metricsOf } from './metrics.ts';
import { may, open, wholeEngine } from './objects.ts';

const Live = Type.Object({ state: Type.Enum(['live']) });
const Ready = Type.Object({
  state: Type.Enum([...engineStates]),
  takes: Type.Boolean({ description: 'Whether messages are taken in.' }),
  reasons: Type.Array(Type.String(), { description: 'What an operator should know: why nothing is taken, what stands still.' }),
});

export function healthRoutes(server: ControlServer, host: ControlHost): void {
  server.get(
    '/health/live',
    { config: open, schema: { operationId: 'isLive', tags: ['health'], summary: 'The process lives.', response: { 200: Live } } },
    async () => ({ state: 'live' as const }),
  );
  server.get(
    '/health/ready',
    {
      config: open,
      schema: {
        operationId: 'isReady',
        tags: ['health'],
        summary: 'The engine takes messages: 503 while it starts, is drained or stops, and while the disk is full.',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const takes = takesMessages(host);
      return reply.code(takes ? 200 : 503).send({ state: host.state(), takes, reasons: reasonsOf(host) });
    },
  );
  server.get(
    '/metrics',
    {
      config: may('see', wholeEngine),
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

function reasonsOf({ engine: { standstills }, disk, project, state }: ControlHost): string[] {
  const { hasRoom, floorBytes, freeBytes = 0 } = disk();
  const full = `The disk has ${formatSize(freeBytes)} free; below ${formatSize(floorBytes)} nothing is accepted.`;
  const flows = [...project().compiled.keys()].flatMap(
    (flow) => (standstills.ofFlow(flow) ?? standstills.ofIntake(flow))?.reason ?? [],
  );
  const systems = [...project().definitions.systems.keys()].flatMap((system) => standstills.ofSystem(system)?.reason ?? []);
  return [
    ...(state() === 'draining' ? ['The engine is drained: it takes no more messages.'] : []),
    ...(hasRoom ? [] : [full]),
    // Where the engine is paused, all of them say so.
    ...new Set([...flows, ...systems]),
  ];
}
