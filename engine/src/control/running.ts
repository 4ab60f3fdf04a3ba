// What an operator does with a running engine: pause and resume, drain, and change the level of the log.

import { nearest } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { logLevels } from '../flow/definitions.ts';
import { engineName } from '../flow/standstills.ts';
import type { StoredPause } from '../store/store.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import type { Asker } from './authentication.ts';
import { destinationObject, may, onlyCovered, pausedObject, pausedOne, wholeEngine } from './objects.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from '../store/iso-time.ts';

const Time = Type.String({ format: 'date-time' });
const Kind = Type.Enum(['engine', 'flow', 'system']);
const Name = Type.String({ minLength: 1, maxLength: 200, description: 'Of the flow or the system; "*" for the engine.' });

export const FlowDrainView = Type.Object(
  {
    state: Type.Enum(['draining', 'drained']),
    waiting: Type.Integer({ description: 'Of its own and of what it sends: waiting or under way.' }),
    held: Type.Integer({ description: 'Held by a delay or for others, until their time comes.' }),
  },
  {
    description:
      'Of a flow that is drained: what it took before still goes on, and so much of it is left. What is dead or in doubt does not count.',
  },
);
export type FlowDrainView = Static<typeof FlowDrainView>;

export const PauseView = Type.Object({
  kind: Kind,
  name: Name,
  since: Time,
  reason: Type.Optional(Type.String()),
  drain: Type.Optional(FlowDrainView),
});
export type PauseView = Static<typeof PauseView>;

export const DrainView = Type.Object({
  state: Type.Enum(['off', 'draining', 'drained'], {
    description: 'Drained: nothing runs and nothing waits. What is held, dead or in doubt stays on disk.',
  }),
  since: Type.Optional(Time),
  stops: Type.Boolean({ description: 'Whether the process ends when all is drained.' }),
  left: Type.Array(
    Type.Object({
      name: Type.String(),
      waiting: Type.Integer(),
      running: Type.Integer(),
      standsStill: Type.Optional(Type.String({ description: 'Why it does not go on by itself.' })),
    }),
  ),
});
export type DrainView = Static<typeof DrainView>;

export const LogView = Type.Object({ level: Type.Enum([...logLevels]) });
export type LogView = Static<typeof LogView>;

const api = '/api/v1';
const tags = ['running'];

export function runningRoutes(server: ControlServer, host: ControlHost): void {
  pauseRoutes(server, host);
  drainRoutes(server, host);
  logRoutes(server, host);
}

function pauseRoutes(server: ControlServer, host: ControlHost): void {
  const { standstills } = host.engine;
  server.get(
    `${api}/pauses`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listPauses',
        tags,
        summary: 'What is paused, oldest first.',
        response: { 200: Type.Array(PauseView) },
      },
    },
    async ({ asker }) => {
      const covered = standstills.pauses.filter((pause) => asker.covers(pausedObject(pause)));
      return Promise.all(covered.map((pause) => pauseView(host, pause)));
    },
  );
  server.post(
    `${api}/pauses`,
    {
      config: may('operate', pausedOne),
      schema: {
        operationId: 'pause',
        tags,
        summary:
          'Pauses the engine, a flow or a system: what is under way ends, nothing begins, and no attempt is counted. Or drains a flow.',
        body: Type.Object(
          {
            kind: Kind,
            name: Type.Optional(Name),
            reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
            drain: Type.Boolean({
              default: false,
              description: 'Of a flow: it takes nothing more in, and ends what it has, in place of standing still at once.',
            }),
          },
          { additionalProperties: false },
        ),
        response: { 200: PauseView },
      },
    },
    async ({ body: { kind, name = engineName, reason, drain } }) => {
      if (drain && kind !== 'flow') throw notDrainable(kind);
      refuseUnknown(host, kind, name);
      return pauseView(host, await (drain ? standstills.drain(name, reason) : standstills.pause(kind, name, reason)));
    },
  );
  server.post(
    `${api}/pauses/resume`,
    {
      config: may('operate', pausedOne),
      schema: {
        operationId: 'resume',
        tags,
        summary: 'Lets go on what was paused or drained.',
        body: Type.Object({ kind: Kind, name: Type.Optional(Name) }, { additionalProperties: false }),
        response: { 200: Type.Object({ resumed: Type.Boolean({ description: 'False where it was not paused.' }) }) },
      },
    },
    async ({ body: { kind, name = engineName } }) => {
      // What the project does not have any more may still be paused.
      if (!standstills.pauseOf(kind, name)) refuseUnknown(host, kind, name);
      return { resumed: await standstills.resume(kind, name) };
    },
  );
}

