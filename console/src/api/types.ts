// What the control API answers, as /api/openapi.json says: only what the console reads of it.

export type State =
  | 'waiting'
  | 'running'
  | 'held'
  | 'done'
  | 'filtered'
  | 'invalid'
  | 'dead'
  | 'in-doubt'
  | 'discarded'
  | 'abandoned'
  | 'unclaimed';

export interface Engine {
  readonly name: string;
  readonly folder: string;
  readonly environment?: string;
  readonly revision: string;
  readonly version: string;
  readonly node: string;
  readonly pid: number;
  readonly state: 'starting' | 'ready' | 'draining' | 'stopping';
  readonly startedAt: string;
  readonly uptimeMs: number;
  readonly now: string;
  readonly addresses: { readonly inbound: string; readonly control: string };
}

export interface Standstill {
  readonly reason: string;
  readonly until?: string;
}

export interface Flow {
  readonly name: string;
  readonly description?: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly replies: boolean;
  readonly revision: string;
  readonly concurrency: number;
  readonly waiting: number;
  readonly running: number;
  readonly standstill?: Standstill;
  readonly drain?: FlowDrain;
}

export interface FlowDrain {
  readonly state: 'draining' | 'drained';
  readonly waiting: number;
  readonly held: number;
}

export interface System {
  readonly name: string;
  readonly standstill?: Standstill;
  readonly maintenance?: { readonly from: string; readonly until: string };
  readonly limits: { readonly concurrency?: number; readonly ratePerSecond?: number };
  readonly connections: readonly {
    readonly name: string;
    readonly connector: string;
    readonly breaker: 'closed' | 'open' | 'half-open';
  }[];
  readonly inbounds: readonly {
    readonly name: string;
    readonly uses: string;
    readonly target: string;
    readonly state: 'open' | 'failing' | 'unused';
    readonly problem?: string;
  }[];
  readonly outbounds: readonly {
    readonly name: string;
    readonly destination: string;
    readonly waiting: number;
    readonly running: number;
  }[];
}

export interface FlowDetail {
  readonly name: string;
  readonly file: string;
  readonly definition: unknown;
  readonly looked: number;
  readonly steps: readonly {
    readonly name: string;
    readonly line: number;
    readonly passed: number;
    readonly failed: number;
    readonly meanMs: number;
  }[];
}

export interface Channel {
  readonly name: string;
  readonly kind: 'publish-subscribe' | 'point-to-point';
  readonly model?: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export interface DeliveryFault {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details?: unknown;
}

export interface Delivery {
  readonly id: string;
  readonly message: string;
  readonly destination: string;
  readonly flow: string;
  readonly state: State;
  readonly attempts: number;
  readonly createdAt: string;
  readonly dueAt?: string;
  readonly endedAt?: string;
  readonly lane?: string;
  readonly holdsLane?: boolean;
  readonly entry?: string;
  readonly revision?: string;
  readonly detail?: string;
  readonly error?: DeliveryFault;
  readonly journal?: {
    readonly tookMs?: number;
    readonly failures?: readonly { readonly atMs: number; readonly code: string; readonly message: string }[];
  };
}

export interface Message {
  readonly id: string;
  readonly root: string;
  readonly parent?: string;
  readonly replayOf?: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly contentType?: string;
  readonly model?: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly acceptedAt: string;
  readonly expiresAt?: string;
  readonly bodyBytes: number;
}

export interface MessageRow {
  readonly message: Message;
  readonly delivery: Delivery;
}

export interface MessageRows {
  readonly rows: readonly MessageRow[];
  readonly next?: string;
}

export interface JourneyDelivery extends Delivery {
  readonly messages: readonly string[];
  readonly into?: { readonly message: string; readonly root: string };
  /** It is dead: so many others of its group wait for it. */
  readonly othersHeld?: number;
  /** The dead one of its group. */
  readonly heldBy?: { readonly delivery: string; readonly message: string };
}

export interface JourneyMessage extends Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly deliveries: readonly JourneyDelivery[];
  readonly members?: readonly { readonly message: string; readonly root: string }[];
}

export interface Journey {
  readonly root: string;
  readonly messages: readonly JourneyMessage[];
  readonly next?: string;
}

export interface FailureGroup {
  readonly code: string;
  readonly destination: string;
  readonly state: State;
  readonly count: number;
  readonly oldestAt: string;
  readonly newestAt: string;
  /** Of the same groups, since these are dead. */
  readonly othersHeld: number;
  readonly newest: { readonly delivery: string; readonly message: string; readonly error: string; readonly remedy: string };
}

export interface Failures {
  readonly groups: readonly FailureGroup[];
  readonly complete: boolean;
}

export interface ActionCounts {
  readonly found: number;
  readonly done: number;
  readonly failed: readonly { readonly id: string; readonly code: string; readonly detail: string }[];
  readonly more: boolean;
  readonly stopped: boolean;
}

export interface Pause {
  readonly kind: 'engine' | 'flow' | 'system';
  readonly name: string;
  readonly since: string;
  readonly reason?: string;
}

