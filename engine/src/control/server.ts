// The HTTP server of the API: what all its routes have in common.

import type { IncomingMessage, ServerResponse } from 'node:http';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Logger } from '@mortise/sdk';
import { fastify } from 'fastify';
import type { FastifyBaseLogger, FastifyContextConfig, FastifyInstance, FastifySchema, RawServerDefault } from 'fastify';
import type { Auditing } from './auditing.ts';
import { requireRule } from './authentication.ts';
import type { Authentication } from './authentication.ts';
import { compilersOnDemand } from './compilers.ts';
import { controlError } from './errors.ts';
import { answerHeaders, guard } from './guard.ts';
import { cutPage, takePages } from './paging.ts';
import { errorHandler, noRoute, Problem } from './problem.ts';
import type { Tls } from './tls.ts';
import { version } from './version.ts';

export type ControlServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** A message that is sent by the API is held in memory several times over while it is read. */
const bodyBytesMax = 32 * 1024 * 1024;
/** A request that takes longer to come in is an attack, or a line that is dead. */
const requestTimeoutMs = 60_000;

export async function makeServer(
  log: Logger,
  { onRequest, preHandler, fourEyes }: Authentication,
  audit: Auditing,
  tls?: Tls,
): Promise<ControlServer> {
  const server = fastify({
    ...(tls ? { https: { ...tls.context, minVersion: 'TLSv1.2' } } : {}),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: true,
    schemaController: compilersOnDemand,
    // Before a route is found no hook runs.
    frameworkErrors: (error, request, reply) => {
      reply.headers(answerHeaders);
      errorHandler(log)(error, request, reply);
    },
    schemaErrorFormatter: (errors, part) =>
      controlError('MORTISE_CONTROL_REQUEST', sentenceOf(part, errors[0] as SchemaFault | undefined)),
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as ControlServer;
  server.setErrorHandler(errorHandler(log));
  server.setNotFoundHandler(noRoute);
  server.addHook('onRoute', requireRule);
  server.addHook('onRoute', takePages);
  server.addHook('preSerialization', cutPage);
  server.addHook('onRequest', guard(tls));
  server.addHook('onRequest', onRequest);
  server.addHook('preHandler', preHandler);
  server.addHook('preHandler', fourEyes);
  server.addHook('preHandler', audit.preHandler);
  server.addHook('onSend', audit.onSend);
  takeJsonOnly(server);
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Mortise', version, description: 'The control API of an engine.' },
      components: { securitySchemes },
      security: [{ bearer: [] }, { session: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: { ...withProblem(schema), ...needsOf(route.config) }, url }),
  });
  return server;
}

/** An empty body counts as one without properties, so that a request that says nothing more need not send any. */
function takeJsonOnly(server: ControlServer): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, {});
    else void parse(request, body as string, done);
  });
}

/** By what a request says who asks. The port of the listener is part of the cookie's name where it has no TLS. */
const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A token, or the key of the data folder.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-mortise-session',
    description: 'A login; changes need x-mortise-csrf too.',
  },
} as const;

/** What a route needs: for programs, and for whoever reads the reference. */
function needsOf(config: FastifyContextConfig | undefined): object {
  const needs = config?.access?.needs ?? 'open';
  return { 'x-needs': needs, ...(needs === 'open' ? { security: [] } : {}) };
}

/** Every route may answer with a problem. */
function withProblem(schema: FastifySchema | undefined): FastifySchema {
  const response = (schema?.response ?? {}) as object;
  const problem = {
    description: 'What went wrong, and what to do.',
    content: { 'application/problem+json': { schema: Problem } },
  };
  return { ...schema, response: { ...response, default: problem } };
}

interface SchemaFault {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

function sentenceOf(part: string, fault: SchemaFault | undefined): string {
  const place = `${part === 'querystring' ? 'query' : part}${fault?.instancePath.replaceAll('/', '.') ?? ''}`;
  const extra = [fault?.params?.['additionalProperty'] ?? fault?.params?.['allowedValues'] ?? []].flat().map(String);
  if (place === 'params.id')
    return 'The id in the path is no id of a message or a delivery: those look like 01a208b0-c91f-70e4-a590-03aab1d987d1.';
  return `${place} ${fault?.message ?? 'is not valid'}${extra.length === 0 ? '' : `: ${extra.join(', ')}`}.`;
}
