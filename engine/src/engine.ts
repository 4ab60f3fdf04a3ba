// The engine: one process that runs the flows of one project on one store.

import type { Accept, Clock, Fields, Inbound, InboundContext, Logger, Outbound } from '@mortise/sdk';
import { HopRunner } from './again.ts';
import { HeldDeliveries } from './delivery/held.ts';
import { Dispatcher } from './delivery/dispatcher.ts';
import { idMaker } from './delivery/ids.ts';
import type { WindowLimits } from './delivery/backlog.ts';
import type { RandomBytes } from './delivery/ids.ts';
import { Drain } from './drain.ts';
import { startError } from './errors.ts';
import { Acceptor } from './flow/accept.ts';
import type { BlobFolder } from './flow/body.ts';
import type { CompiledFlow, OutboundTarget } from './flow/compiled.ts';
import type { Definitions, InboundDefinition, OutboundDefinition, Settings } from './flow/definitions.ts';
import { FlowDestination } from './flow/destination.ts';
import { OutboundDestination } from './flow/outbound-destination.ts';
import { Pressure } from './flow/pressure.ts';
import { Replies } from './flow/replies.ts';
import { Reservations } from './flow/reservations.ts';
import type { FlowRuntime } from './flow/runtime.ts';
import { Standstills } from './flow/standstills.ts';
import { States } from './flow/states.ts';
import { Systems } from './flow/systems.ts';
import { Importer } from './import-messages.ts';
import { Inbounds } from './inbounds.ts';
import { Operations } from './operations.ts';
import { pooledRandomBytes } from './random-bytes.ts';
import type { Store } from './store/store.ts';

/** A project that has passed the checker. */
export interface RunnableProject {
  readonly settings: Settings;
  readonly definitions: Definitions;
  readonly compiled: ReadonlyMap<string, CompiledFlow>;
  readonly revision: string;
}

