// What flows are compiled against: the systems, channels, models and formats of a project, resolved and checked.

import type { BoundFormat, InboundDeclaration, Json, JsonSchema, OutboundDeclaration, Path, Rate } from '@mortise/sdk';
import type { LookupTables } from '../step/lookup-table.ts';
import type { MaintenanceDefinition } from './maintenance.ts';

export type { LookupTable, LookupTables } from '../step/lookup-table.ts';

/** One thing that is wrong with a project. Lines and columns count from 1. */
export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Relative to the project's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

/** What a file of the project says, and where each part of it stands. */
export interface SourceFile {
  readonly file: string;
  readonly value: unknown;
  /**
   * The place of what `path` leads to (or of the nearest that exists), or of its key. With `offset`, of that character of a
   * text, as far as the way it is written tells.
   */
  locate(path: Path, at?: 'key' | 'value', offset?: number): { readonly line: number; readonly column: number };
}

/** A format with its options, loaded: both ways, in memory and streaming. */
export type ResolvedFormat = BoundFormat;

/** One thing in which a value does not fit its model: a JSON pointer, and what was expected there. */
export interface ModelFault {
  readonly path: string;
  readonly message: string;
}

export interface ModelDefinition {
  /** With its version: `order@1`. */
  readonly name: string;
  readonly file: string;
  readonly schema: JsonSchema;
  /** Undefined where the value fits; at most ten faults otherwise. */
  check(value: unknown): readonly ModelFault[] | undefined;
}

export interface ChannelDefinition {
  readonly name: string;
  readonly kind: 'publish-subscribe' | 'point-to-point';
  readonly model?: ModelDefinition;
  readonly keepMs?: number;
}

/** One connection of a system: what was written, read by the connector's fields; secrets still by reference. */
export interface ConnectionDefinition {
  readonly system: string;
  /** `default` where the system has one connection without a name. */
  readonly name: string;
  readonly connector: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface InboundDefinition {
  readonly system: string;
  readonly name: string;
  readonly connection: ConnectionDefinition;
  /** The connector's inbound. */
  readonly uses: string;
  readonly declaration: InboundDeclaration;
  /** Read by the declaration's fields; secrets still by reference. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly format?: ResolvedFormat;
  readonly model?: ModelDefinition;
  /** Polling only: how often. */
  readonly everyMs?: number;
  /** A flow wrote it in place: it is that flow's own. */
  readonly inPlace?: boolean;
}

export interface OutboundDefinition {
  readonly system: string;
  readonly name: string;
  readonly connection: ConnectionDefinition;
  readonly uses: string;
  readonly declaration: OutboundDeclaration;
  /** Read by the declaration's fields; templates and expressions still as text. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly format?: ResolvedFormat;
  /** What a body must fit to be sent. */
  readonly model?: ModelDefinition;
  /** The model of its replies. */
  readonly reply?: ModelDefinition;
  readonly onInDoubt: 'retry' | 'hold';
  /** The longest an attempt may take. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly rate?: Rate;
}

export interface SystemDefinition {
  readonly name: string;
  readonly file: string;
  readonly connections: ReadonlyMap<string, ConnectionDefinition>;
  readonly inbounds: ReadonlyMap<string, InboundDefinition>;
  readonly outbounds: ReadonlyMap<string, OutboundDefinition>;
  readonly limits: { readonly concurrency?: number; readonly rate?: Rate };
  /** When it wants to be left alone. */
  readonly maintenance?: readonly MaintenanceDefinition[];
}

/** Everything that flows may name. */
export interface Definitions {
  /** The project's folder, absolute. */
  readonly folder: string;
  readonly systems: ReadonlyMap<string, SystemDefinition>;
  readonly channels: ReadonlyMap<string, ChannelDefinition>;
  readonly models: ReadonlyMap<string, ModelDefinition>;
  /** What `$xref` looks up in. */
  readonly tables: LookupTables;
  /** Loads a format by what was written: `csv`, or `{ csv: {…} }`, or a named one of the project. Problems come back in words. */
  format(written: unknown): { readonly format: ResolvedFormat } | { readonly problem: string; readonly remedy: string };
  /** An inbound or outbound that a flow writes in place, with the connector's own options. */
  inlineInbound(system: SystemDefinition, uses: string, written: Readonly<Record<string, unknown>>): Inline<InboundDefinition>;
  inlineOutbound(system: SystemDefinition, uses: string, written: Readonly<Record<string, unknown>>): Inline<OutboundDefinition>;
  /** The text of a file of the project, for `{ file: maps/… }`; undefined where it does not exist. Never outside the folder. */
  text(file: string): string | undefined;
  /** The functions of a TypeScript or JavaScript file of the project; loaded when the project is run, not when it is checked. */
  functions(file: string): Promise<Readonly<Record<string, unknown>>>;
}

export interface Inline<Definition> {
  readonly definition?: Definition;
  readonly problems: readonly {
    readonly path: Path;
    readonly at: 'key' | 'value';
    readonly message: string;
    readonly remedy: string;
  }[];
}

/** A flow as it was written, before it is compiled. */
export interface FlowSource {
  readonly name: string;
  readonly source: SourceFile;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What `mortise.yaml` says, with defaults filled in. */
export interface Settings {
  readonly name: string;
  readonly listeners: {
    readonly inbound: string;
    readonly control: string;
    /** PEM files, from the project's folder. */
    readonly controlTls?: { readonly certificate: string; readonly key: string };
  };
  readonly limits: { readonly messageBytes: number; readonly freeDiskBytes: number; readonly stallMs: number };
  readonly journal: { readonly keepMs: number; readonly atMostBytes: number; readonly bodies: 'all' };
  readonly log: { readonly level: LogLevel; readonly format: 'auto' | 'structured' | 'readable' };
  readonly telemetry?: TelemetrySettings;
  readonly alerts: {
    readonly consoleUrl?: string;
    readonly receivers: Readonly<Record<string, AlertReceiver>>;
  };
  readonly access?: {
    /** What waits for a second person. */
    readonly fourEyes?: readonly ('apply' | 'bulk-retry' | 'erase')[];
    readonly singleSignOn?: {
      readonly issuer: string;
      readonly clientId: string;
      /** A reference. */
      readonly clientSecret: string;
      readonly scope: string;
      readonly nameClaim: string;
      readonly rolesClaim: string;
      readonly roles: Readonly<Record<string, readonly string[]>>;
    };
  };
}

/** What is sent by OTLP. */
export interface TelemetrySettings {
  /** What the environment says where absent. */
  readonly endpoint?: string;
  /** References to secrets, by header. */
  readonly headers: Readonly<Record<string, string>>;
  readonly traces: boolean;
  readonly metrics: boolean;
  /** Of journeys whose sender said nothing: from 0 to 1. */
  readonly sampling: number;
  readonly metricsEveryMs: number;
  readonly spanDelayMs: number;
}

/** Who is told of alerts. Passwords and secrets are references. */
export type AlertReceiver =
  | {
      readonly kind: 'mail';
      readonly to: readonly string[];
      readonly from: string;
      readonly host: string;
      readonly port: number;
      readonly tls: 'starttls' | 'implicit' | 'none';
      /** In the project's folder. */
      readonly caFile?: string;
      readonly user?: string;
      readonly password?: string;
    }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };

/** One file of `tests/`, as written; `mortise test` reads it. */
export interface TestSource {
  readonly name: string;
  readonly source: SourceFile;
}

export type { Json };