function refuseUnknown({ project }: ControlHost, kind: StoredPause['kind'], name: string): void {
  const { compiled, definitions } = project();
  const known = kind === 'engine' ? [engineName] : [...(kind === 'flow' ? compiled : definitions.systems).keys()];
  if (known.includes(name)) return;
  const near = nearest(name, known);
  throw controlError(
    'MORTISE_CONTROL_UNKNOWN',
    `There is no ${kind} "${name}".`,
    near === undefined ? {} : { remedy: `Did you mean "${near}"?` },
  );
}

function notDrainable(kind: 'engine' | 'system'): Error {
  const remedy = kind === 'engine' ? 'Drain the engine by POST /drain.' : 'Drain the flows that receive from it, or pause it.';
  return controlError('MORTISE_CONTROL_REQUEST', `drain: of a pause it is said of a flow alone, not of: ${kind}.`, { remedy });
}

async function pauseView(host: ControlHost, pause: StoredPause): Promise<PauseView> {
  const { kind, name, sinceMs, reason } = pause;
  const drain = await flowDrainView(host, pause);
  return {
    kind,
    name,
    since: isoTime(sinceMs),
    ...(reason === undefined ? {} : { reason }),
    ...(drain ? { drain } : {}),
  };
}

/** How far a flow is that is drained; undefined where it is not. */
export async function flowDrainView(
  { engine: { runtime } }: ControlHost,
  pause: StoredPause | undefined,
): Promise<FlowDrainView | undefined> {
  if (pause?.drainsTo === undefined) return undefined;
  const left = await runtime.store.read.left(pause.name, pause.drainsTo);
  return { state: left.waiting + left.held > 0 ? 'draining' : 'drained', ...left };
}

function drainRoutes(server: ControlServer, host: ControlHost): void {
  const { drain } = host.engine;
  server.get(
    `${api}/drain`,
    {
      config: may('see', onlyCovered),
      schema: { operationId: 'getDrain', tags, summary: 'How far draining is.', response: { 200: DrainView } },
    },
    async ({ asker }) => drainView(host, asker),
  );
  server.post(
    `${api}/drain`,
    {
      config: may('operate', wholeEngine),
      schema: {
        operationId: 'drain',
        tags,
        summary: 'Takes nothing more in and lets end what is there; says so when that is done.',
        body: Type.Object(
          { stop: Type.Boolean({ default: false, description: 'Then the process ends.' }) },
          { additionalProperties: false },
        ),
        response: { 200: DrainView },
      },
    },
    async ({ body: { stop }, asker }) => {
      drain.begin({ stops: stop });
      return drainView(host, asker);
    },
  );
  server.post(
    `${api}/drain/cancel`,
    {
      config: may('operate', wholeEngine),
      schema: { operationId: 'cancelDrain', tags, summary: 'Takes messages in again.', response: { 200: DrainView } },
    },
    async ({ asker }) => {
      drain.cancel();
      return drainView(host, asker);
    },
  );
}

function drainView({ engine: { drain, standstills } }: ControlHost, asker: Asker): DrainView {
  const { state, sinceMs, stops, left } = drain.view();
  return {
    state,
    ...(sinceMs === undefined ? {} : { since: isoTime(sinceMs) }),
    stops,
    left: left
      .filter(({ name }) => asker.covers(destinationObject(name)))
      .map(({ name, waiting, running }) => {
        const [kind = '', rest = ''] = name.split(/:(.*)/s);
        const standstill = kind === 'flow' ? standstills.ofFlow(rest) : standstills.ofSystem(rest.split('.')[0] ?? '');
        return { name, waiting, running, ...(standstill ? { standsStill: standstill.reason } : {}) };
      }),
  };
}

function logRoutes(server: ControlServer, { log }: ControlHost): void {
  server.get(
    `${api}/log`,
    {
      config: may('see', onlyCovered),
      schema: { operationId: 'getLog', tags, summary: 'What is logged.', response: { 200: LogView } },
    },
    async () => ({ level: log.level }),
  );
  server.post(
    `${api}/log`,
    {
      config: may('operate', wholeEngine),
      schema: {
        operationId: 'setLog',
        tags,
        summary: 'Changes the level of the log until the next start.',
        body: Type.Object({ level: Type.Enum([...logLevels]) }, { additionalProperties: false }),
        response: { 200: LogView },
      },
    },
    async (request) => {
      const { body } = request;
      request.told = { before: { level: log.level }, after: { level: body.level } };
      log.level = body.level;
      return { level: log.level };
    },
  );
}
