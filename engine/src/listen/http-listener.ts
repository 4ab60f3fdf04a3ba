// The inbound HTTP listener: one port for all connectors, a route each.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BodyTooLarge } from '@mortise/sdk';
import type { HttpListener, HttpRequest, HttpResponse, HttpRoute, Logger } from '@mortise/sdk';
import findMyWay from 'find-my-way';
import type { HTTPMethod } from 'find-my-way';
import { createServer } from './node-http.ts';
import { listenError } from './errors.ts';

/** A request line and headers that take longer are an attack, or a line that is dead. */
const headersTimeoutMs = 20_000;
/** Between two requests of one connection. Longer than the usual load balancer's minute, so that it closes first. */
const keepAliveTimeoutMs = 75_000;

export class InboundListener implements HttpListener {
  private readonly log: Logger;
  private readonly router = findMyWay({ caseSensitive: true, maxParamLength: 1000 });
  /** Routes without parameters, by method and path: most are such, and each takes the router half a millisecond to add. */
  private readonly fixed = new Map<string, HttpRoute>();
  private readonly paths = new Map<string, Set<string>>();
  private readonly server: Server;
  private stopping = false;
  private underWay = 0;
  /** How many starts, reloads and stops are under way: what is not found while routes come and go may be there in a moment. */
  changes = 1;

  constructor(log: Logger) {
    this.log = log;
    this.server = createServer(
      { headersTimeout: headersTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs },
      (request, response) => {
        void this.answer(request, response);
      },
    );
  }

  /** Opens the port; gives the address that it got. */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) =>
        reject(listenError('MORTISE_ENGINE_LISTEN', `${host}:${port}: ${error.message}`, { cause: error })),
      );
      this.server.listen(port, host, resolve);
    });
    return this.server.address() as AddressInfo;
  }

  route(route: HttpRoute): { close(): void } {
    const method = route.method as HTTPMethod;
    const fixed = isFixed(route.path) ? `${method} ${route.path}` : undefined;
    if (fixed === undefined ? this.router.findRoute(method, route.path) : this.fixed.has(fixed)) {
      throw listenError('MORTISE_ENGINE_ROUTE_TAKEN', `${route.method} ${route.path} is taken by another inbound.`);
    }
    if (fixed === undefined) this.router.on(method, route.path, () => undefined, route);
    else this.fixed.set(fixed, route);
    const methods = this.paths.get(route.path) ?? new Set();
    this.paths.set(route.path, methods.add(route.method));
    return {
      close: () => {
        if (fixed === undefined) this.router.off(method, route.path);
        else this.fixed.delete(fixed);
        methods.delete(route.method);
      },
    };
  }

  /** Requests are not all answered yet. */
  get isAnswering(): boolean {
    return this.underWay > 0;
  }

  /** Takes no new connection, lets what is under way end, then closes. */
  async close(): Promise<void> {
    this.stopping = true;
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await closed;
  }

  /** Ends connections that are still open. */
  closeNow(): void {
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1;
    try {
      write(response, await this.handle(request, response), this.stopping);
    } catch (error) {
      if (error instanceof BodyTooLarge) write(response, problem(413, 'MORTISE_HTTP_BODY_TOO_LARGE', error.message), true);
      else if (!response.destroyed) {
        this.log.error({ event: 'request.failed', err: error, path: request.url }, 'A request could not be handled.');
        write(response, problem(500, 'MORTISE_HTTP_FAULT', 'The request could not be handled.'), true);
      }
    } finally {
      this.underWay -= 1;
    }
  }

  private handle(request: IncomingMessage, response: ServerResponse): HttpResponse | Promise<HttpResponse> {
    const [path, query] = splitUrl(request.url ?? '/');
    const found = this.find(request.method ?? '', path);
    if (!found) return this.notFound(path);
    const { route, parameters } = found;
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > route.bodyBytesMax) throw new BodyTooLarge(route.bodyBytesMax);
    return route.handle(new ListenerRequest(request, response, { path, query, route, parameters }));
  }

  private find(method: string, path: string): Pick<Matched, 'route' | 'parameters'> | undefined {
    const fixed = this.fixed.get(`${method} ${path.includes('%') ? unreservedPath(path) : path}`);
    if (fixed) return { route: fixed, parameters: noParameters };
    const found = this.router.find(method as HTTPMethod, path);
    return found ? { route: found.store as HttpRoute, parameters: found.params as Record<string, string> } : undefined;
  }

  private notFound(path: string): HttpResponse {
    if (this.changes > 0) {
      const answer = problem(503, 'MORTISE_HTTP_NOT_READY', 'The engine starts, stops or reloads.');
      return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
    }
    const methods = [...this.paths].filter(([route]) => route === path).flatMap(([, names]) => [...names]);
    if (methods.length === 0) return problem(404, 'MORTISE_HTTP_NO_ROUTE', `No inbound listens at ${path.slice(0, 200)}.`);
    return {
      ...problem(405, 'MORTISE_HTTP_METHOD', `Use ${methods.join(', ')}.`),
      headers: { 'content-type': problemType, allow: methods.join(', ') },
    };
  }
}

