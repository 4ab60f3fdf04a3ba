// What a flow is, as users write it in YAML or, with functions for expressions, in TypeScript.

import type { Expression, ExpressionScope, FormatReference } from './field.ts';

/** Where a flow receives: an inbound of a system (defined there, or the connector's own with options), or a channel. */
export type From = { readonly channel: string } | ({ readonly system: string; readonly inbound: string } & EndpointOptions);

/** Where a flow sends: a channel, or an outbound of a system. `with` makes the body that goes there. */
export type Target =
  | { readonly channel: string; readonly with?: Expression }
  | ({ readonly system: string; readonly outbound: string; readonly with?: Expression } & EndpointOptions);

interface EndpointOptions {
  readonly format?: FormatReference;
  readonly model?: string;
  readonly [option: string]: unknown;
}

export type Targets = Target | readonly Target[];

export interface RouteBranch {
  readonly when?: Expression;
  readonly else?: true;
  readonly steps?: readonly Step[];
  readonly to?: Targets;
}

/** What a `script` step calls: the project's own code. It may be asynchronous; what it returns is the new body. */
export type ScriptFunction = (body: never, scope: ExpressionScope) => unknown;

export type Step =
  | { readonly filter: Expression }
  | { readonly map: Expression }
  | { readonly validate: string }
  | { readonly decode: FormatReference | { readonly format: FormatReference; readonly of?: Expression; readonly into?: string } }
  | {
      readonly encode:
        | FormatReference
        | {
            readonly format: FormatReference;
            readonly of?: Expression;
            readonly into?: string;
            readonly as?: 'bytes' | 'text' | 'base64';
          };
    }
  | { readonly set: Readonly<Record<string, unknown>> }
  | { readonly track: Readonly<Record<string, Expression>> }
  | { readonly route: readonly RouteBranch[] }
  | {
      readonly recipients: {
        readonly choose: Expression;
        readonly of: Readonly<Record<string, Targets>>;
        readonly onEmpty?: 'invalid' | 'filter' | 'continue';
      };
    }
  | { readonly slip: { readonly choose: Expression; readonly of: Readonly<Record<string, readonly Step[]>> } }
  | { readonly split: { readonly each: Expression; readonly steps?: readonly Step[] } }
  | { readonly aggregate: Aggregate }
  | { readonly resequence: Resequence }
  | { readonly sequence: { readonly name: string; readonly into: string; readonly from?: number; readonly to?: number } }
  | { readonly throttle: string | { readonly id?: string; readonly rate: string } }
  | { readonly compensate: { readonly id: string; readonly steps: readonly Step[] } }
  | { readonly dedupe: { readonly id: string; readonly key: Expression; readonly for: string } }
  | { readonly call: Target & { readonly into?: string; readonly timeout?: string } }
  | { readonly send: Targets }
  | { readonly reply: Expression | { readonly body: Expression; readonly status?: number; readonly contentType?: string } }
  | { readonly try: { readonly steps: readonly Step[]; readonly catch: readonly Catch[] | Catch } }
  | { readonly delay: string | { readonly id: string; readonly for: string } }
  | { readonly expire: string | { readonly after: string } | { readonly at: Expression } }
  | {
      readonly script:
        | { readonly file: string; readonly export?: string }
        | { readonly code: string; readonly timeout?: string; readonly memory?: string }
        | ScriptFunction;
    };

/** Messages of one key become one. At least one of `complete`, `after` and `atMost` says when. */
export interface Aggregate {
  readonly id: string;
  readonly by: Expression;
  readonly complete?: Expression;
  readonly after?: string;
  readonly atMost?: number;
  readonly emit?: Expression;
  readonly late?: 'new' | 'drop' | 'dead';
  readonly lateFor?: string;
}

/** Messages of one key go on in the order of their numbers. */
export interface Resequence {
  readonly id: string;
  readonly by?: Expression;
  readonly sequence: Expression;
  readonly from?: number;
  readonly after: string;
  readonly for?: string;
}

export interface Catch {
  /** Error codes, or `Unavailable`, `Busy`, `Rejected`, `InDoubt`; every error where it is absent. */
  readonly on?: readonly string[] | string;
  readonly steps?: readonly Step[];
  readonly to?: Targets;
}

export interface Flow {
  readonly name?: string;
  readonly description?: string;
  readonly from: From;
  readonly order?: { readonly by: Expression; readonly onDead?: 'hold' | 'skip' };
  readonly retry?: { readonly for?: string; readonly backoff?: string };
  readonly concurrency?: number;
  readonly backlog?: number;
  readonly resume?: boolean;
  readonly steps?: readonly Step[];
  readonly to?: Targets;
  readonly onDead?: Targets;
}

/** Declares a flow in TypeScript: the default export of `flows/<name>.ts`. */
export function defineFlow(flow: Flow): Flow {
  return flow;
}
