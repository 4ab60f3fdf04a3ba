// Reloading the project, backing up what is stored, and asking systems whether they answer.

import { isAbsolute } from 'node:path';
import { nearest } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { ConnectionDefinition, SystemDefinition } from '../flow/definitions.ts';
import type { ControlServer } from './server.ts';
import { Backups } from './backups.ts';
import { controlError } from './errors.ts';
import type { BackupSummary, ControlHost } from './host.ts';
import { may, systemInPath, wholeEngine } from './objects.ts';

const pingTimeoutMs = 10_000;

const ProjectProblem = Type.Object({
  code: Type.String(),
  severity: Type.Enum(['error', 'warning']),
  file: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  message: Type.String(),
  remedy: Type.String(),
});

export const Reloaded = Type.Object({
  applied: Type.Boolean({ description: 'False where the project has errors: then the one that runs goes on.' }),
  revision: Type.String({ description: 'Of what runs now.' }),
  problems: Type.Array(ProjectProblem),
});
export type Reloaded = Static<typeof Reloaded>;

export const Pinged = Type.Object({
  connections: Type.Array(
    Type.Object({
      name: Type.String(),
      connector: Type.String(),
      state: Type.Enum(['answers', 'fails', 'unknown'], {
        description: 'Unknown: the connector has no way to ask, or the other side only calls us.',
      }),
      detail: Type.Optional(Type.String({ description: 'What it said, or what went wrong.' })),
      remedy: Type.Optional(Type.String()),
      tookMs: Type.Integer(),
    }),
  ),
});
export type Pinged = Static<typeof Pinged>;

export const BackedUp = Type.Object({
  target: Type.String(),
  takenAt: Type.String({ format: 'date-time' }),
  storeVersion: Type.Integer(),
  files: Type.Integer(),
  bytes: Type.Integer(),
  missing: Type.Array(Type.String(), { description: 'Blobs that messages refer to and whose files were not there.' }),
});
export type BackedUp = Static<typeof BackedUp>;

export const BackingUp = Type.Object({
  target: Type.String(),
  running: Type.Literal(true, { description: 'It goes on; ask again with the same target to wait for its end.' }),
});
export type BackingUp = Static<typeof BackingUp>;

export function upkeepRoutes(server: ControlServer, host: ControlHost): void {
  const backups = new Backups(host);
  server.post(
    '/api/v1/reload',
    {
      config: { ...may('develop', wholeEngine), fourEyes: 'apply' },
      schema: {
        operationId: 'reload',
        tags: ['mesh'],
        summary: 'Loads the project anew and runs it, if it has no errors.',
        response: { 200: Reloaded, 422: Reloaded },
      },
    },
    async (request, reply) => {
      const before = { revision: host.project().revision };
      const problems = await host.reload();
      request.told = { before, after: { ...(request.told?.after as object | undefined), revision: host.project().revision } };
      const applied = !problems.some(({ severity }) => severity === 'error');
      return reply
        .code(applied ? 200 : 422)
        .send({ applied, revision: host.project().revision, problems: problems.map((problem) => ({ ...problem })) });
    },
  );
  server.post(
    '/api/v1/backup',
    {
      config: may('administer', wholeEngine),
      schema: {
        operationId: 'backup',
        tags: ['mesh'],
        summary: 'Copies what is stored now into a new folder, while traffic goes on.',
        body: Type.Object(
          { target: Type.String({ minLength: 1, description: 'On the machine of the engine; absolute.' }) },
          { additionalProperties: false },
        ),
        response: { 200: BackedUp, 202: BackingUp },
      },
    },
    async ({ body: { target } }, reply) => {
      if (!isAbsolute(target))
        throw controlError('MORTISE_CONTROL_REQUEST', `"${target}" is no absolute path: the engine has another current folder.`);
      const done = await backups.wait(target);
      return done ? summary(target, done) : reply.code(202).send({ target, running: true });
    },
  );
  server.post(
    '/api/v1/systems/:name/ping',
    {
      config: may('operate', systemInPath),
      schema: {
        operationId: 'pingSystem',
        tags: ['mesh'],
        summary: 'Asks a system whether it answers.',
        params: Type.Object({ name: Type.String() }),
        response: { 200: Pinged },
      },
    },
    async ({ params }) => {
      const { connections } = systemOf(host, params.name);
      return { connections: await Promise.all([...connections.values()].map((connection) => ping(host, connection))) };
    },
  );
}

function summary(target: string, { takenAt, storeVersion, files, missing }: BackupSummary): BackedUp {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { target, takenAt, storeVersion, files: files.length, bytes, missing: [...missing] };
}

/** Throws MORTISE_CONTROL_UNKNOWN where there is none of this name. */
export function systemOf(host: ControlHost, name: string): SystemDefinition {
  const { systems } = host.project().definitions;
  const system = systems.get(name);
  if (system) return system;
  const near = nearest(name, systems.keys());
  throw controlError(
    'MORTISE_CONTROL_UNKNOWN',
    `There is no system "${name}".`,
    near === undefined ? {} : { remedy: `Did you mean "${near}"?` },
  );
}

/** Not a connection by which the other side only calls: it may have no address. */
function isAsked({ project }: ControlHost, system: string, connection: string): boolean {
  const { definitions, compiled } = project();
  const defined = definitions.systems.get(system);
  const flows = [...compiled.values()];
  const outbounds = flows.flatMap(({ targets }) =>
    targets.flatMap((target) => (target.kind === 'outbound' ? [target.outbound] : [])),
  );
  const inbounds = flows.flatMap(({ from }) => (from.kind === 'inbound' ? [from.inbound] : []));
  const fetching = [...inbounds, ...(defined?.inbounds.values() ?? [])].filter(
    ({ declaration }) => declaration.mode === 'polling',
  );
  const ends = [...outbounds, ...(defined?.outbounds.values() ?? []), ...fetching];
  return ends.some((end) => end.system === system && end.connection.name === connection);
}

async function ping(
  host: ControlHost,
  { system, name, connector, values }: ConnectionDefinition,
): Promise<Pinged['connections'][number]> {
  const { catalog } = host.project();
  const startedMs = performance.now();
  const tookMs = (): number => Math.round(performance.now() - startedMs);
  try {
    const ask = isAsked(host, system, name) ? await catalog.ping(connector) : undefined;
    if (!ask) return { name, connector, state: 'unknown', tookMs: tookMs() };
    const resolved = host.resolve((await catalog.connector(connector)).connection, values);
    const detail = await ask(resolved, AbortSignal.timeout(pingTimeoutMs));
    return { name, connector, state: 'answers', detail, tookMs: tookMs() };
  } catch (error) {
    const remedy = typeof error === 'object' && error !== null && 'remedy' in error ? { remedy: String(error.remedy) } : {};
    return {
      name,
      connector,
      state: 'fails',
      detail: error instanceof Error ? error.message : String(error),
      ...remedy,
      tookMs: tookMs(),
    };
  }
}
