// What stands still: what a person has paused, and systems in their maintenance window. Nothing of it is begun meanwhile.

import { Unavailable } from '@mortise/sdk';
import type { Clock, Logger } from '@mortise/sdk';
import type { Store, StoredDelivery, StoredPause } from '../store/store.ts';
import type { SystemDefinition } from './definitions.ts';
import { windowAt } from './maintenance.ts';
import type { MaintenanceDefinition, Window } from './maintenance.ts';

export type PauseKind = StoredPause['kind'];

/** Why something stands still, and until when, where that is known. */
export interface Standstill {
  readonly reason: string;
  readonly untilMs?: number;
}

/** The name of the engine among pauses: there is one. */
export const engineName = '*';
/** A clock that was set back or forward is noticed within this. */
const lookMsMax = 60_000;

interface Planned {
  readonly definitions: readonly MaintenanceDefinition[];
  window: Window | undefined;
}

export class Standstills {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly paused = new Map<string, StoredPause>();
  private plans = new Map<string, Planned>();
  private open: ReadonlySet<string> = new Set();
  private timer: { cancel(): void } | undefined;
  private readonly listeners: (() => void)[] = [];

  constructor(store: Store, clock: Clock, log: Logger) {
    this.store = store;
    this.clock = clock;
    this.log = log;
    for (const pause of store.recovered.pauses) this.paused.set(keyOf(pause.kind, pause.name), pause);
  }

  /** Called whenever something may go on that stood still, or stands still from now on. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** What is paused, oldest first. */
  get pauses(): readonly StoredPause[] {
    return [...this.paused.values()].toSorted((a, b) => a.sinceMs - b.sinceMs);
  }

  pauseOf(kind: PauseKind, name: string): StoredPause | undefined {
    return this.paused.get(keyOf(kind, name));
  }

  /** Durable when it resolves. What is under way ends; nothing begins any more. */
  async pause(kind: PauseKind, name: string, reason?: string): Promise<StoredPause> {
    return this.begin({ kind, name, sinceMs: this.clock.nowMs(), ...(reason === undefined ? {} : { reason }) });
  }

  /**
   * Durable when it resolves. The flow goes on with what was made for it by now, and with what comes of that; what is made for it from now
   * on waits until it is resumed. Idempotent; in place of a pause of the flow.
   */
  async drain(flow: string, reason?: string): Promise<StoredPause> {
    const former = this.pauseOf('flow', flow);
    if (former?.drainsTo !== undefined) return former;
    const pause = { kind: 'flow' as const, name: flow, sinceMs: this.clock.nowMs(), drainsTo: this.store.takeSeq() };
    return this.begin({ ...pause, ...(reason === undefined ? {} : { reason }) });
  }

  private async begin(pause: StoredPause): Promise<StoredPause> {
    const { kind, name, reason } = pause;
    await this.store.commit({ pauses: [pause] });
    this.paused.set(keyOf(kind, name), pause);
    const facts = { kind, name, reason, ...logged(kind, name) };
    if (pause.drainsTo === undefined) this.log.warn({ event: 'pause.begun', ...facts }, sentenceOf(pause));
    else this.log.warn({ event: 'drain.begun', ...facts }, sentenceOf(pause));
    this.tell();
    return pause;
  }

  /** Gives false where it was not paused. */
  async resume(kind: PauseKind, name: string): Promise<boolean> {
    await this.store.commit({ resumes: [{ kind, name }] });
    if (!this.paused.delete(keyOf(kind, name))) return false;
    this.log.info({ event: 'pause.ended', kind, name, ...logged(kind, name) }, `${nounOf(kind, name)} goes on.`);
    this.tell();
    return true;
  }

  /** Takes the maintenance windows that the project now gives its systems. */
  plan(systems: Iterable<SystemDefinition>): void {
    const nowMs = this.clock.nowMs();
    const planned = [...systems].filter(({ maintenance = [] }) => maintenance.length > 0);
    this.plans = new Map(
      planned.map(({ name, maintenance = [] }) => [name, { definitions: maintenance, window: windowAt(maintenance, nowMs) }]),
    );
    this.look();
  }

