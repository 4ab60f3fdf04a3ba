// What the control API needs of the engine and its host: the host passes them in, since control stands below them.

import type { Accept, Accepted, Clock, Fields, MortiseError } from '@mortise/sdk';
import type { SingleSignOnSettings } from './single-sign-on.ts';
import type { Access } from '../access/access.ts';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { InboundDefinition, LogLevel, Problem } from '../flow/definitions.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import type { FlowRuntime } from '../flow/runtime.ts';
import type { Standstills } from '../flow/standstills.ts';
import type { Systems } from '../flow/systems.ts';
import type { Project } from '../project/load.ts';
import type { BusinessKey, ErasableJourney, StoredBody, StoredDelivery } from '../store/store.ts';

export const engineStates = ['starting', 'ready', 'draining', 'stopping'] as const;
export type EngineState = (typeof engineStates)[number];

export interface ControlHost {
  readonly access: Access;
  /** With the secret in place; undefined where the project has none. */
  singleSignOn?(): SingleSignOnSettings | undefined;
  readonly engine: ControlEngine;
  readonly clock: Clock;
  /** The project's folder. */
  readonly folder: string;
  state(): EngineState;
  readonly log: { level: LogLevel };
  disk(): { readonly hasRoom: boolean; readonly floorBytes: number; readonly freeBytes?: number };
  project(): Project;
  /** Loads the project anew and runs it, if it has no errors. Gives all problems. */
  reload(): Promise<readonly Problem[]>;
  /** Loads the project as it would be with these texts by path; nothing is applied. */
  draft(drafts: ReadonlyMap<string, string>): Promise<Project>;
  /** The project as it was when the flow had that revision; undefined where that is not kept. */
  recorded(flow: string, revision: string): Promise<Project | undefined>;
  /** Of the project as its files are now. */
  nextRevision(): Promise<string>;
  /** Sends a receiver of alerts a notice that is a test. Gives what went wrong. */
  testAlerts(receiver: string): Promise<string | undefined>;
  /** Writes a copy of what is stored now into a new folder. */
  backup(target: string): Promise<BackupSummary>;
  readonly erasure: ControlErasure;
  /** Puts secrets in place of their references, for a ping. */
  resolve(fields: Fields, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** Where requests of other systems come in, once that listener is open. */
  inboundAddress?(): string | undefined;
}

export function takesMessages(host: Pick<ControlHost, 'state' | 'disk'>): boolean {
  return host.state() === 'ready' && host.disk().hasRoom;
}

/** What a backup holds. */
export interface BackupSummary {
  readonly takenAt: string;
  readonly storeVersion: number;
  readonly files: readonly { readonly bytes: number }[];
  /** Blobs that rows refer to and whose files were not there. */
  readonly missing: readonly string[];
}

export interface EraseAsk {
  readonly key: BusinessKey;
  /** What becomes of deliveries that may still be delivered. */
  readonly undelivered: 'refuse' | 'discard';
  /** Told where those are discarded. */
  readonly reason: string;
}

/** What an erasure is, was, or would be about. */
export interface ErasureSummary {
  readonly journeys: readonly ErasableJourney[];
  /** Copies that an upgrade left in the data folder. They hold what was there then, and are not touched. */
  readonly copies: readonly string[];
}

/** See `engine/src/erasure.ts`. */
export interface ControlErasure {
  preview(key: BusinessKey): Promise<ErasureSummary>;
  erase(ask: EraseAsk): Promise<ErasureSummary>;
}

/** The engine, as far as control uses it. */
export interface ControlEngine {
  readonly dispatcher: Dispatcher;
  readonly systems: Systems;
  readonly standstills: Standstills;
  readonly drain: ControlDrain;
  readonly runtime: FlowRuntime;
  readonly operations: ControlOperations;
  readonly importer: ControlImporter;
  readonly hops: ControlHops;
  readonly inbounds: { list(): readonly ControlInbound[] };
  /** Messages that were accepted since the start. */
  readonly acceptedCount?: number;
  inbound(scope: string): Accept | undefined;
}

/** See `engine/src/drain.ts`. */
export interface ControlDrain {
  begin(how: { readonly stops: boolean }): void;
  cancel(): boolean;
  view(): {
    readonly state: 'off' | 'draining' | 'drained';
    readonly sinceMs?: number;
    readonly stops: boolean;
    readonly left: readonly { readonly name: string; readonly waiting: number; readonly running: number }[];
  };
}

export interface ControlOperations {
  retry(deliveryId: string): Promise<StoredDelivery>;
  discard(deliveryId: string, reason: string): Promise<StoredDelivery>;
  replay(messageId: string, flow?: string): Promise<{ readonly id: string; readonly deliveries: number }>;
  publish(channel: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Accepted>;
}

/** See `engine/src/again.ts`. */
export interface ControlHops {
  run(
    id: string,
    ask: {
      readonly flow?: CompiledFlow;
      readonly body?: StoredBody;
      readonly outbounds: 'skip-done' | 'all';
      readonly preview: boolean;
    },
  ): Promise<{
    readonly how: 'retried' | 'replayed' | 'nothing';
    readonly id?: string;
    readonly revision?: string;
    readonly outcome: string;
    readonly error?: MortiseError;
    readonly before: readonly { readonly to: string; readonly body: unknown }[];
    readonly outputs: readonly { readonly to: string; readonly body: unknown; readonly what: 'sent' | 'skipped' | 'left' }[];
  }>;
}

export interface ControlImporter {
  import(
    target: { readonly flow: string } | { readonly channel: string },
    file: string,
    message: {
      readonly id: string;
      readonly type: string;
      readonly source?: string;
      readonly subject?: string;
      readonly time?: string;
      readonly contentType?: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly keys: Readonly<Record<string, string>>;
      readonly body: unknown;
    },
  ): Promise<{ readonly id: string; readonly duplicate: boolean }>;
}

export interface ControlInbound {
  /** `system.inbound`, with `@flow` behind it where the flow wrote it in place. */
  readonly scope: string;
  readonly definition: InboundDefinition;
  readonly state: 'open' | 'failing';
  readonly problem?: string;
}
