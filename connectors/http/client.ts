// The HTTP client: the only file that imports undici. It tells what was certainly not sent from what may have arrived.

import { Readable } from 'node:stream';
import type { BodyStream, ConnectionValuesOf, Ping } from '@mortise/sdk';
import { isBodyStream } from '@mortise/sdk';
import { Agent, buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import { guardedLookup, refuseAddress } from './address.ts';
import type { Resolve } from './address.ts';
import type connector from './connector.ts';
import { addressOf, authHeaders, baseUrlOf } from './request.ts';

export type Connection = ConnectionValuesOf<typeof connector>;

/** A request, ready to be sent. */
export interface Request {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | BodyStream;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body is longer than was to be read; the rest was not read. */
  readonly isCut: boolean;
}

/** No answer came. */
export class NoAnswer extends Error {
  /** Whether a part of the request may have left. */
  readonly wasSent: boolean;

  constructor(wasSent: boolean, cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = 'NoAnswer';
    this.wasSent = wasSent;
  }
}

export interface HttpClient {
  /** Sends, and reads as much of the answer's body as `bytesMaxOf` its status says. Throws `NoAnswer`. */
  send(request: Request, signal: AbortSignal, bytesMaxOf: (status: number) => number): Promise<Answer>;
  close(): Promise<void>;
}

const pingBytesMax = 1024;

/** `resolve` finds the addresses of a name; the machine's resolver unless given. */
export function openClient({ allowLinkLocal }: Pick<Connection, 'allowLinkLocal'>, resolve?: Resolve): HttpClient {
  const agent = new Agent({
    connect: allowLinkLocal ? buildConnector({ allowH2: false }) : guardedConnector(resolve),
    // The time that an attempt may take is the engine's to say: it aborts the signal.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  return {
    send: (request, signal, bytesMaxOf) => new Sending(request, signal, bytesMaxOf).run(agent),
    close: () => agent.destroy(),
  };
}

/** Any answer will do: it is the system that is asked after, not a page of it. */
export const ping: Ping<typeof connector> = async (connection, signal) => {
  const url = baseUrlOf(connection);
  const client = openClient(connection);
  try {
    const headers = { ...connection.headers, ...authHeaders(connection) };
    const { status } = await client.send({ method: 'HEAD', url, headers }, signal, () => pingBytesMax);
    return `${addressOf(url)} answers with HTTP ${status}`;
  } finally {
    await client.close();
  }
};

/** What several attempts at several addresses failed with is several errors, under an empty message. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error && cause.message ? cause.message : String(cause);
}

function guardedConnector(resolve: Resolve | undefined): buildConnector.connector {
  const connect = buildConnector({ lookup: guardedLookup(resolve), allowH2: false });
  return (options, done) => {
    try {
      refuseAddress(options.hostname);
    } catch (error) {
      done(error as Error, null);
      return;
    }
    connect(options, done);
  };
}

/** One request and its answer. */
class Sending implements Dispatcher.DispatchHandler {
  readonly #request: Request;
  readonly #signal: AbortSignal;
  readonly #bytesMaxOf: (status: number) => number;
  readonly #answered = Promise.withResolvers<Answer>();
  readonly #chunks: Uint8Array[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #restBytes = 0;

  constructor(request: Request, signal: AbortSignal, bytesMaxOf: (status: number) => number) {
    this.#request = request;
    this.#signal = signal;
    this.#bytesMaxOf = bytesMaxOf;
  }

  async run(agent: Agent): Promise<Answer> {
    const { method, url, headers, body } = this.#request;
    if (this.#signal.aborted) throw new NoAnswer(false, this.#signal.reason);
    this.#signal.addEventListener('abort', this.#abort);
    try {
      const options = { origin: url.origin, path: url.pathname + url.search, method, headers: { ...headers } };
      if (isBodyStream(body)) {
        const length = { 'content-length': String(body.sizeBytes) };
        agent.dispatch({ ...options, headers: { ...headers, ...length }, body: Readable.from(body.open()) }, this);
      } else {
        agent.dispatch({ ...options, body: body ?? null }, this);
      }
      return await this.#answered.promise;
    } finally {
      this.#signal.removeEventListener('abort', this.#abort);
    }
  }

  /** Called when the request is about to be written: from here on a part of it may have left. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#signal.aborted) controller.abort(this.#signal.reason as Error);
    else this.#controller = controller;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#restBytes = this.#bytesMaxOf(status);
    const joined = Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]);
    this.#headers = Object.fromEntries(joined) as Record<string, string>;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk.subarray(0, this.#restBytes));
    const isCut = chunk.byteLength > this.#restBytes;
    this.#restBytes -= Math.min(this.#restBytes, chunk.byteLength);
    if (!isCut) return;
    this.#answer(true);
    controller.abort(new Error('The answer is longer than is read.'));
  }

  onResponseEnd(): void {
    this.#answer(false);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#answered.reject(new NoAnswer(this.#controller !== undefined, error));
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal.reason;
    this.#controller?.abort(reason as Error);
    // While it waits for a connection there is nothing to abort: `onRequestStart` will see to it.
    this.#answered.reject(new NoAnswer(this.#controller !== undefined, reason));
  };

  #answer(isCut: boolean): void {
    this.#answered.resolve({
      status: this.#status,
      headers: this.#headers,
      body: new Uint8Array(Buffer.concat(this.#chunks)),
      isCut,
    });
  }
}
