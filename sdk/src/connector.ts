// What a connector is: its declaration (connector.ts), and what implements it (inbound.ts, outbound.ts, client.ts).

import type { Fields, ValuesOf } from './field.ts';
import type { Headers, Json, Message } from './message.ts';
import type { Clock, HttpListener, Logger } from './runtime.ts';

/** Whether a connector's bodies are bytes (a format decodes and encodes them) or values that need no format. */
export type BodyKind = 'bytes' | 'value';

/** How a second send of the same delivery id ends. `safe`: it has no second effect. `unsafe`: it may. */
export type Repeats = 'safe' | 'unsafe';

export interface InboundDeclaration<Options extends Fields = Fields> {
  /** One sentence for the reference and the form. */
  readonly doc: string;
  /** `listening`: the other side calls. `polling`: the engine calls `poll` every `every` (an option it adds). */
  readonly mode: 'listening' | 'polling';
  readonly gives: BodyKind;
  readonly options: Options;
  /** The format where the user names none. */
  readonly format?: string;
  /** What `every` is where the user does not say; polling only. */
  readonly every?: string;
}

export interface OutboundDeclaration<Options extends Fields = Fields> {
  readonly doc: string;
  readonly takes: BodyKind;
  readonly options: Options;
  readonly format?: string;
  /** Whether `send` may return a reply, so that `call` can use it. */
  readonly replies: boolean;
  /** What a repeated send does, by the options as the user wrote them. Decides what follows an `InDoubt`. */
  readonly repeats: Repeats | ((options: Readonly<Record<string, unknown>>) => Repeats);
}

export interface ConnectorDeclaration<
  Connection extends Fields = Fields,
  Inbounds extends Readonly<Record<string, InboundDeclaration>> = Readonly<Record<string, InboundDeclaration>>,
  Outbounds extends Readonly<Record<string, OutboundDeclaration>> = Readonly<Record<string, OutboundDeclaration>>,
> {
  /** The name users write; equal to the name of the connector's folder. */
  readonly name: string;
  readonly doc: string;
  readonly connection: Connection;
  readonly inbounds: Inbounds;
  readonly outbounds: Outbounds;
}

/** Declares one inbound; keeps the types of its options. */
export function defineInbound<const Options extends Fields>(inbound: InboundDeclaration<Options>): InboundDeclaration<Options> {
  return inbound;
}

/** Declares one outbound; keeps the types of its options. */
export function defineOutbound<const Options extends Fields>(
  outbound: OutboundDeclaration<Options>,
): OutboundDeclaration<Options> {
  return outbound;
}

/** Declares a connector: the default export of its `connector.ts`, which imports nothing but the SDK. */
export function defineConnector<
  const Connection extends Fields,
  const Inbounds extends Readonly<Record<string, InboundDeclaration>>,
  const Outbounds extends Readonly<Record<string, OutboundDeclaration>>,
>(connector: ConnectorDeclaration<Connection, Inbounds, Outbounds>): ConnectorDeclaration<Connection, Inbounds, Outbounds> {
  return connector;
}

// ---- inbound -------------------------------------------------------------------------------------------------------

/** A message as an inbound hands it over, before it has an id. */
export interface Incoming {
  /**
   * `Uint8Array` or `AsyncIterable<Uint8Array>` where the declaration says `gives: 'bytes'`, else a value. The iterable is read once,
   * and a chunk may be reused for other bytes once the next one is asked for.
   */
  readonly body: unknown;
  readonly headers?: Headers;
  readonly type?: string;
  readonly subject?: string;
  /** When it happened, RFC 3339, if the sender says. */
  readonly time?: string;
  readonly contentType?: string;
}

export interface AcceptOptions {
  /**
   * The sender's own identity of what is handed over: a second `accept` with the same key is a duplicate, has no effect,
   * and resolves to the ids of the first. Unique within the inbound.
   */
  readonly key?: string;
  /** Whether a second `accept` with the key must have the same bodies: where it has not, that is told as `conflict`. */
  readonly sameBody?: boolean;
  /** Where to go on after a restart: stored in the same commit as the messages. */
  readonly cursor?: Json;
}

/** Why a message was not accepted. It is recorded as invalid under `id`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Where in the message: offset, line, record, path; as far as known. */
  readonly position?: Readonly<Record<string, Json>>;
}

/** What became of one message. A body that held several records gives several. */
export interface Accepted {
  readonly id: string;
  /** It was accepted before, under this id; nothing was done. */
  readonly duplicate: boolean;
  /** Set where `sameBody` was asked for and something else had come under this key, which is what `id` names. */
  readonly conflict?: boolean;
  /** Set where it was not understood: answer the sender with an error of his (4xx). */
  readonly refused?: Refusal;
  /** Set where the flow replies: wait for it, then answer. */
  readonly reply?: PendingReply;
}

export interface PendingReply {
  /** The reply, once the flow has settled; undefined when `timeoutMs` passed first or the flow ended without a reply. */
  wait(timeoutMs: number): Promise<Reply | undefined>;
  /** The requester is gone: what is not yet done is not done, unless the flow says `resume: true`. */
  abandon(): void;
}

/** A reply, to a requester or from a system that was called. */
export interface Reply {
  /** Bytes, which the format decodes or encoded, or a value. */
  readonly body: unknown;
  readonly contentType?: string;
  /** An HTTP status or the protocol's equivalent. */
  readonly status?: number;
  readonly headers?: Headers;
}

