// Logging in, by password or by the one-time code of a link, making the first administrator, and logging out.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from './schema.ts';
import type { LoginPlace, OpenedSession } from '../access/access.ts';
import { accessError } from '../access/errors.ts';
import { ageMsMax } from '../access/sessions.ts';
import type { ControlHost } from './host.ts';
import { own, open } from './objects.ts';
import { done, Done, Name, NoBody, Password, Totp, whoView, WhoView } from './people-views.ts';
import type { ControlServer } from './server.ts';
import type { SessionCookie } from './session-cookie.ts';

const api = '/api/v1';
const tags = ['accounts'];
export const Code = Type.String({ maxLength: 100, description: 'What stands behind "=" in the link.' });

export function loginRoutes(server: ControlServer, { access }: ControlHost, cookie: SessionCookie): void {
  const enter = (request: FastifyRequest, reply: FastifyReply, { secret, principal }: OpenedSession): WhoView => {
    request.told = { who: principal.name };
    reply.header('set-cookie', cookie.set(secret, ageMsMax / 1000));
    return whoView(principal);
  };
  logoutRoutes(server, access, cookie);
  server.post(
    `${api}/login`,
    {
      config: open,
      schema: {
        operationId: 'logIn',
        tags,
        summary: 'Opens a session, by name and password, or by the one-time code of a link.',
        body: Type.Union([
          Type.Object({ name: Name, password: Password, totp: Type.Optional(Totp) }, { additionalProperties: false }),
          Type.Object({ code: Code }, { additionalProperties: false }),
        ]),
        response: { 200: WhoView },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const place = placeOf(request);
      return enter(
        request,
        reply,
        'code' in body ? access.logInByCode(body.code, place) : await access.logIn(body.name, body.password, place, body.totp),
      );
    },
  );
  server.post(
    `${api}/setup`,
    {
      config: open,
      schema: {
        operationId: 'setUp',
        tags,
        summary: 'Makes the first administrator, by the one-time code that the first start printed, and opens a session.',
        body: Type.Object({ code: Code, name: Name, password: Password }, { additionalProperties: false }),
        response: { 200: WhoView },
      },
    },
    async (request, reply) => {
      const { code, name, password } = request.body;
      return enter(request, reply, await access.setUp(code, name, password, placeOf(request)));
    },
  );
}

function logoutRoutes(server: ControlServer, access: ControlHost['access'], cookie: SessionCookie): void {
  server.post(
    `${api}/logout`,
    { config: own, schema: { operationId: 'logOut', tags, summary: 'Ends the session.', body: NoBody, response: { 200: Done } } },
    async ({ asker: { principal } }, reply) => {
      if (principal.kind === 'session') access.sessions.end(principal.id ?? '');
      reply.header('set-cookie', cookie.set('', 0));
      return done;
    },
  );
  server.post(
    `${api}/login-links`,
    {
      config: own,
      schema: {
        operationId: 'makeLoginLink',
        tags,
        summary: 'Makes a one-time code that logs a browser in; only for whoever has the key file.',
        body: NoBody,
        response: { 200: Type.Object({ code: Type.String() }) },
      },
    },
    async ({ asker: { principal } }) => {
      if (principal.kind !== 'key') throw accessError('MORTISE_ACCESS_REFUSED', 'Only the key file makes links that log in.');
      return { code: access.loginCode() };
    },
  );
}

export function placeOf({ ip, headers }: FastifyRequest): LoginPlace {
  return { address: ip, browser: headers['user-agent'] ?? '' };
}
