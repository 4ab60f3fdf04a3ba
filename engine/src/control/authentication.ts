// Who asks, and whether they may: run for every request, before anything else of it is done. The only place where that is decided.

import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { throttled } from '../access/access.ts';
import type { Access, Credentials } from '../access/access.ts';
import { accessError } from '../access/errors.ts';
import { covers, hasRight } from '../access/rights.ts';
import type { AccessObject, Principal, Right } from '../access/rights.ts';
import { Throttle } from '../access/throttle.ts';
import { requireSecondPerson } from './four-eyes.ts';
import { readingMethods } from './guard.ts';
import type { ControlHost } from './host.ts';
import { isLoopback } from './loopback.ts';

/** What a route needs. `open`: nothing; `own`: a login, since it is about oneself. */
export type RouteAccess =
  | { readonly needs: 'open' | 'own' }
  | { readonly needs: Right; of(request: FastifyRequest, host: ControlHost): ObjectsAsked };

/** Each must be covered; none: the right for anything at all is enough, and the answer holds only what is covered. */
export type ObjectsAsked = readonly AccessObject[] | Promise<readonly AccessObject[]>;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    asker: Asker;
  }
}

/** The header in which a page sends its token along with changes. */
const csrfHeader = 'x-mortise-csrf';
/** A page of the console asks some tens at once; a program that asks more is to wait. */
const requestThrottle = { burst: 1000, perSecond: 200 };
const strangerThrottle = { burst: 300, perSecond: 50 };

/** Who asks, for the route that was asked. */
export class Asker {
  private readonly access: Access;
  private readonly credentials: Credentials;
  private readonly needs: RouteAccess['needs'];
  private readonly found: Principal | undefined;

  constructor(access: Access, credentials: Credentials, needs: RouteAccess['needs']) {
    this.access = access;
    this.credentials = credentials;
    this.needs = needs;
    this.found = access.principalOf(credentials);
  }

  get isKnown(): boolean {
    return this.found !== undefined;
  }

  /** Throws MORTISE_ACCESS_LOGIN_NEEDED. */
  get principal(): Principal {
    if (this.found) return this.found;
    throw accessError('MORTISE_ACCESS_LOGIN_NEEDED', 'The request has no session, token or key that is good.');
  }

  /** Whether what the route needs was granted for this. */
  covers(object: AccessObject): boolean {
    return this.has(this.needs as Right, object);
  }

  has(right: Right, object: AccessObject): boolean {
    return this.found !== undefined && covers(this.found, right, object);
  }

  /** Where a route needs a second right. Throws MORTISE_ACCESS_REFUSED. */
  require(right: Right, object: AccessObject): void {
    if (!this.has(right, object)) throw refused(this.principal, right);
  }

  /** While an answer goes on: throws where the right was taken away since it began. */
  renew(): void {
    const { principal } = new Asker(this.access, this.credentials, this.needs);
    if (this.needs !== 'open' && this.needs !== 'own' && !hasRight(principal, this.needs)) throw refused(principal, this.needs);
  }
}

/** What lies outside of it are the files of the console. */
const isApi = (path: string): boolean => /^\/(api|metrics)(\/|\?|$)/.test(path);

/** A route without a rule is a mistake: it is not opened. */
export function requireRule({ url, method, config, path }: RouteOptions & { readonly path: string }): void {
  const isFile = !isApi(path) && [method].flat().every((one) => one === 'GET' || one === 'HEAD');
  if (!config?.access && !isFile) throw new Error(`${String(method)} ${url} does not say who may ask it.`);
}

export interface Authentication {
  /** Before anything of the request is read: who it is, and whether they may ask this at all. */
  onRequest(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** When it is known what it is about. */
  preHandler(request: FastifyRequest): Promise<void>;
  /** Behind that: whether a second person has to approve it. */
  fourEyes(request: FastifyRequest): Promise<void>;
}

export function authentication(host: ControlHost, cookieName: () => string): Authentication {
  const { access, clock } = host;
  const [known, strangers] = [new Throttle(requestThrottle), new Throttle(strangerThrottle)];
  const throttle = ({ asker, ip, is404, routeOptions: { url = '' } }: FastifyRequest): void => {
    if (!is404 && url.startsWith('/health/')) return;
    const { id, name } = asker.isKnown ? asker.principal : {};
    const waitMs = asker.isKnown ? known.take(id ?? name ?? '', clock.nowMs()) : strangers.take(ip, clock.nowMs());
    if (waitMs > 0) throw throttled('Too many requests.', waitMs);
  };
  return {
    async onRequest(request, reply) {
      const rule = request.routeOptions.config.access ?? { needs: request.is404 || isApi(request.url) ? 'own' : 'open' };
      request.asker = new Asker(access, credentialsOf(request, cookieName()), rule.needs);
      throttle(request);
      if (rule.needs === 'open') return;
      if (!request.asker.isKnown) reply.headers(challenge(request, access.keyPath));
      const { principal } = request.asker;
      refuseForged(request, principal);
      if (rule.needs !== 'own' && !hasRight(principal, rule.needs)) throw refused(principal, rule.needs);
    },
    fourEyes: (request) => requireSecondPerson(request, host),
    async preHandler(request) {
      const rule = request.routeOptions.config.access;
      if (!rule || !('of' in rule)) return;
      const objects = await rule.of(request, host);
      if (!objects.every((object) => request.asker.covers(object))) throw refused(request.asker.principal, rule.needs);
    },
  };
}

function credentialsOf({ headers: { authorization, cookie = '' } }: FastifyRequest, name: string): Credentials {
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return { bearer };
  const pair = cookie
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return pair === undefined ? {} : { session: pair.slice(name.length + 1) };
}

/** A cookie goes along with whatever asks; the token is known to our own pages only. */
function refuseForged({ method, headers }: FastifyRequest, { csrf }: Principal): void {
  if (csrf === undefined || readingMethods.has(method) || headers[csrfHeader] === csrf) return;
  throw accessError('MORTISE_ACCESS_CSRF', `The request has no header ${csrfHeader} with the token of its session.`);
}

/** RFC 9110, section 11.6.1. Only what is on this machine is told where the key file is, and only the file's owner can read it. */
function challenge({ ip, headers }: FastifyRequest, keyPath: string | undefined): Record<string, string> {
  const isHere = isLoopback(ip) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined;
  const file = isHere && keyPath !== undefined ? `, key-file="${encodeURI(keyPath)}"` : '';
  return { 'www-authenticate': `Bearer realm="mortise"${file}` };
}

function refused({ name, grants, scope }: Principal, right: Right): Error {
  const who = scope && grants.length > 0 ? `The token of "${name}"` : `"${name}"`;
  return accessError('MORTISE_ACCESS_REFUSED', `${who} has no right to ${right} here.`, { details: { right } });
}