  /** The window of a system that is open, or the next one. */
  windowOf(system: string): (Window & { readonly isOpen: boolean }) | undefined {
    const planned = this.plans.get(system);
    const nowMs = this.clock.nowMs();
    if (!planned?.window) return undefined;
    if (planned.window.untilMs <= nowMs) planned.window = windowAt(planned.definitions, nowMs);
    return planned.window && { ...planned.window, isOpen: planned.window.startMs <= nowMs };
  }

  ofSystem(system: string): Standstill | undefined {
    if (this.paused.size === 0 && this.plans.size === 0) return undefined;
    const pause = this.pauseOf('engine', engineName) ?? this.pauseOf('system', system);
    if (pause) return { reason: sentenceOf(pause) };
    const window = this.plans.size > 0 ? this.windowOf(system) : undefined;
    if (!window?.isOpen) return undefined;
    const { untilMs } = window;
    return { reason: `System ${system} is in maintenance until ${new Date(untilMs).toISOString()}.`, untilMs };
  }

  ofFlow(flow: string): Standstill | undefined {
    if (this.paused.size === 0) return undefined;
    const pause = this.pauseOf('engine', engineName) ?? this.pauseOf('flow', flow);
    return pause && pause.drainsTo === undefined ? { reason: sentenceOf(pause) } : undefined;
  }

  /** Why a delivery does not begin in its flow though others do: it came after draining had begun. What was held came before. */
  ofDelivery({ flow, seq, entry }: Pick<StoredDelivery, 'flow' | 'seq' | 'entry'>): Standstill | undefined {
    if (this.paused.size === 0 || entry !== undefined) return undefined;
    const pause = this.pauseOf('flow', flow);
    return pause?.drainsTo !== undefined && seq > pause.drainsTo ? { reason: sentenceOf(pause) } : undefined;
  }

  /** Why a flow takes nothing in: it is drained. One that is paused does. */
  ofIntake(flow: string): Standstill | undefined {
    const pause = this.paused.size === 0 ? undefined : this.pauseOf('flow', flow);
    return pause?.drainsTo === undefined ? undefined : { reason: sentenceOf(pause) };
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** Tells of windows that opened or closed, and looks again when the next one does. */
  private look(): void {
    this.timer?.cancel();
    const nowMs = this.clock.nowMs();
    const windows = [...this.plans.keys()].map((system) => ({ system, window: this.windowOf(system) }));
    const open = new Set(windows.filter(({ window }) => window?.isOpen).map(({ system }) => system));
    this.logChanges(open);
    this.open = open;
    const next = windows.flatMap(({ window }) => (window ? [window.isOpen ? window.untilMs : window.startMs] : []));
    if (next.length > 0)
      this.timer = this.clock.after(Math.max(1, Math.min(lookMsMax, ...next.map((atMs) => atMs - nowMs))), () => this.look());
    this.tell();
  }

  private logChanges(open: ReadonlySet<string>): void {
    for (const system of open)
      if (!this.open.has(system))
        this.log.info(
          { event: 'maintenance.begun', system },
          this.ofSystem(system)?.reason ?? `System ${system} is in maintenance.`,
        );
    for (const system of this.open)
      if (!open.has(system))
        this.log.info({ event: 'maintenance.ended', system }, `The maintenance of system ${system} is over.`);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** What an attempt comes to that is not to be made now: nothing was tried, and nothing is counted. */
export function standingStill({ reason }: Standstill): Unavailable {
  return new Unavailable(reason, { details: { standsStill: true } });
}

function keyOf(kind: PauseKind, name: string): string {
  return `${kind} ${name}`;
}

function nounOf(kind: PauseKind, name: string): string {
  return kind === 'engine' ? 'The engine' : `${kind === 'flow' ? 'Flow' : 'System'} ${name}`;
}

function sentenceOf({ kind, name, reason, drainsTo }: StoredPause): string {
  return `${nounOf(kind, name)} ${drainsTo === undefined ? 'is paused' : 'takes nothing more in'}${reason === undefined ? '' : `: ${reason}`}.`;
}

/** The system or the flow under the name that all lines of the log use for it. */
function logged(kind: PauseKind, name: string): Readonly<Record<string, string>> {
  return kind === 'engine' ? {} : { [kind]: name };
}
