// The systems as they run: outbounds opened on first use, a breaker for each connection, secrets put in at the last moment.

import { InDoubt, MortiseError, Unavailable } from '@mortise/sdk';
import type { Clock, Field, Fields, Logger, Outbound, Receipt, SendContext, TraceContext } from '@mortise/sdk';
import { Breaker } from '../delivery/breaker.ts';
import type { Permission } from '../delivery/breaker.ts';
import type { Tracer } from '../delivery/tracer.ts';
import type { ConnectionDefinition, OutboundDefinition, SystemDefinition } from './definitions.ts';
import { Gate } from './gate.ts';
import { SendTime } from './send-time.ts';
import type { SendRequest } from './runtime.ts';
import { standingStill } from './standstills.ts';
import type { Standstill } from './standstills.ts';

/** Opens what a connector implements; secrets are resolved before. */
export interface SystemsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  open(outbound: OutboundDefinition, signal: AbortSignal): Promise<Outbound>;
  /** The values with secrets in place of their references. */
  resolve(fields: Fields, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** Where the project has traces. */
  readonly tracer?: () => Tracer | undefined;
  /** Why nothing may be sent to a system now. */
  standstill(system: string): Standstill | undefined;
}

type Values = Readonly<Record<string, unknown>>;

interface Opened {
  readonly outbound: Promise<Outbound>;
  /** The same, once it is there. */
  running?: Outbound;
  /** What it was opened with: another connection means another one is opened. */
  readonly connection: string;
  /** The same, as the project had it when it was last used: where it is still that, it need not be compared. */
  definition: ConnectionDefinition;
  /** Sends under way. */
  users: number;
  /** Not to be used any more: closed when the last send has ended. */
  retired: boolean;
}

/** What all sends of one outbound have in common: what is found by a name made of two would be put together, hashed and looked for by each of them. */
interface Way {
  readonly key: string;
  readonly own: Gate;
  readonly all: Gate;
  readonly breaker: Breaker;
  /** The options as they are for every message; undefined where they hold secrets, which may have been changed. */
  readonly options: Values | undefined;
  /** Whether nothing has to be put in place of anything in what was rendered: no field is a secret, and none a path. */
  readonly asRendered: boolean;
}

/** A class, since V8 gives a literal with a getter a shape of its own each time: one that is made among what lives long, and stays. */
class OneSend implements SendContext<Values> {
  readonly options: Values;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly trace?: TraceContext;
  readonly #time: SendTime;

  constructor(options: Values, deliveryId: string, attempt: number, time: SendTime, trace: TraceContext | undefined) {
    this.options = options;
    this.deliveryId = deliveryId;
    this.attempt = attempt;
    this.#time = time;
    if (trace) this.trace = trace;
  }

  get signal(): AbortSignal {
    return this.#time.signal;
  }
}

export class Systems {
  private readonly options: SystemsOptions;
  private readonly breakers = new Map<string, Breaker>();
  private readonly gates = new Map<string, Gate>();
  private readonly opened = new Map<string, Opened>();
  private readonly stopping = new AbortController();
  private readonly ways = new WeakMap<OutboundDefinition, Way>();

  constructor(options: SystemsOptions) {
    this.options = options;
  }

  /** The breaker of a system's connection: shared by all that use it. */
  breaker({ system, name }: Pick<ConnectionDefinition, 'system' | 'name'>): Breaker {
    const key = `${system}.${name}`;
    let breaker = this.breakers.get(key);
    if (breaker) return breaker;
    const { clock, random } = this.options;
    breaker = new Breaker(clock, random, (isOpen) => this.tell(isOpen, system, name));
    this.breakers.set(key, breaker);
    return breaker;
  }

  private tell(isOpen: boolean, system: string, connection: string): void {
    const { log } = this.options;
    if (isOpen)
      log.warn(
        { event: 'breaker.opened', system, connection },
        `System ${system} fails, or is busy; it is left alone for a moment.`,
      );
    else log.info({ event: 'breaker.closed', system, connection }, `System ${system} answers again.`);
  }

