// The models: which there are, who uses them, and what a change of one would break.

import { nearest } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { changeImpact } from '../project/impact.ts';
import type { Project } from '../project/load.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import { ProblemView } from './problem-view.ts';
import type { ControlServer } from './server.ts';
import { flowObject, may, onlyCovered } from './objects.ts';

export const ModelView = Type.Object({
  name: Type.String({ description: 'With its version, as order@1.' }),
  file: Type.String(),
  schema: Type.Unknown({ description: 'JSON Schema.' }),
  producers: Type.Array(Type.String(), {
    description: 'What gives it: inbounds, outbounds that reply with it, and flows that send it to a channel.',
  }),
  consumers: Type.Array(Type.String(), {
    description: 'What takes it: outbounds that send nothing else, flows that receive it or ask for it.',
  }),
});
type ModelView = Static<typeof ModelView>;

const Impacts = Type.Object({
  flows: Type.Array(Type.Object({ flow: Type.String(), problems: Type.Array(ProblemView) }), {
    description: 'Flows in which something would not fit any more.',
  }),
});

export function modelRoutes(server: ControlServer, { project }: ControlHost): void {
  server.get(
    '/api/v1/models',
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listModels',
        tags: ['project'],
        summary: 'All models, with who gives and who takes them.',
        response: { 200: Type.Array(ModelView) },
      },
    },
    async () => modelViews(project()),
  );
  server.post(
    '/api/v1/models/impact',
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'getImpact',
        tags: ['project'],
        summary: 'What a change of a model would break.',
        body: Type.Object(
          { name: Type.String(), schema: Type.Record(Type.String(), Type.Unknown()) },
          { additionalProperties: false },
        ),
        response: { 200: Impacts },
      },
    },
    async ({ body: { name, schema }, asker }) => {
      refuseUnknown(project(), name);
      const all = changeImpact(project(), name, schema as JsonSchema);
      const impacts = all.filter(({ flow }) => asker.covers(flowObject(flow)));
      return { flows: impacts.map(({ flow, problems }) => ({ flow, problems: problems.map((problem) => ({ ...problem })) })) };
    },
  );
}

function refuseUnknown({ definitions: { models } }: Project, name: string): void {
  if (models.has(name)) return;
  const near = nearest(name, models.keys());
  throw controlError(
    'MORTISE_CONTROL_UNKNOWN',
    `There is no model "${name}".`,
    near === undefined ? {} : { remedy: `Did you mean "${near}"?` },
  );
}

function modelViews(project: Project): ModelView[] {
  const { definitions, compiled } = project;
  const flows = [...compiled.values()];
  const systems = [...definitions.systems.values()];
  return [...definitions.models.values()].map(({ name, file, schema }) => {
    const channels = [...definitions.channels.values()]
      .filter(({ model }) => model?.name === name)
      .map((channel) => channel.name);
    const inbounds = systems.flatMap((system) => [...system.inbounds.values()]).filter(({ model }) => model?.name === name);
    const outbounds = systems.flatMap((system) => [...system.outbounds.values()]);
    const replying = outbounds.filter(({ reply }) => reply?.name === name).map(endName);
    const taking = outbounds.filter(({ model }) => model?.name === name);
    const asking = flows.filter(({ targets }) =>
      targets.some(({ label }) => replying.some((end) => label === `outbound:${end}`)),
    );
    const senders = flows.filter(({ targets }) =>
      targets.some(({ label }) => channels.some((channel) => label === `channel:${channel}`)),
    );
    const receivers = flows.filter(({ from }) =>
      from.kind === 'channel' ? channels.includes(from.channel.name) : from.inbound.model?.name === name,
    );
    return {
      name,
      file,
      schema,
      producers: [...inbounds.map(endName), ...replying, ...senders.map((flow) => `flow:${flow.name}`)],
      consumers: [...taking.map(endName), ...new Set([...receivers, ...asking].map((flow) => `flow:${flow.name}`))],
    };
  });
}

function endName({ system, name }: { readonly system: string; readonly name: string }): string {
  return `${system}.${name}`;
}
