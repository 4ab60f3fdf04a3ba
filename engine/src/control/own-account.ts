// What people do about themselves: who they are to the engine, their sessions, their password.

import { Type } from './schema.ts';
import { accessError } from '../access/errors.ts';
import { ageMsMax } from '../access/sessions.ts';
import type { ControlHost } from './host.ts';
import { placeOf } from './login.ts';
import { own } from './objects.ts';
import { done, Done, Password, Totp, sessionView, SessionView, whoView, WhoView } from './people-views.ts';
import type { ControlServer } from './server.ts';
import type { SessionCookie } from './session-cookie.ts';

const api = '/api/v1';
const tags = ['accounts'];

export function ownAccountRoutes(server: ControlServer, { access, clock }: ControlHost, cookie: SessionCookie): void {
  server.get(
    `${api}/session`,
    {
      config: own,
      schema: { operationId: 'getSession', tags, summary: 'Who asks, and what they may.', response: { 200: WhoView } },
    },
    async ({ asker: { principal } }) => {
      const user = access.users.find(principal.name);
      const { hasPassword, hasSecondFactor } = user ?? { hasPassword: false, hasSecondFactor: false };
      return { ...whoView(principal), ...(user ? { hasPassword, hasSecondFactor } : {}) };
    },
  );
  server.get(
    `${api}/sessions`,
    {
      config: own,
      schema: {
        operationId: 'listOwnSessions',
        tags,
        summary: "One's own sessions.",
        response: { 200: Type.Array(SessionView) },
      },
    },
    async ({ asker: { principal } }) =>
      access.sessions.list(clock.nowMs(), principal.name).map((session) => sessionView(session, principal.id)),
  );
  server.delete(
    `${api}/sessions/:id`,
    {
      config: own,
      schema: {
        operationId: 'endOwnSession',
        tags,
        summary: "Ends one of one's own sessions.",
        params: Type.Object({ id: Type.String() }),
        response: { 200: Done },
      },
    },
    async ({ params: { id }, asker: { principal } }) => {
      const isOwn = access.sessions.list(clock.nowMs(), principal.name).some((session) => session.id === id);
      if (!isOwn) throw accessError('MORTISE_ACCESS_UNKNOWN', `There is no session "${id}" of yours.`);
      access.sessions.end(id);
      return done;
    },
  );
  server.post(
    `${api}/password`,
    {
      config: own,
      schema: {
        operationId: 'changeOwnPassword',
        tags,
        summary: "Changes one's own password, and ends all other sessions of one's own.",
        body: Type.Object({ current: Password, next: Password, totp: Type.Optional(Totp) }, { additionalProperties: false }),
        response: { 200: Done },
      },
    },
    async (request, reply) => {
      const { current, next, totp } = request.body;
      const { name } = request.asker.principal;
      const opened = await access.logIn(name, current, placeOf(request), totp);
      await access.users.change(name, { password: next });
      access.sessions.endAllOf(name, opened.principal.id);
      reply.header('set-cookie', cookie.set(opened.secret, ageMsMax / 1000));
      return done;
    },
  );
}
