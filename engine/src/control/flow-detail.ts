// One flow: what it says, which file holds it, and how its steps fare with the last messages.

import { nearest } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { rehearse } from '../flow/rehearsal.ts';
import type { Rehearsed } from '../flow/rehearsal.ts';
import { recordedOf } from './dry-run.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import type { ControlServer } from './server.ts';
import { stepNames } from './trace.ts';
import { flowInPath, may } from './objects.ts';

const StepView = Type.Object({
  name: Type.String(),
  line: Type.Integer(),
  passed: Type.Integer({ description: 'How many messages went on behind it.' }),
  failed: Type.Integer({ description: 'How many ended there with an error.' }),
  meanMs: Type.Number({ description: 'As it was measured when the messages ran again for this answer.' }),
});

export const FlowDetail = Type.Object({
  name: Type.String(),
  file: Type.String(),
  definition: Type.Unknown({ description: 'As it is written, functions left out.' }),
  looked: Type.Integer({ description: 'At how many recorded messages was looked.' }),
  steps: Type.Array(StepView),
});
type FlowDetail = Static<typeof FlowDetail>;

export function flowDetailRoutes(server: ControlServer, host: ControlHost): void {
  server.get(
    '/api/v1/flows/:name',
    {
      config: may('see', flowInPath),
      schema: {
        operationId: 'getFlow',
        tags: ['mesh'],
        summary: 'A flow as it is written, and how its steps fare when the last recorded messages run again without effects.',
        params: Type.Object({ name: Type.String() }),
        querystring: Type.Object(
          { last: Type.Integer({ minimum: 0, maximum: 200, default: 20 }) },
          { additionalProperties: false },
        ),
        response: { 200: FlowDetail },
      },
    },
    async ({ params, query }) => detail(host, params.name, query.last),
  );
}

async function detail(host: ControlHost, name: string, last: number): Promise<FlowDetail> {
  const { flows, compiled } = host.project();
  const source = flows.find((flow) => flow.name === name);
  const flow = compiled.get(name);
  if (!source || !flow) {
    const near = nearest(name, compiled.keys());
    throw controlError(
      'MORTISE_CONTROL_UNKNOWN',
      `There is no flow "${name}".`,
      near === undefined ? {} : { remedy: `Did you mean "${near}"?` },
    );
  }
  const recorded = last === 0 ? [] : await recordedOf(host, name, last);
  const { runtime } = host.engine;
  const rehearsed: Rehearsed[] = [];
  for (const one of recorded) rehearsed.push(await rehearse(flow, runtime, one));
  return {
    name,
    file: source.source.file,
    definition: source.source.value,
    looked: rehearsed.length,
    steps: stepNames(source).map((step, index) => ({ ...step, ...figuresOf(rehearsed, index) })),
  };
}

function figuresOf(rehearsed: readonly Rehearsed[], index: number): { passed: number; failed: number; meanMs: number } {
  const reached = rehearsed.flatMap(({ steps }) => steps[index] ?? []);
  const failed = rehearsed.filter(({ error, steps }) => error !== undefined && steps.length === index);
  const times = reached.flatMap(({ tookMs }) => tookMs ?? []);
  return {
    passed: reached.filter(({ count }) => count > 0).length,
    failed: failed.length,
    meanMs: times.length === 0 ? 0 : times.reduce((sum, ms) => sum + ms, 0) / times.length,
  };
}
