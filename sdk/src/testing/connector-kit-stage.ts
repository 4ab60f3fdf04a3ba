// What a connector's test tells the kit: how to make the other system do each thing that can go wrong.

import type { Clock } from '../runtime.ts';
import type { InboundHarness } from './connector-inbound.ts';
import type { Secrets } from './connector-values.ts';

/** What all stages have. A stage is set up anew for every check and closed after it. */
interface Stage {
  /** As a user writes them. */
  readonly connection?: unknown;
  readonly options?: unknown;
  readonly secrets?: Secrets;
  readonly clock?: Clock;
  /** A connection with credentials that the system refuses; its secrets are in `secrets` too. */
  readonly badConnection?: unknown;
  /** The system cannot be reached from now on; what stands is cut. */
  down?(): Promise<void> | void;
  /** The system is there again. */
  up?(): Promise<void> | void;
  /** Whether nothing of the closed inbound or outbound is left: connections, watchers, files. */
  freed?(): boolean | Promise<boolean>;
  close(): Promise<void> | void;
}

/** The other system, as it hands over deliveries numbered 1, 2, 3 … */
export interface InboundStage extends Stage {
  /** The other system hands delivery `n` over, and does not wait for the acknowledgement. */
  deliver(n: number, inbound: InboundHarness): Promise<void> | void;
  /** The body of delivery `n` as the inbound hands it over: text stands for its UTF-8 bytes. */
  body(n: number): unknown;
  /** Whether the other system knows by now that delivery `n` was taken: a 2xx, a moved file, a mark in a row. */
  acknowledged?(n: number): boolean | Promise<boolean>;
  /** What the other system does where the acknowledgement stays away. Left out where the message still lies there. */
  redeliver?(n: number, inbound: InboundHarness): Promise<void> | void;
  /** The other system hands delivery `n` over once more although it was acknowledged. */
  repeat?(n: number, inbound: InboundHarness): Promise<void> | void;
  /** The first half of delivery `n`, and, where the other system can go on, the rest. */
  half?(n: number, inbound: InboundHarness): Promise<{ finish?(): Promise<void> | void }>;
}

/** The other system, as it takes what is sent. */
export interface OutboundStage extends Stage {
  /** The body of send `n`. */
  body(n: number): unknown;
  /** How many effects the sends have had in the other system. */
  effects(): number | Promise<number>;
  /** The body that it received last, where the outbound takes bytes: text stands for its UTF-8 bytes. */
  received?(): unknown;
  /** From now on it understands and refuses for good. Where that lies in the message: the options or the body to send instead. */
  refuse?(): Promise<Refusing | void> | Refusing | void;
  /** From now on it asks to be left alone for a while. */
  busy?(): Promise<void> | void;
  /** From now on it cannot be sent anything: the connection is not refused, but does not come about either. */
  stallBeforeSend?(): Promise<void> | void;
  /** From now on it takes requests and acts on them, but its answers stay away. */
  stallAnswer?(): Promise<void> | void;
  /** From now on connections are cut when half a request has gone through. */
  cutWhileSending?(): Promise<void> | void;
  /** From now on connections are cut when a request was acted on, before the answer. */
  cutBeforeAnswer?(): Promise<void> | void;
  /** Ends every fault. */
  restore?(): Promise<void> | void;
}

export interface Refusing {
  readonly options?: unknown;
  readonly body?: unknown;
}

/** The other system, as it is asked whether it answers. */
export type PingStage = Stage;

/** How to set a stage, and, with a reason each, which checks cannot be made of it. */
export interface Scenario<S, Check extends string> {
  /** Where there are several scenarios of one inbound or outbound: what this one is about. */
  readonly called?: string;
  setUp(): Promise<S> | S;
  readonly skip?: Readonly<Partial<Record<Check, string>>>;
}

/** One check of the kit. A returned text says why it could not be made. */
export interface Check<Context> {
  readonly title: string;
  run(context: Context): Promise<string | void>;
}

/** A method of the stage that a check needs. */
export function needed<S extends Stage, Name extends keyof S & string>(stage: S, name: Name): NonNullable<S[Name]> {
  const value = stage[name];
  if (value === undefined || value === null)
    throw new Error(`The scenario has no "${name}": give it, or say under "skip" why not.`);
  return (typeof value === 'function' ? value.bind(stage) : value) as NonNullable<S[Name]>;
}
