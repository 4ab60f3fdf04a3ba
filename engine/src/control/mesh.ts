// What runs: the engine, its flows, systems and channels.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { CompiledFlow, FlowFrom } from '../flow/compiled.ts';
import type { SystemDefinition } from '../flow/definitions.ts';
import type { Standstill, Standstills } from '../flow/standstills.ts';
import type { ControlServer } from './server.ts';
import { engineStates } from './host.ts';
import type { ControlHost, ControlInbound } from './host.ts';
import { flowObject, may, onlyCovered, systemObject } from './objects.ts';
import { FlowDrainView, flowDrainView } from './running.ts';
import { version } from './version.ts';
import { isoTime } from '../store/iso-time.ts';

export const EngineView = Type.Object({
  name: Type.String({ description: 'The name of the project.' }),
  folder: Type.String({ description: "The project's folder." }),
  environment: Type.Optional(Type.String()),
  revision: Type.String({ description: 'Of the project: changes with every file of it.' }),
  version: Type.String({ description: 'Of Mortise.' }),
  node: Type.String({ description: 'The version of Node.' }),
  pid: Type.Integer(),
  state: Type.Enum([...engineStates]),
  startedAt: Type.String({ format: 'date-time' }),
  uptimeMs: Type.Integer(),
  now: Type.String({ format: 'date-time', description: "The engine's clock." }),
  addresses: Type.Object({ inbound: Type.String(), control: Type.String() }),
});
export type EngineView = Static<typeof EngineView>;

const StandstillView = Type.Object(
  { reason: Type.String(), until: Type.Optional(Type.String({ format: 'date-time' })) },
  { description: 'Why nothing begins there now, and until when, where that is known: it is paused, or in maintenance.' },
);

export const FlowView = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  from: Type.String({ description: 'channel:NAME, or SYSTEM.INBOUND as messages are sent to it.' }),
  to: Type.Array(Type.String(), { description: 'Every place that it may send to.' }),
  replies: Type.Boolean(),
  revision: Type.String(),
  concurrency: Type.Integer(),
  waiting: Type.Integer(),
  running: Type.Integer(),
  standstill: Type.Optional(StandstillView),
  drain: Type.Optional(FlowDrainView),
});
export type FlowView = Static<typeof FlowView>;

export const SystemView = Type.Object({
  name: Type.String(),
  standstill: Type.Optional(StandstillView),
  maintenance: Type.Optional(
    Type.Object(
      { from: Type.String({ format: 'date-time' }), until: Type.String({ format: 'date-time' }) },
      { description: 'The maintenance window that is open, or the next one.' },
    ),
  ),
  limits: Type.Object(
    { concurrency: Type.Optional(Type.Integer()), ratePerSecond: Type.Optional(Type.Number()) },
    { description: 'What all that use it share.' },
  ),
  connections: Type.Array(
    Type.Object({
      name: Type.String(),
      connector: Type.String(),
      breaker: Type.Enum(['closed', 'open', 'half-open'], {
        description: 'Open: it failed several times and is left alone for a moment.',
      }),
    }),
  ),
  inbounds: Type.Array(
    Type.Object({
      name: Type.String(),
      uses: Type.String({ description: "The connector's inbound." }),
      target: Type.String({ description: 'What messages are sent to with POST /send.' }),
      state: Type.Enum(['open', 'failing', 'unused'], { description: 'Unused: no flow receives from it.' }),
      problem: Type.Optional(Type.String()),
    }),
  ),
  outbounds: Type.Array(
    Type.Object({ name: Type.String(), destination: Type.String(), waiting: Type.Integer(), running: Type.Integer() }),
  ),
});
export type SystemView = Static<typeof SystemView>;

export const ChannelView = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['publish-subscribe', 'point-to-point']),
  model: Type.Optional(Type.String()),
  from: Type.Array(Type.String(), { description: 'Flows that send to it.' }),
  to: Type.Array(Type.String(), { description: 'Flows that receive from it.' }),
});
export type ChannelView = Static<typeof ChannelView>;

const api = '/api/v1';

export function meshRoutes(server: ControlServer, host: ControlHost): void {
  const tags = ['mesh'];
  server.get(
    `${api}/engine`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'getEngine',
        tags,
        summary: 'What runs, since when, and where it listens.',
        response: { 200: EngineView },
      },
    },
    async ({ headers }) => engineView(host, headers.host ?? ''),
  );
  server.get(
    `${api}/flows`,
    {
      config: may('see', onlyCovered),
      schema: { operationId: 'listFlows', tags, summary: 'All flows.', response: { 200: Type.Array(FlowView) } },
    },
    async ({ asker }) => (await flowViews(host)).filter(({ name }) => asker.covers(flowObject(name))),
  );
  server.get(
    `${api}/systems`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listSystems',
        tags,
        summary: 'All systems and how they are.',
        response: { 200: Type.Array(SystemView) },
      },
    },
    async ({ asker }) =>
      [...host.project().definitions.systems.values()]
        .filter(({ name }) => asker.covers(systemObject(name)))
        .map((system) => systemView(system, host)),
  );
  server.get(
    `${api}/channels`,
    {
      config: may('see', onlyCovered),
      schema: { operationId: 'listChannels', tags, summary: 'All channels.', response: { 200: Type.Array(ChannelView) } },
    },
    async ({ asker }) => channelViews(host).filter(({ from, to }) => asker.covers({ flows: [...from, ...to], systems: [] })),
  );
}