export interface Drain {
  readonly state: 'off' | 'draining' | 'drained';
  readonly left: readonly { readonly name: string; readonly waiting: number; readonly running: number }[];
}

export interface Ping {
  readonly connections: readonly {
    readonly name: string;
    readonly connector: string;
    readonly state: 'answers' | 'fails' | 'unknown';
    readonly detail?: string;
    readonly remedy?: string;
    readonly tookMs: number;
  }[];
}

export interface BalanceRow {
  readonly destination: string;
  readonly created: number;
  readonly states: Readonly<Record<string, number>>;
  readonly dropped: number;
}

export interface DayBalance {
  readonly day: string;
  readonly zone: string;
  readonly from: string;
  readonly until: string;
  readonly even: boolean;
  readonly reasons: readonly string[];
  readonly rows: readonly BalanceRow[];
  readonly files: readonly {
    readonly inbound: string;
    readonly name?: string;
    readonly at: string;
    readonly read: number;
    readonly accepted: number;
    readonly invalid: number;
    readonly whole: boolean;
  }[];
  readonly unfinished: readonly {
    readonly message: string;
    readonly delivery: string;
    readonly destination: string;
    readonly state: State;
    readonly at: string;
    readonly reason: string;
  }[];
  readonly more: boolean;
}

export interface Traffic {
  readonly at: string;
  readonly everyMs: number;
  readonly edges: readonly { readonly flow: string; readonly destination: string; readonly perSecond: number }[];
  readonly destinations: readonly {
    readonly name: string;
    readonly perSecond: number;
    readonly failedPerMinute: number;
    readonly waiting: number;
    readonly oldestAt?: string;
    readonly series: readonly number[];
  }[];
}

export interface ProjectProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

/** The hash of a file that is not there yet. */
export const newFile = 'new';

export interface ProjectFile {
  readonly path: string;
  readonly text: string;
  readonly hash: string;
  readonly writable: boolean;
}

export interface Revision {
  readonly id: string;
  readonly at: string;
  readonly author: string;
  readonly reason: string;
  readonly hash: string;
  readonly commit?: string;
}

export interface TracedStep {
  readonly name: string;
  readonly line?: number;
  /** What went in: absent where nothing reached it. */
  readonly bodies: readonly unknown[];
  readonly count: number;
}

export interface Trace {
  readonly flow: string;
  readonly revision: string;
  readonly recorded?: string;
  readonly input: unknown;
  readonly steps: readonly TracedStep[];
  readonly calls: readonly {
    readonly to: string;
    readonly request: unknown;
    readonly reply?: unknown;
    readonly known: boolean;
  }[];
  readonly outputs: readonly { readonly to: string; readonly body: unknown }[];
  readonly reply?: unknown;
  readonly outcome: string;
  readonly error?: DeliveryFault;
  readonly lineage: readonly { readonly target: string; readonly field: string; readonly from: readonly string[] }[];
}

export interface AgainAsk {
  readonly revision: 'current' | 'recorded';
  readonly outbounds: 'skip-done' | 'all';
  readonly preview: boolean;
  readonly value?: unknown;
}

/** Bodies only for whoever may see them. */
export interface Again {
  readonly how: 'retried' | 'replayed' | 'nothing';
  readonly id?: string;
  readonly outcome: string;
  readonly error?: DeliveryFault;
  readonly before: readonly { readonly to: string; readonly body?: unknown }[];
  readonly outputs: readonly {
    readonly to: string;
    readonly body?: unknown;
    readonly what: 'sent' | 'skipped' | 'left';
    readonly changed: boolean;
  }[];
}

export interface DryRun {
  readonly problems: readonly ProjectProblem[];
  readonly tried: number;
  readonly same: number;
  readonly changed: readonly {
    readonly message: string;
    readonly delivery: string;
    readonly keys: Readonly<Record<string, string>>;
    readonly before: Outcome;
    readonly after: Outcome;
  }[];
}

export interface Outcome {
  readonly outcome: string;
  readonly error?: DeliveryFault;
  readonly outputs: readonly { readonly to: string; readonly body: unknown }[];
  readonly reply?: unknown;
}

export interface Model {
  readonly name: string;
  readonly schema: unknown;
  readonly file: string;
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
}

export interface CodeTable {
  readonly name: string;
  readonly file: string;
}

export interface Alert {
  readonly number: number;
  readonly rule: string;
  readonly kind: string;
  readonly severity: 'warning' | 'critical';
  readonly subject: string;
  readonly count: number;
  readonly text: string;
  readonly since: string;
  readonly until?: string;
  readonly told?: string;
}

export interface AlertRule {
  readonly name: string;
  readonly kind: string;
  readonly severity: Alert['severity'];
  readonly description?: string;
  readonly to: readonly string[];
  readonly file?: string;
  readonly muted?: { readonly until: string; readonly since: string; readonly who: string; readonly reason?: string };
  readonly raised: readonly Alert[];
}

export interface AlertReceiver {
  readonly name: string;
  readonly kind: 'mail' | 'webhook';
  readonly address: string;
  readonly waiting: number;
  readonly lastSentAt?: string;
  readonly error?: string;
}
