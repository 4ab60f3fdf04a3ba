// The systems as they run: outbounds opened on first use, a breaker for each connection, secrets put in at the last moment.

import { Busy, InDoubt, MortiseError, Rejected, Unavailable } from '@mortise/sdk';
import type { Clock, Fields, Logger, Outbound, Receipt } from '@mortise/sdk';
import { Breaker } from '../delivery/breaker.ts';
import { engineError } from '../delivery/errors.ts';
import type { ConnectionDefinition, OutboundDefinition, SystemDefinition } from './definitions.ts';
import { Gate } from './gate.ts';
import type { SendRequest } from './runtime.ts';

/** Opens what a connector implements; secrets are resolved before. */
export interface SystemsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  open(outbound: OutboundDefinition, signal: AbortSignal): Promise<Outbound>;
  /** The values with secrets in place of their references. */
  resolve(fields: Fields, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

interface Opened {
  readonly outbound: Promise<Outbound>;
  /** What it was opened with: another connection means another one is opened. */
  readonly connection: string;
}

export class Systems {
  private readonly options: SystemsOptions;
  private readonly breakers = new Map<string, Breaker>();
  private readonly gates = new Map<string, Gate>();
  private readonly opened = new Map<string, Opened>();
  private readonly stopping = new AbortController();

  constructor(options: SystemsOptions) {
    this.options = options;
  }

  /** The breaker of a system's connection: shared by all that use it. */
  breaker({ system, name }: Pick<ConnectionDefinition, 'system' | 'name'>): Breaker {
    const key = `${system}.${name}`;
    let breaker = this.breakers.get(key);
    if (!breaker) this.breakers.set(key, (breaker = new Breaker(this.options.clock, this.options.random)));
    return breaker;
  }

  /** Takes the limits that the project now gives its systems. */
  limit(systems: Iterable<SystemDefinition>): void {
    for (const { name, limits } of systems) this.gate(name).limit(limits);
  }

  /** Sends once, for a step that waits: asks the breaker, and tells it what came of it. */
  async sendGuarded(request: SendRequest): Promise<Receipt> {
    const breaker = this.breaker(request.outbound.connection);
    const permission = breaker.ask();
    if (typeof permission === 'object') {
      const { system } = request.outbound;
      throw engineError('MORTISE_DELIVERY_BREAKER_OPEN', `System ${system} is left alone for a moment.`, { details: { ...permission } });
    }
    try {
      const receipt = await this.send(request);
      breaker.succeeded();
      return receipt;
    } catch (error) {
      if (error instanceof Rejected) breaker.succeeded();
      else if (error instanceof Busy) breaker.pause(error.retryAfterMs);
      else if (error instanceof Unavailable || error instanceof InDoubt) breaker.failed();
      else if (permission === 'probe') breaker.released();
      throw error;
    }
  }

  /** Sends once. Whatever is thrown is one of the SDK's kinds, or a MortiseError. */
  async send({ outbound, message, deliveryId, attempt, options, timeoutMs, signal }: SendRequest): Promise<Receipt> {
    const running = await this.outbound(outbound);
    const merged = { ...outbound.options, ...options };
    const values = this.options.resolve(outbound.declaration.options, merged);
    const leave = await this.gate(outbound.system).enter(signal);
    const timer = new AbortController();
    const timeout = this.options.clock.after(timeoutMs ?? outbound.timeoutMs, () => timer.abort(new Error('timeout')));
    try {
      return await running.send(message, { options: values, deliveryId, attempt, signal: AbortSignal.any([signal, timer.signal]) });
    } catch (error) {
      throw asSendError(error, outbound);
    } finally {
      timeout.cancel();
      leave();
    }
  }

  /** Closes what the project no longer has, or has with another connection. */
  async keep(outbounds: ReadonlyMap<string, OutboundDefinition>): Promise<void> {
    for (const [key, opened] of this.opened) {
      const now = outbounds.get(key);
      if (now && connectionKey(now) === opened.connection) continue;
      this.opened.delete(key);
      await closeQuietly(opened);
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.opened.values()].map(closeQuietly));
    this.opened.clear();
  }

  private gate(system: string): Gate {
    let gate = this.gates.get(system);
    if (!gate) this.gates.set(system, (gate = new Gate(this.options.clock)));
    return gate;
  }

  private async outbound(definition: OutboundDefinition): Promise<Outbound> {
    const key = `${definition.system}.${definition.name}`;
    const connection = connectionKey(definition);
    const known = this.opened.get(key);
    if (known?.connection === connection) return known.outbound;
    const opening = this.options.open(definition, this.stopping.signal);
    this.opened.set(key, { outbound: opening, connection });
    try {
      return await opening;
    } catch (error) {
      this.opened.delete(key);
      if (error instanceof MortiseError) throw error;
      throw new Unavailable(`Opening ${key} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

function connectionKey({ connection: { connector, values } }: OutboundDefinition): string {
  return JSON.stringify([connector, values]);
}

async function closeQuietly({ outbound }: Opened): Promise<void> {
  await outbound.then((opened) => opened.close()).catch(() => undefined);
}

/** What a connector throws that is none of the four kinds may have happened: it counts as in doubt. */
function asSendError(error: unknown, { onInDoubt, system, name }: OutboundDefinition): MortiseError {
  if (error instanceof InDoubt) return new InDoubt(error.message, { cause: error, remedy: error.remedy, details: { ...error.details, onInDoubt } });
  if (error instanceof MortiseError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new InDoubt(`${system}.${name} failed in an unknown way: ${message}`, { cause: error, details: { onInDoubt } });
}
