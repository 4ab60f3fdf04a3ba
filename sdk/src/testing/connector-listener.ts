// An inbound HTTP listener for tests: node:http on a free port of 127.0.0.1, with the semantics of runtime.ts.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BodyTooLarge } from '../runtime.ts';
import type { HttpListener, HttpRequest, HttpResponse, HttpRoute } from '../runtime.ts';
import { gather } from './connector-body.ts';

export interface TestHttpListener extends HttpListener {
  /** As `http://127.0.0.1:43210`. */
  readonly url: string;
  readonly port: number;
  /** The routes that stand: none once every inbound is closed. */
  readonly routes: readonly HttpRoute[];
  /** Cuts what is under way and frees the port. */
  close(): Promise<void>;
}

export async function startTestListener(): Promise<TestHttpListener> {
  const routes: HttpRoute[] = [];
  const server = createServer((request, response) => void serve(routes, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    routes,
    route(route) {
      if (routes.some((other) => other.method === route.method && other.path === route.path)) {
        throw new Error(`${route.method} ${route.path} is taken.`);
      }
      routes.push(route);
      return { close: () => remove(routes, route) };
    },
    async close() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

function remove(routes: HttpRoute[], route: HttpRoute): void {
  const index = routes.indexOf(route);
  if (index >= 0) routes.splice(index, 1);
}

async function serve(routes: readonly HttpRoute[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerTo(routes, request, response).catch(failure);
  if (response.destroyed) return;
  // What of the body was not read would be taken for the next request.
  const headers = request.complete ? { ...answer.headers } : { ...answer.headers, connection: 'close' };
  response.writeHead(answer.status, headers).end(answer.body);
}

async function answerTo(routes: readonly HttpRoute[], request: IncomingMessage, response: ServerResponse): Promise<HttpResponse> {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const matching = routes.flatMap((route) => {
    const parameters = match(route.path, path);
    return parameters ? [{ route, parameters }] : [];
  });
  if (matching.length === 0) return { status: 404 };
  const found = matching.find(({ route }) => route.method === request.method);
  if (!found) return { status: 405, headers: { allow: matching.map(({ route }) => route.method).join(', ') } };
  const { bodyBytesMax } = found.route;
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) return { status: 413 };
  return found.route.handle(toHttpRequest(request, response, path, query.join('?'), found.parameters, bodyBytesMax));
}

function failure(error: unknown): HttpResponse {
  if (error instanceof BodyTooLarge) return { status: 413 };
  if (error instanceof URIError) return { status: 400 };
  return { status: 500, body: String(error) };
}

/** What the `:name` parts matched; undefined where the path does not fit. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = Object.create(null);
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    if (part.startsWith(':')) parameters[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return parameters;
}

function toHttpRequest(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
  parameters: Readonly<Record<string, string>>,
  bodyBytesMax: number,
): HttpRequest {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const body = limited(request.iterator({ destroyOnReturn: false }), bodyBytesMax);
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]);
  return {
    method: request.method ?? '',
    path: decodeURIComponent(path),
    parameters,
    query,
    headers: Object.fromEntries(headers) as Record<string, string>,
    remoteAddress: request.socket.remoteAddress ?? '',
    signal: gone.signal,
    body,
    readBody: () => gather(body),
  };
}

async function* limited(request: AsyncIterable<Uint8Array>, bodyBytesMax: number): AsyncGenerator<Uint8Array> {
  let bodyBytes = 0;
  for await (const chunk of request) {
    bodyBytes += chunk.byteLength;
    if (bodyBytes > bodyBytesMax) throw new BodyTooLarge(bodyBytesMax);
    yield chunk;
  }
}