/**
 * Hands messages over. Resolves after they are on disk: acknowledge to the sending system then, and not before. What one
 * call hands over, and the cursor, are one commit. Rejects with `Busy` under back-pressure and `Unavailable` while the
 * engine stops: then acknowledge nothing and let the sender come again.
 */
export type Accept = (messages: readonly Incoming[], options?: AcceptOptions) => Promise<readonly Accepted[]>;

export interface InboundContext<Connection = Readonly<Record<string, unknown>>, Options = Readonly<Record<string, unknown>>> {
  readonly connection: Connection;
  readonly options: Options;
  /** The names under which the project knows the system and this inbound. */
  readonly system: string;
  readonly name: string;
  readonly accept: Accept;
  /** What the last commit stored; undefined at first. */
  readonly cursor: Json | undefined;
  /** Aborted when the inbound is to stop. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock: Clock;
  readonly http: HttpListener;
  /** The longest message that is accepted. */
  readonly messageBytesMax: number;
}

/** A running inbound. */
export interface Inbound {
  /**
   * Polling only: looks once for what is new and hands it over. Resolves to `more` when it should be called again at
   * once, else `idle`. Never called while a call is under way. A rejection is logged and the next poll comes as usual,
   * later each time.
   */
  poll?(): Promise<'more' | 'idle'>;
  /** Stops taking in, ends what is under way, frees everything. Idempotent. */
  close(): Promise<void>;
}

export type OpenInbound<Connection, Options> = (context: InboundContext<Connection, Options>) => Promise<Inbound>;

// ---- outbound ------------------------------------------------------------------------------------------------------

export interface OutboundContext<Connection = Readonly<Record<string, unknown>>> {
  readonly connection: Connection;
  readonly system: string;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock: Clock;
}

/** One send. */
export interface SendContext<Options = Readonly<Record<string, unknown>>> {
  /** The options with every template and expression evaluated for this message. The same on every attempt. */
  readonly options: Options;
  /** The same on every attempt of the same delivery: receivers make it once by this. */
  readonly deliveryId: string;
  /** From 1 up. */
  readonly attempt: number;
  /** Aborted when the attempt's time is up, or the engine stops. */
  readonly signal: AbortSignal;
  /** Where the project has traces: to be handed on by whatever carries headers. */
  readonly trace?: TraceContext;
}

/** W3C Trace Context: what a receiving system is told of the trace that a send belongs to, in headers of these names. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** The receiving system has it. */
export interface Receipt {
  /** What it said, in a few words, for the journal: a status, a file's name, a count of rows. */
  readonly detail?: string;
  readonly reply?: Reply;
}

/** A message as it goes out: its body is `Uint8Array` or `BodyStream` where the declaration says `takes: 'bytes'`, else a value. */
export type Outgoing = Message;

/** A running outbound. */
export interface Outbound<Options = Readonly<Record<string, unknown>>> {
  /**
   * Sends. May be called concurrently. Throws `Unavailable` (try again), `Busy` (try again after…), `Rejected` (never try
   * again) or `InDoubt` (may have happened); anything else thrown counts as `InDoubt`.
   */
  send(message: Outgoing, context: SendContext<Options>): Promise<Receipt>;
  /** Frees everything. Idempotent; called when no send is under way, or after their signals were aborted. */
  close(): Promise<void>;
}

export type OpenOutbound<Connection, Options> = (context: OutboundContext<Connection>) => Promise<Outbound<Options>>;

// ---- implementations -----------------------------------------------------------------------------------------------

type ConnectionOf<C> = C extends ConnectorDeclaration<infer Connection> ? ValuesOf<Connection> : never;
type InboundsOf<C extends ConnectorDeclaration> = {
  readonly [Name in keyof C['inbounds']]: OpenInbound<ConnectionOf<C>, ValuesOf<C['inbounds'][Name]['options']>>;
};
type OutboundsOf<C extends ConnectorDeclaration> = {
  readonly [Name in keyof C['outbounds']]: OpenOutbound<ConnectionOf<C>, ValuesOf<C['outbounds'][Name]['options']>>;
};

/** The context of one inbound of a declared connector, for its implementation. */
export type InboundContextOf<C extends ConnectorDeclaration, Name extends keyof C['inbounds']> = InboundContext<
  ConnectionOf<C>,
  ValuesOf<C['inbounds'][Name]['options']>
>;

/** The values of a declared connector's connection. */
export type ConnectionValuesOf<C extends ConnectorDeclaration> = ConnectionOf<C>;

/** The values of the options of one outbound of a declared connector. */
export type OutboundOptionsOf<C extends ConnectorDeclaration, Name extends keyof C['outbounds']> = ValuesOf<
  C['outbounds'][Name]['options']
>;

/** The export `inbounds` of a connector's `inbound.ts`: one function for each declared inbound, loaded on first use. */
export function implementInbounds<C extends ConnectorDeclaration>(_connector: C, inbounds: InboundsOf<C>): InboundsOf<C> {
  return inbounds;
}

/** The export `outbounds` of a connector's `outbound.ts`: one function for each declared outbound, loaded on first use. */
export function implementOutbounds<C extends ConnectorDeclaration>(_connector: C, outbounds: OutboundsOf<C>): OutboundsOf<C> {
  return outbounds;
}

/**
 * The export `ping` of a connector's `client.ts`: resolves where the system answers, with what it said in a few words;
 * throws otherwise. Does what real use does, and no more.
 */
export type Ping<C extends ConnectorDeclaration> = (connection: ConnectionOf<C>, signal: AbortSignal) => Promise<string>;
