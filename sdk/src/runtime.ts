// What the engine lends to connectors: time, a log, and a place on the inbound HTTP listener.

/** Time, injected, so that a whole engine runs under a virtual clock. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Calls `fire` once, `delayMs` from now, unless cancelled. A pending timer does not keep the process alive. */
  after(delayMs: number, fire: () => void): { cancel(): void };
}

/** Structured log lines: facts first, then a sentence. Never pass a secret or a body. */
export interface Logger {
  debug(facts: Readonly<Record<string, unknown>>, sentence: string): void;
  info(facts: Readonly<Record<string, unknown>>, sentence: string): void;
  warn(facts: Readonly<Record<string, unknown>>, sentence: string): void;
  error(facts: Readonly<Record<string, unknown>>, sentence: string): void;
}

/** A request on the inbound listener. Header names are in lower case; a header given twice is joined by ", ". */
export interface HttpRequest {
  readonly method: string;
  /** Decoded path, without the query. */
  readonly path: string;
  /** What the route's `:name` parts matched. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The query as it came, without "?". */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
  /** Aborted when the requester is gone before the response was written. */
  readonly signal: AbortSignal;
  /** The body in chunks; throws `BodyTooLarge` past the route's limit, before more is read. May be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body; throws `BodyTooLarge`. */
  readBody(): Promise<Uint8Array>;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpRoute {
  readonly method: string;
  /** As `/shop/orders` or `/shop/:tenant/orders`. */
  readonly path: string;
  /** A longer body is refused with 413 from its `content-length`, or as soon as it grows past this. */
  readonly bodyBytesMax: number;
  handle(request: HttpRequest): Promise<HttpResponse>;
}

/** The inbound HTTP listener, shared by all connectors: one port, a route each. */
export interface HttpListener {
  /** Adds a route. Throws if the method and path are taken. `close()` removes it. */
  route(route: HttpRoute): { close(): void };
}

/** Thrown while reading a request's body that is longer than the route allows. */
export class BodyTooLarge extends Error {
  readonly bodyBytesMax: number;

  constructor(bodyBytesMax: number) {
    super(`The body is longer than ${bodyBytesMax} bytes.`);
    this.name = 'BodyTooLarge';
    this.bodyBytesMax = bodyBytesMax;
  }
}