const problemType = 'application/problem+json';

function problem(status: number, code: string, detail: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': problemType },
    body: JSON.stringify({ type: 'about:blank', status, code, detail }),
  };
}

function write(response: ServerResponse, { status, headers = {}, body = '' }: HttpResponse, last: boolean): void {
  if (response.destroyed || response.headersSent) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const framing = last ? { 'content-length': length, connection: 'close' } : { 'content-length': length };
  response.writeHead(status, { ...headers, ...framing });
  response.end(body);
}

interface Matched {
  readonly path: string;
  readonly query: string;
  readonly route: HttpRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What few look at is made when it is looked at: the signal, and the body in chunks. */
class ListenerRequest implements HttpRequest {
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #path: string;
  readonly #bodyBytesMax: number;
  #gone: AbortController | undefined;
  #body: AsyncIterable<Uint8Array> | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, { path, query, route, parameters }: Matched) {
    this.#request = request;
    this.#response = response;
    this.#path = path;
    this.#bodyBytesMax = route.bodyBytesMax;
    this.method = request.method ?? 'GET';
    this.parameters = parameters;
    this.query = query;
    this.headers = headersOf(request);
  }

  get path(): string {
    return decodePath(this.#path);
  }

  get remoteAddress(): string {
    return this.#request.socket.remoteAddress ?? '';
  }

  get signal(): AbortSignal {
    return (this.#gone ??= goneWith(this.#response)).signal;
  }

  get body(): AsyncIterable<Uint8Array> {
    return (this.#body ??= limited(this.#request, this.#bodyBytesMax));
  }

  readBody(): Promise<Uint8Array> {
    return readAll(this.#request, this.#bodyBytesMax);
  }
}

/** Aborted when the connection closes before the response was written; at once where it has. */
function goneWith(response: ServerResponse): AbortController {
  const gone = new AbortController();
  const closed = (): void => {
    if (!response.writableFinished) gone.abort();
  };
  if (response.destroyed) closed();
  else response.once('close', closed);
  return gone;
}

async function* limited(request: IncomingMessage, bytesMax: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new BodyTooLarge(bytesMax);
    yield chunk;
  }
}

/** Reads by events: an async iterator costs as much as the rest of a small request. */
function readAll(request: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    request.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        request.pause();
        reject(new BodyTooLarge(bytesMax));
      } else chunks.push(chunk);
    });
    // All of them once at most; `once` would keep a function more of each.
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)));
    request.on('error', reject);
    // After the end it comes, too: an error that nobody hears of would be made for each request, and its trace of the stack is dear.
    request.on('close', () => {
      if (!request.readableEnded) reject(new Error('The requester closed the connection.'));
    });
  });
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

const noParameters: Readonly<Record<string, string>> = Object.freeze({});

/** What the router has a meaning for: parameters, patterns, escapes. */
function isFixed(path: string): boolean {
  return !/[:*?%]/.test(path);
}

/** With what is escaped that need not be, as the router takes it: an escaped `/` is none that parts a path. */
function unreservedPath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
