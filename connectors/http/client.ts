// The HTTP client: the only file that imports undici. It tells what was certainly not sent from what may have arrived.

import { createRequire } from 'node:module';
import type { OnReadOpts, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ConnectionValuesOf, Ping } from '@mortise/sdk';
import { isBodyStream, keptChunks } from '@mortise/sdk';
import type { Agent as UndiciAgent, Dispatcher } from 'undici';
import type * as Undici from 'undici';
import { guardedLookup, refuseAddress } from './address.ts';
import type { Resolve } from './address.ts';
import type connector from './connector.ts';
import { acceptEncoding, codingsOf, decoded, gathered, onlyOf } from './content-coding.ts';
import { httpError } from './errors.ts';
import { authorizing, credentialsOf } from './exchange.ts';
import { addressOf, baseUrlOf } from './request.ts';
import { NoAnswer } from './sending.ts';
import type { Answer, HttpClient, Request } from './sending.ts';
import { readTls } from './tls.ts';
import type { TlsOptions } from './tls.ts';

// One module of undici in place of all: its fetch, its caches and its web sockets are a tenth of an engine's start.
const require = createRequire(import.meta.url);
const Agent = require('undici/lib/dispatcher/agent.js') as typeof UndiciAgent;

export type Connection = ConnectionValuesOf<typeof connector>;

const pingBytesMax = 1024;
/**
 * All connections read into the same place, from which what came is taken at once (`onread` of net.connect). By itself Node makes a buffer of 64 KiB
 * for each answer, and shortens it.
 */
const onread: OnReadOpts = {
  buffer: new Uint8Array(65_536),
  callback(this: Socket, count: number, buffer: Uint8Array): boolean {
    return this.push(Buffer.from(buffer.subarray(0, count)));
  },
};
const nothing = new Uint8Array();

export type ClientOptions = Omit<Connection, 'url' | 'auth' | 'headers' | 'tls'>;

/** `resolve` finds the addresses of a name; the machine's resolver unless given. */
export function openClient(options: ClientOptions, tls: TlsOptions = {}, resolve?: Resolve): HttpClient {
  const dispatcher = options.proxy ? proxied(options, options.proxy, tls, resolve) : direct(options, tls, resolve);
  /** The host that was let through last: almost always it is the same. */
  let allowed: string | undefined;
  return {
    send(request, signal, bytesMaxOf) {
      const { hostname } = request.url;
      if (hostname !== allowed) {
        try {
          refuseAddress(hostname, options);
        } catch (error) {
          return Promise.reject(new NoAnswer(false, error));
        }
        allowed = hostname;
      }
      return new Sending(dispatcher, request, signal, bytesMaxOf).run();
    },
    close: () => dispatcher.destroy(),
  };
}

function isPlain({ headers, body }: Answer): boolean {
  return headers['content-encoding'] === undefined || body.byteLength === 0;
}

/** Any answer will do: it is the system that is asked after, not a page of it. */
export const ping: Ping<typeof connector> = async (connection, signal) => {
  const url = baseUrlOf(connection);
  const client = openClient(connection, await readTls(connection.tls));
  try {
    const send = authorizing(client.send, url.origin, credentialsOf(connection, client, { nowMs: Date.now }));
    const { status } = await send({ method: 'HEAD', url, headers: connection.headers }, signal, () => pingBytesMax);
    return `${addressOf(url)} answers with HTTP ${status}`;
  } finally {
    await client.close();
  }
};

/** The system had reset an idle connection, which was seen only when it was to be used: nothing left by it, unless it was sent. */
function isIdleReset(error: Error): boolean {
  return 'syscall' in error && error.syscall === 'read' && 'code' in error && error.code === 'ECONNRESET';
}

function direct(options: ClientOptions, tls: TlsOptions, resolve: Resolve | undefined): Dispatcher {
  const { connectTimeout: timeout } = options;
  const connect = { ...tls, lookup: guardedLookup(options, resolve), timeout, allowH2: false, onread };
  return new Agent({ ...limitsOf(options), connect });
}

/** Through a proxy, which is where the operator put it: of its own addresses only the link-local ones are refused. */
function proxied(
  options: ClientOptions,
  given: NonNullable<Connection['proxy']>,
  tls: TlsOptions,
  resolve?: Resolve,
): Dispatcher {
  const { url, user, password = '' } = given;
  const uri = proxyUrl(url);
  const rules = { allowLinkLocal: options.allowLinkLocal, allowPrivate: true };
  refuseAddress(uri.hostname, rules);
  const { ca } = tls;
  const token = user === undefined ? {} : { token: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  const { ProxyAgent } = require('undici') as typeof Undici;
  return new ProxyAgent({
    ...limitsOf(options),
    ...token,
    uri: uri.origin,
    connectTimeout: options.connectTimeout,
    proxyTls: { ...(ca === undefined ? {} : { ca }), lookup: guardedLookup(rules, resolve), allowH2: false },
    requestTls: { ...tls, allowH2: false },
  });
}

function proxyUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && !url.username && !url.password && url.pathname === '/' && !url.search) return url;
  throw httpError('MORTISE_HTTP_PROXY_INVALID', `The URL of the proxy is not one such as http://proxy.example:3128.`);
}