function engineView(host: ControlHost, control: string): EngineView {
  const { settings, revision, folder, environment } = host.project();
  const nowMs = host.clock.nowMs();
  const uptimeMs = Math.round(process.uptime() * 1000);
  return {
    name: settings.name,
    folder,
    ...(environment === undefined ? {} : { environment }),
    revision,
    version,
    node: process.version,
    pid: process.pid,
    state: host.state(),
    startedAt: isoTime(nowMs - uptimeMs),
    uptimeMs,
    now: isoTime(nowMs),
    addresses: { inbound: host.inboundAddress?.() ?? settings.listeners.inbound, control },
  };
}

function standstillView(standstill: Standstill | undefined): { standstill?: Static<typeof StandstillView> } {
  if (!standstill) return {};
  const { reason, untilMs } = standstill;
  return { standstill: { reason, ...(untilMs === undefined ? {} : { until: isoTime(untilMs) }) } };
}

function flowViews(host: ControlHost): Promise<FlowView[]> {
  return Promise.all([...host.project().compiled.values()].map((flow) => flowView(host, flow)));
}

async function flowView(host: ControlHost, flow: CompiledFlow): Promise<FlowView> {
  const { name, description, from, targets, replies, revision, concurrency } = flow;
  const { dispatcher, standstills } = host.engine;
  const drain = await flowDrainView(host, standstills.pauseOf('flow', name));
  return {
    name,
    ...(description === undefined ? {} : { description }),
    from: fromText(from, name),
    to: [...new Set(targets.map(({ label }) => label))],
    replies,
    revision,
    concurrency,
    waiting: dispatcher.waiting(`flow:${name}`),
    running: dispatcher.running(`flow:${name}`),
    ...standstillView(standstills.ofFlow(name)),
    ...(drain ? { drain } : {}),
  };
}

function fromText(from: FlowFrom, flow: string): string {
  if (from.kind === 'channel') return `channel:${from.channel.name}`;
  const { system, name, inPlace } = from.inbound;
  return inPlace ? `${system}.${name}@${flow}` : `${system}.${name}`;
}

function restOf({ name, limits: { concurrency, rate } }: SystemDefinition, standstills: Standstills) {
  const window = standstills.windowOf(name);
  return {
    ...standstillView(standstills.ofSystem(name)),
    ...(window ? { maintenance: { from: isoTime(window.startMs), until: isoTime(window.untilMs) } } : {}),
    limits: {
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(rate ? { ratePerSecond: (rate.count * 1000) / rate.perMs } : {}),
    },
  };
}

function systemView(system: SystemDefinition, { engine }: ControlHost): SystemView {
  const { name, connections, inbounds } = system;
  const { dispatcher } = engine;
  const running = engine.inbounds.list().filter(({ definition }) => definition.system === name);
  const prefix = `outbound:${name}.`;
  const destinations = dispatcher.destinations().map(({ destination }) => destination.name);
  const idle = [...inbounds.values()].filter(({ name: inbound }) => !running.some(({ scope }) => scope === `${name}.${inbound}`));
  return {
    name,
    ...restOf(system, engine.standstills),
    connections: [...connections.values()].map((connection) => ({
      name: connection.name,
      connector: connection.connector,
      breaker: engine.systems.breaker(connection).state,
    })),
    inbounds: [
      ...running.map(inboundView),
      ...idle.map((inbound) => ({
        name: inbound.name,
        uses: inbound.uses,
        target: `${name}.${inbound.name}`,
        state: 'unused' as const,
      })),
    ],
    outbounds: destinations
      .filter((destination) => destination.startsWith(prefix))
      .map((destination) => ({
        name: destination.slice(prefix.length),
        destination,
        waiting: dispatcher.waiting(destination),
        running: dispatcher.running(destination),
      })),
  };
}

function inboundView({ scope, definition: { name, uses }, state, problem }: ControlInbound): SystemView['inbounds'][number] {
  return { name, uses, target: scope, state, ...(problem === undefined ? {} : { problem }) };
}

function channelViews({ project }: ControlHost): ChannelView[] {
  const { compiled, definitions } = project();
  const flows = [...compiled.values()];
  return [...definitions.channels.values()].map(({ name, kind, model }) => ({
    name,
    kind,
    ...(model ? { model: model.name } : {}),
    from: flows.filter(({ targets }) => targets.some(({ label }) => label === `channel:${name}`)).map((flow) => flow.name),
    to: flows.filter(({ from }) => from.kind === 'channel' && from.channel.name === name).map((flow) => flow.name),
  }));
}
