// The inbounds as they run: opened after recovery, polled in their rhythm, opened anew when their definition changes.

import type { Accept, Inbound, InboundContext } from '@mortise/sdk';
import type { Dispatcher } from './delivery/dispatcher.ts';
import type { InboundDefinition } from './flow/definitions.ts';

/** After failures polls come later and later, up to this. */
const pollPauseMsMax = 60_000;

export interface RunningInbound {
  readonly scope: string;
  readonly definition: InboundDefinition;
  /** What it was opened with. */
  readonly key: string;
  readonly state: 'open' | 'failing';
  readonly problem?: string;
}

export type OpenInboundDefinition = (
  definition: InboundDefinition,
  context: Pick<InboundContext, 'accept' | 'cursor' | 'signal'>,
) => Promise<Inbound>;

/** Whether an inbound of a system may be polled now. */
export type MayPoll = (scope: string, system: string) => boolean;

/** One inbound: opens, polls, closes; a failure to open is tried again. */
class Running {
  readonly scope: string;
  readonly definition: InboundDefinition;
  readonly key: string;
  problem: string | undefined;
  private readonly dispatcher: Dispatcher;
  private readonly controller = new AbortController();
  private inbound: Inbound | undefined;
  private timer: { cancel(): void } | undefined;
  private polling: Promise<void> = Promise.resolve();
  private failures = 0;
  private readonly mayPoll: MayPoll;
  /** A poll was due while it was not to be made. */
  private missed = false;

  constructor(scope: string, definition: InboundDefinition, key: string, dispatcher: Dispatcher, mayPoll: MayPoll) {
    this.mayPoll = mayPoll;
    this.scope = scope;
    this.definition = definition;
    this.key = key;
    this.dispatcher = dispatcher;
  }

  async open(open: OpenInboundDefinition, accept: Accept): Promise<void> {
    const { signal } = this.controller;
    if (signal.aborted) return;
    try {
      const cursor = await this.dispatcher.store.read.cursor(this.scope);
      this.inbound = await open(this.definition, { accept, cursor, signal });
      this.problem = undefined;
      if (signal.aborted) await this.inbound.close();
      else if (this.inbound.poll) this.pollIn(0);
    } catch (error) {
      this.failed(error, 'could not be opened');
      this.timer = this.dispatcher.clock.after(this.pauseMs(1000), () => void this.open(open, accept));
    }
  }

  async close(): Promise<void> {
    this.controller.abort();
    this.timer?.cancel();
    await this.polling;
    await this.inbound?.close();
  }

  /** Makes up for a poll that was not to be made when it was due. */
  wake(): void {
    if (!this.missed || !this.mayPoll(this.scope, this.definition.system)) return;
    this.timer?.cancel();
    this.pollIn(0);
  }

  private pollIn(delayMs: number): void {
    if (this.controller.signal.aborted) return;
    this.timer = this.dispatcher.clock.after(delayMs, () => {
      this.polling = this.poll();
    });
  }

  private async poll(): Promise<void> {
    const everyMs = this.definition.everyMs ?? 1000;
    this.missed = !this.mayPoll(this.scope, this.definition.system);
    if (this.missed) return this.pollIn(everyMs);
    try {
      const found = await this.inbound?.poll?.();
      this.failures = 0;
      this.problem = undefined;
      this.pollIn(found === 'more' ? 0 : everyMs);
    } catch (error) {
      if (this.controller.signal.aborted) return;
      this.failed(error, 'failed to poll');
      this.pollIn(this.pauseMs(everyMs));
    }
  }

  private failed(error: unknown, what: string): void {
    this.failures += 1;
    this.problem = error instanceof Error ? error.message : String(error);
    this.dispatcher.log.warn(
      { event: 'inbound.failed', system: this.definition.system, inbound: this.scope, failures: this.failures, err: error },
      `Inbound ${this.scope} ${what}: ${this.problem}`,
    );
  }

  private pauseMs(firstMs: number): number {
    return Math.min(pollPauseMsMax, Math.max(firstMs, 100) * 2 ** Math.min(this.failures, 16));
  }
}

export class Inbounds {
  private readonly dispatcher: Dispatcher;
  private readonly open: OpenInboundDefinition;
  private readonly mayPoll: MayPoll;
  private readonly running = new Map<string, Running>();

  constructor(dispatcher: Dispatcher, open: OpenInboundDefinition, mayPoll: MayPoll) {
    this.mayPoll = mayPoll;
    this.dispatcher = dispatcher;
    this.open = open;
  }

  /** Makes what runs equal to what is wanted: closes what is gone or changed, then opens what is new, all at once: none waits for another's server. */
  async apply(wanted: ReadonlyMap<string, { readonly definition: InboundDefinition; readonly accept: Accept }>): Promise<void> {
    for (const [scope, running] of this.running) {
      const now = wanted.get(scope);
      if (now && keyOf(now.definition) === running.key) continue;
      this.running.delete(scope);
      await running.close();
    }
    const missing = [...wanted].filter(([scope]) => !this.running.has(scope));
    const opened = missing.map(([scope, { definition, accept }]) => {
      const running = new Running(scope, definition, keyOf(definition), this.dispatcher, this.mayPoll);
      this.running.set(scope, running);
      return running.open(this.open, accept);
    });
    await Promise.all(opened);
  }

  /** Something that stood still may go on. */
  wake(): void {
    for (const running of this.running.values()) running.wake();
  }

  list(): readonly RunningInbound[] {
    return [...this.running.values()].map(({ scope, definition, key, problem }) => ({
      scope,
      definition,
      key,
      ...(problem === undefined ? { state: 'open' as const } : { state: 'failing' as const, problem }),
    }));
  }

  async close(): Promise<void> {
    await Promise.all([...this.running.values()].map((running) => running.close()));
    this.running.clear();
  }
}

/** Everything that an inbound is opened with. Format and model are Mortise's own business, but a change of them is one too. */
function keyOf({ connection, uses, options, format, model, everyMs }: InboundDefinition): string {
  const { connector, values } = connection;
  return JSON.stringify([connector, values, uses, options, format?.name, model?.schema, everyMs]);
}
