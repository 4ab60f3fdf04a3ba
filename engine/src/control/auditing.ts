// Writes the audit for the API: what changes something, and what shows or exports bodies, is in it before it is done.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditFacts, AuditOutcome } from '../access/audit.ts';
import { readingMethods } from './guard.ts';
import type { ControlHost } from './host.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the audit says of a change besides. Set by the route. */
    told: (Pick<AuditOutcome, 'before' | 'after'> & { readonly who?: string }) | undefined;
    begun: { readonly id: number; readonly facts: AuditFacts } | undefined;
  }
  interface FastifyContextConfig {
    /** Of a route that only reads: whether that is told. Bodies always are. */
    audited?: boolean;
  }
}

/**
 * Of bodies and queries these are told. Everything else is not: passwords, codes, bodies of messages, and business keys and
 * subjects, by which a person may be meant, have no place in what is never erased.
 */
const toldNames = new Set(
  (
    'name flow channel destination target kind level reason stop drain inDoubt limit file label days grants disabled state since until' +
    ' day system uses action limit preview undelivered revision outbounds'
  ).split(' '),
);

export interface Auditing {
  preHandler(request: FastifyRequest): Promise<void>;
  onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>;
}

export function auditing({ access }: ControlHost): Auditing {
  return {
    async preHandler(request) {
      if (!isAudited(request) || isOpen(request)) return;
      const facts = factsOf(request);
      request.begun = { id: access.audit.begin(facts), facts };
    },
    async onSend(request, reply, payload) {
      const { begun } = request;
      const { who, ...told } = request.told ?? {};
      const outcome = { ...outcomeOf(reply, payload), ...told };
      if (begun) access.audit.end(begun.id, begun.facts, outcome);
      else if (isToldBehind(request, reply, outcome)) access.audit.add({ ...factsOf(request), ...(who ? { who } : {}) }, outcome);
      request.begun = undefined;
      return payload;
    },
  };
}

function isAudited({ method, routeOptions: { config } }: FastifyRequest): boolean {
  return config.audited ?? (!readingMethods.has(method) || config.access?.needs === 'see-bodies');
}

function isOpen({ routeOptions: { config } }: FastifyRequest): boolean {
  return config.access?.needs === 'open';
}

/** Logins, and refusals to whoever is known. Not what a stranger is refused otherwise: of that there could be no end. */
function isToldBehind(request: FastifyRequest, { statusCode }: FastifyReply, { result }: AuditOutcome): boolean {
  if (isOpen(request)) return isAudited(request) && statusCode !== 429 && statusCode !== 400;
  return result === 'refused' && statusCode === 403 && isKnown(request);
}

/** A request that the guard refused was never asked who it is of. */
function isKnown(request: FastifyRequest): boolean {
  return Object.hasOwn(request, 'asker') && request.asker.isKnown;
}

function factsOf(request: FastifyRequest): AuditFacts {
  const { asker, ip, routeOptions, params, query, body } = request;
  const { kind, name, id } = asker.isKnown ? asker.principal : {};
  const given = { ...(query as object | undefined), ...(body as object | undefined) };
  const told = Object.entries(given).filter(([field]) => toldNames.has(field));
  const about = { ...Object.fromEntries(told), ...(params as object | undefined) };
  const { operationId = '' } = routeOptions.schema ?? {};
  return {
    who: name ?? '-',
    ...(kind === undefined ? {} : { by: id === undefined ? kind : `${kind} ${id}` }),
    from: ip,
    action: operationId,
    ...(Object.keys(about).length === 0 ? {} : { about }),
  };
}

function outcomeOf({ statusCode }: FastifyReply, payload: unknown): AuditOutcome {
  if (statusCode < 400) return { result: 'done' };
  const code = typeof payload === 'string' ? /"code":"(MORTISE_\w+)"/.exec(payload)?.[1] : undefined;
  const result = statusCode === 401 || statusCode === 403 || statusCode === 429 ? 'refused' : 'failed';
  return { result, ...(code === undefined ? {} : { code }) };
}
