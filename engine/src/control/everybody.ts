// What there is of all people at once: what roles may do, and whose sessions and tokens are good just now.

import { Type } from './schema.ts';
import { accessError } from '../access/errors.ts';
import { rights, rightsOf, roles } from '../access/rights.ts';
import type { ControlHost } from './host.ts';
import { may, own, wholeEngine } from './objects.ts';
import { done, Done, Name, sessionView, SessionView, tokenView, TokenView } from './people-views.ts';
import type { ControlServer } from './server.ts';

const tags = ['users'];
const config = may('administer', wholeEngine);

const RoleView = Type.Object({
  role: Type.Enum([...roles]),
  rights: Type.Array(Type.Enum([...rights]), {
    description: 'Of each operation, x-needs of its description says which it takes.',
  }),
});

export function everybodyRoutes(server: ControlServer, { access, clock }: ControlHost): void {
  server.get(
    '/api/v1/roles',
    {
      config: own,
      schema: {
        operationId: 'listRoles',
        tags: ['accounts'],
        summary: 'What each role may do.',
        response: { 200: Type.Array(RoleView) },
      },
    },
    async () => roles.map((role) => ({ role, rights: [...rightsOf[role]] })),
  );
  server.get(
    '/api/v1/sessions/all',
    {
      config,
      schema: {
        operationId: 'listAllSessions',
        tags,
        summary: 'The sessions of all users.',
        response: { 200: Type.Array(SessionView) },
      },
    },
    async ({ asker: { principal } }) => access.sessions.list(clock.nowMs()).map((session) => sessionView(session, principal.id)),
  );
  server.delete(
    '/api/v1/users/:name/sessions/:id',
    {
      config,
      schema: {
        operationId: 'endSession',
        tags,
        summary: 'Ends one session of a user.',
        params: Type.Object({ name: Name, id: Type.String() }),
        response: { 200: Done },
      },
    },
    async ({ params: { name, id } }) => {
      if (!access.sessions.list(clock.nowMs(), name).some((session) => session.id === id))
        throw accessError('MORTISE_ACCESS_UNKNOWN', `User "${name}" has no session "${id}".`);
      access.sessions.end(id);
      return done;
    },
  );
  server.get(
    '/api/v1/tokens/all',
    {
      config,
      schema: {
        operationId: 'listAllTokens',
        tags,
        summary: 'The tokens of all users; those that have ended are among them.',
        response: { 200: Type.Array(TokenView) },
      },
    },
    async () => access.tokens.list().map(tokenView),
  );
}
