// From a connection, options and a message to the request that is sent. Pure.

import { Rejected, isBodyStream } from '@mortise/sdk';
import type { BodyStream, ConnectionValuesOf, Message, OutboundOptionsOf } from '@mortise/sdk';
import type connector from './connector.ts';
import { httpError } from './errors.ts';
import type { Address } from './sending.ts';

type Connection = ConnectionValuesOf<typeof connector>;
export type RequestOptions = OutboundOptionsOf<typeof connector, 'request'>;

/** Methods that only read (RFC 9110, section 9.2.1): nothing can have happened. */
const readingMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const bodilessMethods: readonly string[] = [...readingMethods, 'DELETE'];

export function isReading(method: string): boolean {
  return readingMethods.includes(method);
}

/** The base URL. Throws MORTISE_HTTP_URL_MISSING and MORTISE_HTTP_URL_INVALID. */
export function baseUrlOf({ url }: Pick<Connection, 'url'>): URL {
  if (url === undefined)
    throw httpError('MORTISE_HTTP_URL_MISSING', 'The connection has no "url": expected the base URL of the system.');
  const base = URL.parse(url);
  if (!base) throw httpError('MORTISE_HTTP_URL_INVALID', `"${url}" is no URL: expected one such as https://crm.example/api.`);
  if (base.username || base.password) {
    throw httpError('MORTISE_HTTP_URL_INVALID', `The URL of ${base.host} holds credentials: expected none before the host.`);
  }
  return base;
}

/** The address in words, for messages and the journal: without the query, which may hold keys. */
export function addressOf(url: Pick<Address, 'origin' | 'pathname'>): string {
  return url.origin + url.pathname;
}

/** All of the address, as text. */
export function hrefOf({ origin, pathname, search }: Address): string {
  return origin + pathname + search;
}

/** Segments of letters, digits, "-", "_" and "~", and of dots that do not come first: a URL keeps such a path as it is. */
const plainPath = /^(?:\/[\w~-][\w.~-]*)+$/;

/**
 * Where the paths of an outbound lead. Most are plain, and are added to the base URL's parts, which are looked up once; all others are parsed as `urlOf`
 * says.
 */
export function addressesOf(base: URL): (path: string) => Address {
  const { origin, hostname, search } = base;
  const folder = base.pathname.replace(/\/$/, '');
  return (path) => {
    if (search === '' && plainPath.test(path)) return { origin, hostname, pathname: folder + path, search };
    return urlOf(base, path);
  };
}

/**
 * The base URL with the rendered path added. Data in the path can neither leave the host nor climb out of the base path:
 * such a path is `Rejected`.
 */
export function urlOf(base: URL, path: string): URL {
  // A URL drops tabs and line ends, takes "\" for "/", and ends at "#": in a path that came from data they are data.
  const encoded = path.replace(/[\\#\p{Cc} ]/gu, encodeURIComponent);
  const [pathOnly = '', ...query] = encoded.split('?');
  if (pathOnly !== '' && !pathOnly.startsWith('/'))
    throw new Rejected(`The path "${path}" is refused: expected "/" at its start.`);
  if (pathOnly.split('/').some(isDots)) throw new Rejected(`The path "${path}" is refused: expected no "." or ".." in it.`);
  const basePath = pathOnly === '' ? base.pathname : base.pathname.replace(/\/$/, '');
  const search = [base.search.slice(1), query.join('?')].filter(Boolean).join('&');
  return new URL(`${base.origin}${basePath}${pathOnly}${search ? `?${search}` : ''}`);
}

export function authHeaders({ auth }: Pick<Connection, 'auth'>): Record<string, string> {
  if (!auth) return {};
  if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer}` };
  if ('basic' in auth)
    return { authorization: `Basic ${Buffer.from(`${auth.basic.user}:${auth.basic.password}`).toString('base64')}` };
  if ('header' in auth) return { [auth.header.name.toLowerCase()]: auth.header.value };
  return {};
}

/** The texts that may never show in an error. */
export function secretsOf({ auth }: Pick<Connection, 'auth'>): readonly string[] {
  if (!auth) return [];
  const sent = Object.values(authHeaders({ auth })).map((value) => value.replace(/^(Bearer|Basic) /, ''));
  const oauth2 = 'oauth2' in auth ? [auth.oauth2.clientSecret ?? '', auth.oauth2.refreshToken ?? ''] : [];
  return ['basic' in auth ? auth.basic.password : '', ...sent, ...oauth2].filter(Boolean);
}

/** Headers, the later the stronger: the connection's, the message's type, the options', the delivery id. */
export function headersOf(
  connection: Connection,
  options: RequestOptions,
  message: Message,
  deliveryId: string,
): Record<string, string> {
  const headers: Record<string, string> = {};
  addLowerCased(headers, connection.headers);
  const contentType = carriesBody(options) ? message.dataContentType : undefined;
  if (contentType) headers['content-type'] = contentType;
  addLowerCased(headers, options.headers);
  if (!isReading(options.method)) headers[options.idempotencyKey.toLowerCase()] = deliveryId;
  return headers;
}

export function bodyOf(options: RequestOptions, { body }: Message): { body?: Uint8Array | BodyStream } {
  if (!carriesBody(options)) return {};
  if (body instanceof Uint8Array || isBodyStream(body)) return { body };
  throw new Rejected(`The body is ${typeof body}: expected bytes, which a format encodes.`);
}

function carriesBody({ method, sendBody }: RequestOptions): boolean {
  return sendBody || !bodilessMethods.includes(method);
}

function addLowerCased(to: Record<string, string>, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) to[name.toLowerCase()] = headers[name] as string;
}

function isDots(segment: string): boolean {
  return /^(\.|%2e){1,2}$/i.test(segment);
}
