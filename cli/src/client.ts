// Asks a running engine by its HTTP API: the only way in which the command line looks at one.

import { existsSync } from 'node:fs';
import { MortiseError } from '@mortise/sdk';
import type { Reloaded } from '@mortise/engine';
import { keyFileIn, readKey } from './credentials.ts';
import { cliError } from './errors.ts';

const addressDefault = '127.0.0.1:8080';
/** An engine answers at once, but for a message whose flow replies. */
const timeoutMsDefault = 60_000;

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface EngineClient {
  /** `http://HOST:PORT` or `https://HOST:PORT`. */
  readonly origin: string;
  readonly address: string;
  get<Body>(path: string, query?: Query): Promise<Body>;
  post<Body>(path: string, body?: object, timeoutMs?: number): Promise<Body>;
  put<Body>(path: string, body: object): Promise<Body>;
  patch<Body>(path: string, body: object): Promise<Body>;
  delete<Body>(path: string, body?: object): Promise<Body>;
  /** Content that may be long, as it comes. */
  stream(path: string, query: Query, timeoutMs: number): Promise<AsyncIterable<Uint8Array>>;
  /** The content as it is, with its type. */
  bytes(path: string): Promise<{ readonly content: Uint8Array; readonly contentType: string }>;
}

/** A client of the engine that the options, the environment or the current folder name. Asks nothing yet. */
export async function engineClient({ control }: { readonly control?: string }): Promise<EngineClient> {
  const { origin, address } = whereIs(control ?? process.env['MORTISE_CONTROL'] ?? (await projectAddress('.')) ?? addressDefault);
  const ask = asking({ origin, address }, process.env['MORTISE_TOKEN']);
  const change = async <Body>(method: string, path: string, body: object, timeoutMs?: number): Promise<Body> => {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return jsonOf<Body>(await ask(`/api/v1${path}`, init, timeoutMs), address);
  };
  return {
    origin,
    address,
    get: async <Body>(path: string, query: Query = {}) => {
      const response = await ask(`/api/v1${path}${queryText(query)}`, {});
      return withNextPages(await jsonOf<Body>(response, address), response.headers.get('link'), ask, address);
    },
    post: <Body>(path: string, body: object = {}, timeoutMs?: number) => change<Body>('POST', path, body, timeoutMs),
    put: <Body>(path: string, body: object) => change<Body>('PUT', path, body),
    patch: <Body>(path: string, body: object) => change<Body>('PATCH', path, body),
    delete: <Body>(path: string, body: object = {}) => change<Body>('DELETE', path, body),
    stream: async (path, query, timeoutMs) => {
      const response = await ask(`/api/v1${path}${queryText(query)}`, {}, timeoutMs);
      return response.body ?? new Blob().stream();
    },
    bytes: async (path) => {
      const response = await ask(`/api/v1${path}`, {});
      return { content: await response.bytes(), contentType: response.headers.get('content-type') ?? '' };
    },
  };
}

interface Place {
  readonly origin: string;
  readonly address: string;
}

/** `http://127.0.0.1:8080/` as people copy it, or HOST:PORT. */
function whereIs(text: string): Place {
  const [, scheme = 'http://', address = ''] = /^(https?:\/\/)?(.*?)\/?$/.exec(text) ?? [];
  if (/^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/.test(address)) return { origin: `${scheme}${address}`, address };
  throw cliError('MORTISE_CLI_USAGE', `"${address}" is no address of a control listener; expected HOST:PORT.`, {
    remedy: 'Write it as 127.0.0.1:8080, or as https://mortise.example:8443.',
  });
}

async function projectAddress(folder: string): Promise<string | undefined> {
  if (!existsSync(`${folder}/mortise.yaml`)) return undefined;
  const { loadProject, openCatalog } = await import('@mortise/engine');
  const { settings } = await loadProject(folder, { catalog: openCatalog(), execute: false });
  const { control, controlTls } = settings.listeners;
  return controlTls ? `https://${control}` : control;
}

type Ask = (path: string, init: RequestInit, timeoutMs?: number) => Promise<Response>;

