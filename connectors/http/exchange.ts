// What lies between a message's request and the answer that counts: credentials, and redirects.

import { Rejected } from '@mortise/sdk';
import type { Clock, ConnectionValuesOf } from '@mortise/sdk';
import type connector from './connector.ts';
import { addressOf, authHeaders, hrefOf, isReading } from './request.ts';
import type { Answer, HttpClient, Request } from './sending.ts';
import { Tokens } from './tokens.ts';

/** As the client's: sends a request and gives the answer. */
export type Send = HttpClient['send'];

/** How the system knows us: headers that are there, or a token that is asked for. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tokens?: Tokens;
}

/** What another host may know of a request that it was not meant for. */
const headersForOthers = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent']);
const redirects: readonly number[] = [301, 302, 303, 307, 308];

export function credentialsOf(
  connection: Pick<ConnectionValuesOf<typeof connector>, 'auth'>,
  client: HttpClient,
  clock: Pick<Clock, 'nowMs'>,
): Credentials {
  const { auth } = connection;
  const headers = authHeaders(connection);
  return auth && 'oauth2' in auth ? { headers, tokens: new Tokens(auth.oauth2, client, clock) } : { headers };
}

/**
 * Shows our credentials to the system's own origin, and to nobody else. A token that is refused with 401 is asked for anew, once:
 * a request that was answered so has done nothing.
 */
export function authorizing(send: Send, origin: string, { headers, tokens }: Credentials): Send {
  const sendWith = (request: Request, own: Readonly<Record<string, string>>, ...rest: RestOf<Send>) =>
    send({ ...request, headers: { ...request.headers, ...own } }, ...rest);
  const sendWithToken = async (from: Tokens, request: Request, ...rest: RestOf<Send>) => {
    const token = await from.get(rest[0]);
    const answer = await sendWith(request, bearer(token), ...rest);
    if (answer.status !== 401) return answer;
    from.refused(token);
    return sendWith(request, bearer(await from.get(rest[0])), ...rest);
  };
  if (!tokens && Object.keys(headers).length === 0) return send;
  return (request, signal, bytesMaxOf) => {
    if (request.isAnonymous || request.url.origin !== origin) return send(request, signal, bytesMaxOf);
    return tokens ? sendWithToken(tokens, request, signal, bytesMaxOf) : sendWith(request, headers, signal, bytesMaxOf);
  };
}

/**
 * Follows the redirects that begin with `first`, at most `redirectsMax` one after the other, to the answer that is not to be followed. `rest` is
 * what `send` takes behind a request.
 */
export async function follow(
  send: Send,
  redirectsMax: number,
  from: Request,
  first: Request,
  ...rest: RestOf<Send>
): Promise<Answer> {
  let now = first;
  for (let count = 1; count <= redirectsMax; count++) {
    const answer = await send(now, ...rest);
    const next = redirected(now, answer);
    if (!next) return answer;
    now = next;
  }
  throw new Rejected(`${addressOf(from.url)} was redirected more than ${redirectsMax} times.`);
}

type RestOf<F extends Send> = Parameters<F> extends [unknown, ...infer Rest] ? Rest : never;

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

/**
 * The request that a redirect asks for (RFC 9110, section 15.4); undefined where it is not to be followed. It is where that is safe: any for
 * methods that only read; 307 and 308, which say that nothing was done yet, within the same origin for the others.
 */
export function redirected(request: Request, { status, headers }: Answer): Request | undefined {
  const { location } = headers;
  if (!redirects.includes(status) || location === undefined) return undefined;
  const url = URL.parse(location, hrefOf(request.url));
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  const isOwn = url.origin === request.url.origin;
  const isDowngrade = request.url.origin.startsWith('https:') && url.protocol === 'http:';
  if (isDowngrade || (!isReading(request.method) && (!isOwn || status < 307))) return undefined;
  url.hash = '';
  if (isOwn) return { ...request, url };
  const shown = Object.entries(request.headers).filter(([name]) => headersForOthers.has(name));
  // What was to be read goes on being read; a body that came along was meant for the system only.
  return { method: request.method, url, headers: Object.fromEntries(shown), isAnonymous: true };
}