/** What opens connectors: the catalog in a running engine, stubs in tests. */
export interface Connections {
  inbound(definition: InboundDefinition, context: Pick<InboundContext, 'accept' | 'cursor' | 'signal'>): Promise<Inbound>;
  outbound(definition: OutboundDefinition, signal: AbortSignal): Promise<Outbound>;
  resolve(fields: Fields, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

export interface EngineOptions {
  readonly project: RunnableProject;
  readonly store: Store;
  readonly blobs: BlobFolder;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: Logger;
  /** Injected, so that a run can be repeated. */
  readonly random?: () => number;
  readonly randomBytes?: RandomBytes;
  readonly window?: WindowLimits;
  /** Whether there is room on the disk. */
  readonly hasRoom?: () => boolean;
  /** Whether the thread that runs flows has had no time to spare lately. */
  readonly isBusy?: () => boolean;
}

/** So much may wait to be written before senders are asked to come again. */
const queuedBytesMax = 64 * 1024 * 1024;
/** Attempts under way at a stop have so long to end. */
const drainMs = 10_000;

export class Engine {
  readonly dispatcher: Dispatcher;
  readonly operations: Operations;
  readonly importer: Importer;
  readonly hops: HopRunner;
  readonly systems: Systems;
  readonly standstills: Standstills;
  readonly drain: Drain;
  readonly inbounds: Inbounds;
  readonly runtime: FlowRuntime;
  private readonly acceptor: Acceptor;
  private readonly held: HeldDeliveries;
  private current: RunnableProject;
  private bySource = new Map<string, CompiledFlow[]>();
  private applying: Promise<void> = Promise.resolve();

  constructor({
    project,
    store,
    blobs,
    connections,
    clock,
    log,
    random = Math.random,
    window,
    hasRoom = () => true,
    isBusy = () => false,
    ...more
  }: EngineOptions) {
    this.current = project;
    this.dispatcher = new Dispatcher({ store, clock, log, random, ...(window ? { window } : {}) });
    this.held = new HeldDeliveries(this.dispatcher);
    this.standstills = new Standstills(store, clock, log);
    const standstill = (system: string) => this.standstills.ofSystem(system);
    const tracer = () => this.dispatcher.tracer;
    this.systems = new Systems({
      clock,
      log,
      random,
      open: connections.outbound,
      resolve: connections.resolve,
      standstill,
      tracer,
    });
    this.runtime = {
      store,
      clock,
      log,
      blobs,
      reservations: new Reservations(store, clock),
      states: new States(store, clock),
      replies: new Replies(clock),
      standstills: this.standstills,
      subscribers: (channel) => this.bySource.get(`channel:${channel}`) ?? [],
      flow: (name) => this.current.compiled.get(name),
      send: (request) => this.systems.sendGuarded(request),
      heldUntil: (dueAtMs) => this.held.until(dueAtMs),
    };
    const newId = idMaker(more.randomBytes ?? pooledRandomBytes());
    const { runtime, dispatcher } = this;
    this.drain = new Drain(dispatcher, clock, log);
    this.drain.onChange = () => this.inbounds.wake();
    const isDraining = (): boolean => this.drain.isOn;
    const messageBytesMax = project.settings.limits.messageBytes;
    const pressure = new Pressure({ dispatcher, standstills: this.standstills, clock, isBusy });
    const limits = { messageBytesMax, queuedBytesMax };
    this.acceptor = new Acceptor({ runtime, dispatcher, newId, ...limits, hasRoom, isDraining, pressure });
    const channel = (name: string) => this.current.definitions.channels.get(name);
    const people = { runtime, dispatcher, newId, guard: () => this.acceptor.guardEngine(), channel };
    this.operations = new Operations(people);
    this.importer = new Importer(people);
    this.hops = new HopRunner({ ...people, operations: this.operations });
    this.inbounds = new Inbounds(dispatcher, connections.inbound, (scope, system) => this.mayPoll(scope, system));
    this.standstills.onChange(() => this.wake());
  }

  /** Messages that were accepted since the start. */
  get acceptedCount(): number {
    return this.acceptor.acceptedCount;
  }

  /** When something last came since the start, by inbound: `system.inbound`, with `@flow` behind it where the flow wrote it in place. */
  get heardAtMs(): ReadonlyMap<string, number> {
    return this.acceptor.heardAtMs;
  }

  get project(): RunnableProject {
    return this.current;
  }

  /** Takes up what the last process left, then opens the inbounds. */
  async start(): Promise<void> {
    this.register(this.current);
    this.dispatcher.start();
    await this.held.look();
    await this.inbounds.apply(this.wantedInbounds());
  }

  /** Replaces the project: attempts under way end on the old one, the next ones run on the new. Refused where messages would be orphaned. */
  async apply(project: RunnableProject): Promise<void> {
    const run = this.applying.then(() => this.replace(project));
    this.applying = run.catch(() => undefined);
    await run;
  }

  /** Hands a message to an inbound of the project from within, as if it had come from outside. */
  inbound(scope: string): Accept | undefined {
    const definition = this.wantedInbounds().get(scope)?.definition;
    return definition && this.acceptor.of(definition, scope, () => this.bySource.get(`inbound:${scope}`) ?? []);
  }

  /** Takes nothing more, ends what is under way, closes everything. What could not end is found again on the next start. */
  async stop(): Promise<void> {
    await this.applying;
    this.dispatcher.stopping = true;
    this.held.stop();
    this.standstills.stop();
    this.drain.close();
    await Promise.all([this.inbounds.close(), this.dispatcher.drain(drainMs)]);
    await this.systems.close();
  }

  /** Not while all is drained, nor while its system stands still, nor while all flows do that receive from it: then what is there waits where it is. */
  private mayPoll(scope: string, system: string): boolean {
    if (this.drain.isOn || this.standstills.ofSystem(system)) return false;
    const flows = this.bySource.get(`inbound:${scope}`) ?? [];
    return flows.some(({ name }) => !this.standstills.ofFlow(name) && !this.standstills.ofIntake(name));
  }

  private wake(): void {
    this.dispatcher.wake();
    this.inbounds.wake();
  }

  private async replace(project: RunnableProject): Promise<void> {
    await this.refuseOrphans(project);
    const former = this.current;
    this.current = project;
    this.register(project);
    for (const name of former.compiled.keys()) if (!project.compiled.has(name)) await this.dispatcher.unregister(`flow:${name}`);
    const kept = outboundsOf(project);
    for (const label of outboundsOf(former).keys()) if (!kept.has(label)) await this.dispatcher.unregister(label);
    await this.systems.keep(new Map([...kept].map(([label, outbound]) => [label.slice('outbound:'.length), outbound])));
    this.dispatcher.start();
    await this.inbounds.apply(this.wantedInbounds());
    this.dispatcher.log.info(
      { event: 'project.applied', revision: project.revision, flows: project.compiled.size },
      'The project was applied.',
    );
  }

  private async refuseOrphans(project: RunnableProject): Promise<void> {
    for (const [name, flow] of project.compiled) {
      for (const [entry, count] of await this.runtime.store.read.entries(name)) {
        if (flow.entries.has(entry)) continue;
        throw startError(
          'MORTISE_ENGINE_ORPHANS',
          `${count} messages are held in flow ${name} behind step "${entry}", which is gone.`,
        );
      }
    }
  }

  private register(project: RunnableProject): void {
    this.systems.limit(project.definitions.systems.values());
    this.standstills.plan(project.definitions.systems.values());
    this.bySource = new Map();
    for (const flow of project.compiled.values()) {
      const source =
        flow.from.kind === 'channel' ? `channel:${flow.from.channel.name}` : `inbound:${scopeOf(flow.from.inbound, flow)}`;
      this.bySource.set(source, [...(this.bySource.get(source) ?? []), flow]);
      this.dispatcher.register(new FlowDestination(flow, this.runtime));
    }
    for (const [label, outbound] of outboundsOf(project)) {
      this.dispatcher.register(new OutboundDestination(label, outbound, this.systems, this.runtime));
    }
  }

  private wantedInbounds(): Map<string, { definition: InboundDefinition; accept: Accept }> {
    const wanted = new Map<string, { definition: InboundDefinition; accept: Accept }>();
    for (const flow of this.current.compiled.values()) {
      if (flow.from.kind === 'channel') continue;
      const definition = flow.from.inbound;
      const scope = scopeOf(definition, flow);
      wanted.set(scope, {
        definition,
        accept: this.acceptor.of(definition, scope, () => this.bySource.get(`inbound:${scope}`) ?? []),
      });
    }
    return wanted;
  }
}

/** The name under which an inbound keeps its cursor: flows share one that the system defines, and have their own in place. */
export function scopeOf(inbound: InboundDefinition, flow: CompiledFlow): string {
  const { system, name } = inbound;
  return inbound.inPlace ? `${system}.${name}@${flow.name}` : `${system}.${name}`;
}

/** Every outbound that can owe deliveries, by its destination's name. */
function outboundsOf({ definitions, compiled }: RunnableProject): ReadonlyMap<string, OutboundDefinition> {
  const defined = [...definitions.systems.values()].flatMap((system) => [...system.outbounds.values()]);
  const inPlace = [...compiled.values()].flatMap((flow) =>
    flow.targets.filter((target): target is OutboundTarget => target.kind === 'outbound'),
  );
  const all = [...defined, ...inPlace.map((target) => target.outbound)];
  return new Map(all.map((outbound) => [`outbound:${outbound.system}.${outbound.name}`, outbound]));
}