/** With the token; else with the key of the engine, which is looked up when it is needed, and again when the engine was restarted. */
function asking(place: Place, token: string | undefined): Ask {
  let secret = token;
  return async (path, init, timeoutMs = timeoutMsDefault) => {
    secret ??= await engineKey(place, timeoutMs);
    let response = await request(place, path, init, secret, timeoutMs);
    if (response.status === 401 && token === undefined) {
      secret = await engineKey(place, timeoutMs);
      response = await request(place, path, init, secret, timeoutMs);
    }
    if (response.ok) return response;
    throw await problemOf(response, place.address);
  };
}

/** Asked for with a request that has no body: an engine that refuses one does not read it to its end. */
async function engineKey(place: Place, timeoutMs: number): Promise<string | undefined> {
  const { status, headers } = await request(place, '/api/v1/session', {}, undefined, timeoutMs);
  const file = status === 401 ? keyFileIn(headers.get('www-authenticate')) : undefined;
  return file === undefined ? undefined : readKey(file, place.address);
}

async function request(
  { origin, address }: Place,
  path: string,
  { headers, ...init }: RequestInit,
  secret: string | undefined,
  timeoutMs: number,
): Promise<Response> {
  const authorization = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(`${origin}${path}`, {
      ...init,
      headers: { ...(headers as Record<string, string> | undefined), ...authorization },
      redirect: 'error',
      signal,
    });
  } catch (error) {
    throw unreachable(address, error, timeoutMs);
  }
}

function unreachable(address: string, error: unknown, timeoutMs: number): Error {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return cliError('MORTISE_CLI_UNREACHABLE', `The engine at ${address} did not answer within ${timeoutMs / 1000} s.`, {
      cause: error,
    });
  }
  const { cause } = error instanceof Error ? error : {};
  const reason =
    cause instanceof Error && 'code' in cause ? String(cause.code) : error instanceof Error ? error.message : String(error);
  return cliError('MORTISE_CLI_UNREACHABLE', `No engine answers at ${address} (${reason}).`, { cause: error });
}

/** The engine's own words, where it is one. */
async function problemOf(response: Response, address: string): Promise<Error> {
  const text = await response.text();
  const problem = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '') ? parsed(text) : undefined;
  const { code, detail, remedy, problems } = problem ?? {};
  if (Array.isArray(problems) && problem && 'applied' in problem) return new RefusedReload(problem as unknown as Reloaded);
  if (typeof code !== 'string' || typeof detail !== 'string') return notMortise(address, `it answers ${response.status}`);
  return new MortiseError(code, { actor: 'operator', cause: detail, remedy: String(remedy) }, detail, {
    details: { ...problem },
  });
}

/** A reload that was refused, with the problems that the project has. */
export class RefusedReload extends Error {
  readonly answer: Reloaded;

  constructor(answer: Reloaded) {
    super('The project has errors.');
    this.answer = answer;
  }
}

/** A list that came as a page, with the pages behind it. */
async function withNextPages<Body>(first: Body, link: string | null, ask: Ask, address: string): Promise<Body> {
  const all: unknown[] = Array.isArray(first) ? [...first] : [];
  let next = all.length > 0 ? nextIn(link) : undefined;
  if (next === undefined) return first;
  while (next !== undefined) {
    const response = await ask(next, {});
    all.push(...(await jsonOf<readonly unknown[]>(response, address)));
    next = nextIn(response.headers.get('link'));
  }
  // Each page is of the type of the first.
  return all as Body;
}

function nextIn(link: string | null): string | undefined {
  return /^<(\/[^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
}

async function jsonOf<Body>(response: Response, address: string): Promise<Body> {
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  const value = isJson ? parsed(await response.text()) : undefined;
  if (value === undefined) throw notMortise(address, 'its answer is no JSON');
  // The engine writes its answers by the same schemas from which the type `Body` comes.
  return value as Body;
}

function notMortise(address: string, reason: string): Error {
  return cliError('MORTISE_CLI_NOT_MORTISE', `What listens at ${address} is no engine of Mortise: ${reason}.`);
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const one of [value ?? []].flat()) parameters.append(name, String(one));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