/** The time that an attempt may take is the engine's to say: it aborts the signal. */
function limitsOf({ connectionsMax, keepAlive, headersTimeout = 0, bodyTimeout = 0 }: ClientOptions) {
  const connections = connectionsMax === undefined ? {} : { connections: connectionsMax };
  return { ...connections, keepAliveTimeout: keepAlive, headersTimeout, bodyTimeout, allowH2: false };
}

/** The answer with its body as it was before it was compressed, as far as `bytesMax`. */
async function decodedAnswer(answer: Answer, bytesMax: number): Promise<Answer> {
  const { 'content-encoding': encoding, 'content-length': _, ...headers } = answer.headers;
  try {
    const { bytes, isCut } = await gathered(decoded(onlyOf(answer.body), codingsOf(encoding)), bytesMax);
    return { ...answer, headers, body: bytes, isCut: isCut || answer.isCut };
  } catch (error) {
    // Of a body that was not read to its end no more is to be had; what it is kept for does without.
    if (answer.isCut) return { ...answer, headers, body: new Uint8Array() };
    throw new NoAnswer(true, error);
  }
}

/** A copy of its own: a chunk is a part of what the connection has read. */
function wholeOf(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  return new Uint8Array(only && chunks.length === 1 ? only : Buffer.concat(chunks));
}

/** One request and its answer, as it was before it was compressed. Asked once more where nothing had left. */
class Sending implements Dispatcher.DispatchHandler {
  readonly #dispatcher: Dispatcher;
  readonly #request: Request;
  readonly #signal: AbortSignal;
  readonly #bytesMaxOf: (status: number) => number;
  readonly #answered = Promise.withResolvers<Answer>();
  #chunks: Uint8Array[] | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #restBytes = 0;
  #isSecond = false;

  constructor(dispatcher: Dispatcher, request: Request, signal: AbortSignal, bytesMaxOf: (status: number) => number) {
    this.#dispatcher = dispatcher;
    this.#request = request;
    this.#signal = signal;
    this.#bytesMaxOf = bytesMaxOf;
  }

  /** Rejects with `NoAnswer`. */
  run(): Promise<Answer> {
    if (this.#signal.aborted) return Promise.reject(new NoAnswer(false, this.#signal.reason));
    this.#signal.addEventListener('abort', this.#abort);
    this.#ask();
    return this.#answered.promise;
  }

  #ask(): void {
    const dispatcher = this.#dispatcher;
    const { method, url, body } = this.#request;
    const headers = { 'accept-encoding': acceptEncoding, ...this.#request.headers };
    try {
      const { origin } = url;
      const path = url.pathname + url.search;
      if (isBodyStream(body)) {
        const length = { 'content-length': String(body.sizeBytes) };
        const streamed = { ...headers, ...length };
        dispatcher.dispatch({ origin, path, method, headers: streamed, body: Readable.from(keptChunks(body.open())) }, this);
      } else {
        dispatcher.dispatch({ origin, path, method, headers, body: body ?? null }, this);
      }
    } catch (error) {
      this.#fail(new NoAnswer(false, error));
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
    const joined: Record<string, string> = {};
    for (const name in headers) {
      const value = headers[name];
      joined[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
    }
    this.#headers = joined;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    (this.#chunks ??= []).push(chunk.subarray(0, this.#restBytes));
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
    // The proxy that asks for credentials has passed nothing on. undici calls that an invalid argument.
    const isRefusedByProxy = error.message.startsWith('Proxy Authentication Required');
    const cause = isRefusedByProxy ? new Error('The proxy refuses our credentials (407).') : error;
    const wasSent = this.#controller !== undefined && !isRefusedByProxy;
    if (wasSent || this.#isSecond || this.#signal.aborted || !isIdleReset(error)) {
      this.#fail(new NoAnswer(wasSent, cause));
      return;
    }
    this.#isSecond = true;
    this.#ask();
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal.reason;
    this.#controller?.abort(reason as Error);
    // While it waits for a connection there is nothing to abort: `onRequestStart` will see to it.
    this.#fail(new NoAnswer(this.#controller !== undefined, reason));
  };

  #answer(isCut: boolean): void {
    this.#end();
    const body = this.#chunks ? wholeOf(this.#chunks) : nothing;
    const answer = { status: this.#status, headers: this.#headers, body, isCut };
    this.#answered.resolve(isPlain(answer) ? answer : decodedAnswer(answer, this.#bytesMaxOf(answer.status)));
  }

  #fail(error: NoAnswer): void {
    this.#end();
    this.#answered.reject(error);
  }

  #end(): void {
    this.#signal.removeEventListener('abort', this.#abort);
  }
}
