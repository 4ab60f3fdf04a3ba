// Running one hop of a journey again: what would come out of it, as a difference, and then for good.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { toStoredError } from '../delivery/settle.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import type { StoredBody, StoredDelivery } from '../store/store.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import { Id, notFound } from './messages.ts';
import { deliveryInPath, deliveryObject, may } from './objects.ts';
import type { ControlServer } from './server.ts';
import { DeliveryError } from './views.ts';

const Revision = Type.Enum(['current', 'recorded'], {
  default: 'current',
  description: 'The flow as it is today, or as it was when the delivery ran.',
});

const Ask = Type.Object(
  {
    revision: Revision,
    value: Type.Optional(Type.Unknown({ description: 'Another body, as JSON, in place of the one that is stored.' })),
    outbounds: Type.Enum(['skip-done', 'all'], {
      default: 'skip-done',
      description: 'Skip what a system has taken already, and calls whose replies are recorded; or do all of it again.',
    }),
    preview: Type.Boolean({ default: false, description: 'Says what would come out, and does nothing.' }),
  },
  { additionalProperties: false },
);

const Output = {
  to: Type.String({ description: 'outbound:SYSTEM.OUTBOUND or channel:NAME.' }),
  body: Type.Optional(Type.Unknown({ description: 'For whoever may see bodies.' })),
};

export const AgainView = Type.Object({
  how: Type.Enum(['retried', 'replayed', 'nothing'], {
    description: 'Under the same ids; as a new message; or nothing was done, as in a preview or where all of it is delivered.',
  }),
  id: Type.Optional(Type.String({ description: 'Of the message that is on its way now.' })),
  revision: Type.Optional(Type.String({ description: 'Of the flow on which it ran.' })),
  outcome: Type.String(),
  error: Type.Optional(DeliveryError),
  before: Type.Array(Type.Object(Output), { description: 'What came of it before.' }),
  outputs: Type.Array(
    Type.Object({
      ...Output,
      what: Type.Enum(['sent', 'skipped', 'left'], {
        description: 'Skipped: it was delivered. Left: it is under way, or was delivered in part: run it again at its own hop.',
      }),
      changed: Type.Boolean({ description: 'Whether it is none of what came of it before.' }),
    }),
  ),
});
export type AgainView = Static<typeof AgainView>;

export function againRoutes(server: ControlServer, host: ControlHost): void {
  server.post(
    '/api/v1/deliveries/:id/again',
    {
      config: may('operate', deliveryInPath),
      schema: {
        operationId: 'runAgain',
        tags: ['deliveries'],
        summary:
          'Runs one hop again: on a revision of choice, with an edited body if wished; what succeeded is skipped unless asked for.',
        params: Id,
        body: Ask,
        response: { 200: AgainView },
      },
    },
    async ({ params: { id }, body: { revision, outbounds, preview, ...edited }, asker }) => {
      const found = await host.engine.runtime.store.read.delivery({ id });
      if (!found) throw notFound(id);
      const object = deliveryObject(found.delivery, found.message);
      const flow = revision === 'recorded' ? await recordedFlow(host, found.delivery) : undefined;
      const body = 'value' in edited ? bodyOf(edited.value, found.message.body) : undefined;
      const ask = { outbounds, preview, ...(flow ? { flow } : {}), ...(body ? { body } : {}) };
      const view = viewOf(await host.engine.hops.run(id, ask));
      return asker.has('see-bodies', object) ? view : withoutBodies(view);
    },
  );
}

/** Throws MORTISE_CONTROL_UNKNOWN where it is not kept. */
export async function recordedFlow(
  host: ControlHost,
  { destination, revision }: StoredDelivery,
): Promise<CompiledFlow | undefined> {
  const name = /^flow:(.+)$/.exec(destination)?.[1];
  if (name === undefined || revision === undefined) return undefined;
  const today = host.engine.runtime.flow(name);
  if (today?.revision === revision) return today;
  const flow = (await host.recorded(name, revision))?.compiled.get(name);
  if (flow?.revision === revision) return flow;
  throw controlError(
    'MORTISE_CONTROL_UNKNOWN',
    `Revision ${revision} of flow ${name} is not kept, or its code has changed since.`,
    {
      remedy: 'Run it on the revision of today; or bring back the files of then.',
    },
  );
}

/** What was encoded stays bytes: of text as it is given, of any other value as JSON. */
function bodyOf(value: unknown, former: StoredBody): StoredBody {
  const isBytes = former.kind === 'bytes' || (former.kind === 'blob' && former.holds === 'bytes');
  if (isBytes) return { kind: 'bytes', bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) };
  return { kind: 'json', text: JSON.stringify(value) };
}

function viewOf({ error, before, outputs, ...rest }: Awaited<ReturnType<ControlHost['engine']['hops']['run']>>): AgainView {
  const former = new Set(before.map((output) => JSON.stringify(output)));
  return {
    ...rest,
    ...(error ? { error: toStoredError(error) } : {}),
    before: before.map((output) => ({ ...output })),
    outputs: outputs.map((output) => ({ ...output, changed: !former.has(JSON.stringify({ to: output.to, body: output.body })) })),
  };
}

function withoutBodies({ error, before, outputs, ...rest }: AgainView): AgainView {
  return {
    ...rest,
    ...(error ? { error: { ...error, message: error.code } } : {}),
    before: before.map(({ to }) => ({ to })),
    outputs: outputs.map(({ body: _body, ...output }) => output),
  };
}