  /** Takes the limits that the project now gives its systems. */
  limit(systems: Iterable<SystemDefinition>): void {
    for (const { name, limits } of systems) this.gate(name).limit(limits);
  }

  /** Sends once, for a step that waits: asks the breaker, and tells it what came of it. */
  sendGuarded(request: SendRequest): Promise<Receipt> {
    return this.pass(request, true);
  }

  /** Sends once. Whatever is thrown is one of the SDK's kinds, or a MortiseError. */
  send(request: SendRequest): Promise<Receipt> {
    return this.pass(request, false);
  }

  /**
   * The outbound's own limits come first, then those that all of the system share: who waits for the former holds no place of the latter. One function for
   * all of it: each that waits for another is in memory as often as sends are under way.
   */
  private async pass(request: SendRequest, isGuarded: boolean): Promise<Receipt> {
    const { outbound, signal } = request;
    this.refuseStanding(outbound);
    const way = this.wayOf(outbound);
    const breaker = isGuarded ? way.breaker : undefined;
    const permission = breaker?.ask() ?? 'pass';
    if (typeof permission === 'object') throw leftAlone(outbound, permission);
    const { own, all } = way;
    const opened = this.open(outbound, way.key);
    let passed = 0;
    let time: SendTime | undefined;
    opened.users += 1;
    try {
      const running = opened.running ?? (await this.ready(opened, outbound));
      const ownTurn = own.enter(signal);
      if (ownTurn) await ownTurn;
      passed = 1;
      const turn = all.enter(signal);
      if (turn) await turn;
      passed = 2;
      // It may have been paused while this one waited for its turn, or while that it begins was written.
      this.refuseStanding(outbound);
      const begun = request.begin?.();
      if (begun) {
        await begun;
        this.refuseStanding(outbound);
      }
      time = new SendTime(this.options.clock, signal, request.timeoutMs ?? outbound.timeoutMs);
      const receipt = await this.sendNow(running, request, way, time);
      breaker?.succeeded();
      return receipt;
    } catch (error) {
      const told = time ? asSendError(error, outbound) : error;
      breaker?.tell(told, permission);
      throw told;
    } finally {
      time?.end();
      if (passed > 1) all.leave();
      if (passed > 0) own.leave();
      opened.users -= 1;
      if (opened.retired && opened.users === 0) void closeQuietly(opened);
    }
  }

  private refuseStanding({ system }: OutboundDefinition): void {
    const standstill = this.options.standstill(system);
    if (standstill) throw standingStill(standstill);
  }

  private sendNow(running: Outbound, request: SendRequest, way: Way, time: SendTime): Promise<Receipt> {
    const { outbound, message, deliveryId, attempt } = request;
    const values = this.valuesOf(outbound, way, request.options);
    const send = (trace: TraceContext | undefined): Promise<Receipt> =>
      running.send(message, new OneSend(values, deliveryId, attempt, time, trace));
    const tracer = this.options.tracer?.();
    if (!tracer) return send(undefined);
    const { connector } = outbound.connection;
    const what = { system: outbound.system, outbound: outbound.name, connector, deliveryId, attempt };
    return tracer.send(what, (trace) => send(trace).catch((error: unknown) => Promise.reject(asSendError(error, outbound))));
  }

  /** The options with secrets put in: anew each time, as they may have been changed; once for all where there can be none. */
  private valuesOf({ declaration, options }: OutboundDefinition, way: Way, rendered: SendRequest['options']): Values {
    const { resolve } = this.options;
    if (!way.options) return resolve(declaration.options, { ...options, ...rendered });
    if (!rendered) return way.options;
    return { ...way.options, ...(way.asRendered ? rendered : resolve(declaration.options, rendered)) };
  }

