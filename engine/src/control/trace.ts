// What a flow did with one recorded message, step by step: recomputed, since bodies between the steps are not stored.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { engineError } from '../delivery/errors.ts';
import { toStoredError } from '../delivery/settle.ts';
import type { FlowSource } from '../flow/definitions.ts';
import { rehearse } from '../flow/rehearsal.ts';
import type { Rehearsed } from '../flow/rehearsal.ts';
import { fieldOrigins } from '../project/lineage.ts';
import type { Project } from '../project/load.ts';
import type { StoredBody } from '../store/store.ts';
import type { ControlHost } from './host.ts';
import { recordedFlow } from './again.ts';
import { Id, notFound } from './messages.ts';
import type { ControlServer } from './server.ts';
import { DeliveryError } from './views.ts';
import { deliveryInPath, may } from './objects.ts';

const Output = Type.Object({ to: Type.String(), body: Type.Unknown() });

/** What came of a message, as far as a dry run compares it. */
export const OutcomeView = Type.Object({
  outcome: Type.Enum(['done', 'filtered', 'abandoned', 'failed']),
  error: Type.Optional(DeliveryError),
  outputs: Type.Array(Output),
  reply: Type.Optional(Type.Unknown()),
});
export type OutcomeView = Static<typeof OutcomeView>;

export const TraceView = Type.Object({
  ...OutcomeView.properties,
  flow: Type.String(),
  revision: Type.String({ description: 'On which it was recomputed.' }),
  recorded: Type.Optional(Type.String({ description: 'On which it ran.' })),
  input: Type.Unknown(),
  steps: Type.Array(
    Type.Object({
      name: Type.String(),
      line: Type.Optional(Type.Integer()),
      count: Type.Integer({ description: 'How many messages went on behind it.' }),
      bodies: Type.Array(Type.Unknown(), { description: 'Of the first of these.' }),
    }),
  ),
  calls: Type.Array(
    Type.Object({
      to: Type.String(),
      request: Type.Unknown(),
      reply: Type.Optional(Type.Unknown()),
      known: Type.Boolean({ description: 'Whether it was made then, and its reply recorded.' }),
    }),
  ),
  lineage: Type.Array(Type.Object({ target: Type.String(), field: Type.String(), from: Type.Array(Type.String()) })),
});
type TraceView = Static<typeof TraceView>;

const TraceRevision = Type.Enum(['current', 'recorded'], {
  default: 'current',
  description: 'The flow as it is now, or as it was when it ran.',
});

export function traceRoutes(server: ControlServer, host: ControlHost): void {
  server.get(
    '/api/v1/deliveries/:id/trace',
    {
      config: may('see-bodies', deliveryInPath),
      schema: {
        operationId: 'traceDelivery',
        tags: ['deliveries'],
        summary: 'Runs the flow again on what was recorded, without effects, and gives the body behind each step.',
        params: Id,
        querystring: Type.Object({ revision: TraceRevision }, { additionalProperties: false }),
        response: { 200: TraceView },
      },
    },
    async ({ params, query: { revision } }) => trace(host, params.id, revision === 'recorded'),
  );
  server.post(
    '/api/v1/deliveries/:id/rehearse',
    {
      config: may('see-bodies', deliveryInPath),
      schema: {
        operationId: 'rehearseDelivery',
        tags: ['deliveries'],
        summary: 'The same with another body: what would come out of it. Nothing is sent, and nothing is kept.',
        params: Id,
        body: Type.Object({ value: Type.Unknown({ description: 'The body, as JSON.' }) }, { additionalProperties: false }),
        response: { 200: TraceView },
      },
    },
    async ({ params, body }) => trace(host, params.id, false, { kind: 'json', text: JSON.stringify(body.value) }),
  );
}

async function trace(host: ControlHost, id: string, isRecorded: boolean, body?: StoredBody): Promise<TraceView> {
  const { runtime } = host.engine;
  const found = await runtime.store.read.delivery({ id });
  if (!found) throw notFound(id);
  const { delivery } = found;
  const name = /^flow:(.+)$/.exec(delivery.destination)?.[1];
  const { revision: ran } = delivery;
  const today = name === undefined ? undefined : runtime.flow(name);
  const isThen = isRecorded && name !== undefined && ran !== undefined && today?.revision !== ran;
  const project = isThen ? ((await host.recorded(name, ran)) ?? host.project()) : host.project();
  const flow = isThen ? await recordedFlow(host, delivery) : today;
  if (!flow)
    throw engineError(
      'MORTISE_DELIVERY_NO_DESTINATION',
      `${delivery.destination} is no flow of the project: it has no steps to look at.`,
    );
  const message = body ? { ...found.message, body } : found.message;
  const rehearsed = await rehearse(flow, runtime, { delivery, message });
  const source = project.flows.find((one) => one.name === flow.name);
  const names = source ? stepNames(source) : [];
  return {
    ...outcomeView(rehearsed),
    flow: flow.name,
    revision: flow.revision,
    ...(delivery.revision === undefined ? {} : { recorded: delivery.revision }),
    input: rehearsed.input,
    steps: names.map((step, index) => ({ ...step, ...stepView(rehearsed.steps[index]) })),
    calls: rehearsed.calls.map((call) => ({ ...call })),
    lineage: lineageOf(project, flow.name),
  };
}

function stepView(step: Rehearsed['steps'][number] | undefined): Pick<TraceView['steps'][number], 'count' | 'bodies'> {
  return { count: step?.count ?? 0, bodies: [...(step?.bodies ?? [])] };
}

export function outcomeView({ outcome, outputs, error, reply }: Rehearsed): OutcomeView {
  return {
    outcome: outcome as OutcomeView['outcome'],
    outputs: outputs.map((output) => ({ ...output })),
    ...(error ? { error: toStoredError(error) } : {}),
    ...(reply === undefined ? {} : { reply }),
  };
}

/** The steps of a flow's own list, as they are written. */
export function stepNames({ source }: FlowSource): readonly { readonly name: string; readonly line: number }[] {
  const { steps } = (source.value ?? {}) as { readonly steps?: unknown };
  const list: readonly unknown[] = Array.isArray(steps) ? steps : [];
  return list.map((step, index) => ({
    name: Object.keys((step ?? {}) as object)[0] ?? '',
    line: source.locate(['steps', index], 'key').line,
  }));
}

function lineageOf(project: Project, flow: string): TraceView['lineage'] {
  return fieldOrigins(project, flow).map(({ target, field, origins }) => ({
    target,
    field,
    from: origins.map(({ from, path }) => `${from} ${path}`),
  }));
}
