// The message: what travels through the mesh, immutable, with the attributes of CloudEvents 1.0.

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * A body too large to be held in memory: it lies in a blob file and is read as often as needed.
 * `open()` gives the bytes in order from the start, in chunks of any size. A chunk may be reused for other bytes once the next
 * one is asked for: who keeps it, or hands it to somebody who does, copies it, or reads `keptChunks(body.open())`.
 */
export interface BodyStream {
  readonly kind: 'stream';
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** What came with a message from outside (HTTP headers, file attributes): names in lower case, never interpreted by Mortise. */
export type Headers = Readonly<Record<string, string>>;

/** What Mortise itself knows of a message. Nothing that came from outside can set any of it. */
export interface MessageProperties {
  /** The first message of this journey: the one that an inbound accepted. Equal to `id` for that one. */
  readonly root: string;
  /** The message this one was made from; absent for a root. */
  readonly parent?: string;
  /** The message of which this is a replay. */
  readonly replayOf?: string;
  /** When the root was accepted, in milliseconds since 1970; `$now()` in expressions. */
  readonly acceptedAtMs: number;
  /** From then on the message is not delivered any more, in milliseconds since 1970. */
  readonly expiresAtMs?: number;
  /** Business keys, as `track` set them: how people find the message. */
  readonly keys: Readonly<Record<string, string>>;
  /** What `into` bound: read-only variables of expressions, no part of the body. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * A message. Attributes follow CloudEvents 1.0 (section "Context Attributes"); `specversion` is always "1.0".
 * The body is a JSON value, bytes, or a `BodyStream`.
 */
export interface Message<Body = unknown> {
  /** UUIDv7 where the message entered the mesh, UUIDv8 derived from the root where Mortise made it. */
  readonly id: string;
  /** CloudEvents `source`: a URI reference, as `/systems/shop/order-created` or `/channels/orders`. */
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339, as the sender said it, or the time of accepting. */
  readonly time: string;
  /** CloudEvents `datacontenttype`: the media type of the body as it came or goes out. */
  readonly dataContentType?: string;
  /** CloudEvents `dataschema`: the model that the body fits, as `order@1`. */
  readonly dataSchema?: string;
  /** The extension attribute `partitionkey`: what belongs together has the same, for systems that keep the order of such messages. */
  readonly key?: string;
  readonly headers: Headers;
  readonly properties: MessageProperties;
  readonly body: Body;
}

/** The same chunks, each in memory of its own: for streams and sockets, which hold on to what they were given. */
export async function* keptChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Uint8Array.from(chunk);
}

/** Tells a body that is read as a stream from one that is held in memory. */
export function isBodyStream(body: unknown): body is BodyStream {
  return typeof body === 'object' && body !== null && (body as { kind?: unknown }).kind === 'stream' && 'open' in body;
}