  /** Closes what the project no longer has, or has with another connection. */
  async keep(outbounds: ReadonlyMap<string, OutboundDefinition>): Promise<void> {
    for (const [key, opened] of this.opened) {
      const now = outbounds.get(key);
      if (now && connectionKey(now) === opened.connection) continue;
      this.opened.delete(key);
      await retire(opened);
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.opened.values()].map(closeQuietly));
    this.opened.clear();
  }

  private wayOf(outbound: OutboundDefinition): Way {
    let way = this.ways.get(outbound);
    if (!way) this.ways.set(outbound, (way = this.newWay(outbound)));
    // Sends of the project as it was before may still come between.
    way.own.limit(outbound);
    return way;
  }

  private newWay({ system, name, connection, declaration, options }: OutboundDefinition): Way {
    const key = `${system}.${name}`;
    const fields = declaration.options;
    return {
      key,
      own: this.gate(key),
      all: this.gate(system),
      breaker: this.breaker(connection),
      options: holds(fields, 'secret') ? undefined : this.options.resolve(fields, options),
      asRendered: !holds(fields, 'secret') && !holds(fields, 'path'),
    };
  }

  /** Of a system, or of one of its outbounds, whose limits come with each send. */
  private gate(name: string): Gate {
    let gate = this.gates.get(name);
    if (!gate) this.gates.set(name, (gate = new Gate(this.options.clock)));
    return gate;
  }

  private open(definition: OutboundDefinition, key: string): Opened {
    const known = this.opened.get(key);
    if (known?.definition === definition.connection) return known;
    const connection = connectionKey(definition);
    if (known?.connection === connection) {
      known.definition = definition.connection;
      return known;
    }
    if (known) void retire(known);
    const opened: Opened = {
      outbound: this.options.open(definition, this.stopping.signal),
      connection,
      definition: definition.connection,
      users: 0,
      retired: false,
    };
    this.opened.set(key, opened);
    return opened;
  }

  /** The running outbound; one that cannot be opened is forgotten, so that the next attempt opens it anew. */
  private async ready(opened: Opened, { system, name }: OutboundDefinition): Promise<Outbound> {
    try {
      return (opened.running = await opened.outbound);
    } catch (error) {
      if (this.opened.get(`${system}.${name}`) === opened) this.opened.delete(`${system}.${name}`);
      // Whatever keeps it from being opened, an operator can mend: messages wait for that.
      const message = error instanceof Error ? error.message : String(error);
      const remedy = error instanceof MortiseError ? { remedy: error.remedy } : {};
      throw new Unavailable(`Opening ${system}.${name} failed: ${message}`, { cause: error, ...remedy });
    }
  }
}

function leftAlone({ system }: OutboundDefinition, permission: Exclude<Permission, string>): Unavailable {
  return new Unavailable(`System ${system} failed several times in a row and is left alone for a moment.`, {
    details: { ...permission },
  });
}

/** Whether a field of this kind is among them, at any depth. */
function holds(fields: Fields, kind: Field['kind']): boolean {
  const isOne = (field: Field | undefined): boolean =>
    field !== undefined &&
    (field.kind === kind || isOne(field.of) || holds(field.fields ?? {}, kind) || (field.forms ?? []).some(isOne));
  return Object.values(fields).some(isOne);
}

/** Closes when nothing is under way any more. */
async function retire(opened: Opened): Promise<void> {
  opened.retired = true;
  if (opened.users === 0) await closeQuietly(opened);
}

function connectionKey({ connection: { connector, values } }: OutboundDefinition): string {
  return JSON.stringify([connector, values]);
}

async function closeQuietly({ outbound }: Opened): Promise<void> {
  await outbound.then((opened) => opened.close()).catch(() => undefined);
}

/** What a connector throws that is none of the four kinds may have happened: it counts as in doubt. */
function asSendError(error: unknown, { onInDoubt, system, name }: OutboundDefinition): MortiseError {
  if (error instanceof InDoubt && error.details['onInDoubt'] === undefined)
    return new InDoubt(error.message, { cause: error, remedy: error.remedy, details: { ...error.details, onInDoubt } });
  if (error instanceof MortiseError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new InDoubt(`${system}.${name} failed in an unknown way: ${message}`, { cause: error, details: { onInDoubt } });
}
