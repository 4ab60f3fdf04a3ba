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
  producers: Type.Array(Type.String(), { description: 'What gives it: inbounds, and flows that send it to a channel.' }),
  consumers: Type.Array(Type.String(), { description: 'What takes it: flows.' }),
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
  return [...definitions.models.values()].map(({ name, file, schema }) => {
    const channels = [...definitions.channels.values()]
      .filter(({ model }) => model?.name === name)
      .map((channel) => channel.name);
    const inbounds = [...definitions.systems.values()].flatMap((system) =>
      [...system.inbounds.values()]
        .filter(({ model }) => model?.name === name)
        .map((inbound) => `${system.name}.${inbound.name}`),
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
      producers: [...inbounds, ...senders.map((flow) => `flow:${flow.name}`)],
      consumers: receivers.map((flow) => `flow:${flow.name}`),
    };
  });
}
