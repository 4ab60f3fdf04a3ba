// What administrators do about users: their grants, passwords, sessions and tokens.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from './schema.ts';
import { accessError } from '../access/errors.ts';
import type { User } from '../access/users.ts';
import { tag } from './etag.ts';
import type { ControlHost } from './host.ts';
import { may, wholeEngine } from './objects.ts';
import { done, Done, GrantView, Name, Password, sessionView, SessionView, tokenView, TokenView } from './people-views.ts';
import { userView, UserView } from './people-views.ts';
import type { ControlServer } from './server.ts';

const api = '/api/v1';
const tags = ['users'];
const config = may('administer', wholeEngine);
const InPath = Type.Object({ name: Name });
const Grants = Type.Array(GrantView, { maxItems: 100 });
const NewUser = Type.Object(
  { name: Name, password: Type.Optional(Password), grants: Grants, disabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
const UserChange = Type.Partial(Type.Omit(NewUser, ['name']), { additionalProperties: false });

export function userRoutes(server: ControlServer, host: ControlHost): void {
  readingRoutes(server, host);
  changingRoutes(server, host);
  credentialRoutes(server, host);
}

function readingRoutes(server: ControlServer, { access }: ControlHost): void {
  server.get(
    `${api}/users`,
    { config, schema: { operationId: 'listUsers', tags, summary: 'All users.', response: { 200: Type.Array(UserView) } } },
    async () => access.users.list().map(userView),
  );
  server.get(
    `${api}/users/:name`,
    { config, schema: { operationId: 'getUser', tags, summary: 'One user.', params: InPath, response: { 200: UserView } } },
    async ({ params: { name } }, reply) => tagged(reply, access.users.get(name)),
  );
}

function changingRoutes(server: ControlServer, { access, clock }: ControlHost): void {
  server.post(
    `${api}/users`,
    {
      config,
      schema: { operationId: 'addUser', tags, summary: 'Adds a user.', body: NewUser, response: { 200: UserView } },
    },
    async (request, reply) => {
      const { name, ...user } = request.body;
      const added = tagged(reply, await access.users.add(name, user, clock.nowMs()));
      request.told = { after: added };
      return added;
    },
  );
  server.patch(
    `${api}/users/:name`,
    {
      config,
      schema: {
        operationId: 'changeUser',
        tags,
        summary: 'Changes what is named, at once; a new password, or being disabled, ends all sessions of the user.',
        params: InPath,
        body: UserChange,
        response: { 200: UserView },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const before = userView(access.users.get(params.name));
      const user = await access.users.change(params.name, body, versionIn(request));
      if (body.password !== undefined || body.disabled) access.sessions.endAllOf(params.name);
      request.told = { before, after: userView(user) };
      return tagged(reply, user);
    },
  );
  server.delete(
    `${api}/users/:name`,
    {
      config,
      schema: {
        operationId: 'removeUser',
        tags,
        summary: 'Removes a user with all sessions and tokens.',
        params: InPath,
        response: { 200: Done },
      },
    },
    async (request) => {
      const user = access.users.remove(request.params.name, versionIn(request));
      const { name } = user;
      request.told = { before: userView(user) };
      access.sessions.endAllOf(name);
      access.tokens.removeAllOf(name);
      access.invitations.revoke(name);
      return done;
    },
  );
}

function credentialRoutes(server: ControlServer, { access, clock }: ControlHost): void {
  server.get(
    `${api}/users/:name/sessions`,
    {
      config,
      schema: {
        operationId: 'listSessions',
        tags,
        summary: 'The sessions of a user.',
        params: InPath,
        response: { 200: Type.Array(SessionView) },
      },
    },
    async ({ params: { name }, asker: { principal } }) =>
      access.sessions.list(clock.nowMs(), name).map((session) => sessionView(session, principal.id)),
  );
  server.post(
    `${api}/users/:name/sessions/end`,
    {
      config,
      schema: {
        operationId: 'endSessions',
        tags,
        summary: 'Ends all sessions of a user.',
        params: InPath,
        response: { 200: Done },
      },
    },
    async ({ params: { name } }) => {
      access.sessions.endAllOf(name);
      return done;
    },
  );
  server.get(
    `${api}/users/:name/tokens`,
    {
      config,
      schema: {
        operationId: 'listTokens',
        tags,
        summary: 'The tokens of a user.',
        params: InPath,
        response: { 200: Type.Array(TokenView) },
      },
    },
    async ({ params: { name } }) => access.tokens.list(name).map(tokenView),
  );
  server.delete(
    `${api}/users/:name/tokens/:id`,
    {
      config,
      schema: {
        operationId: 'removeToken',
        tags,
        summary: 'Makes a token of a user void.',
        params: Type.Object({ name: Name, id: Type.String() }),
        response: { 200: Done },
      },
    },
    async ({ params: { name, id } }) => {
      if (access.tokens.find(id)?.user !== name)
        throw accessError('MORTISE_ACCESS_UNKNOWN', `User "${name}" has no token "${id}".`);
      access.tokens.remove(id);
      return done;
    },
  );
}

/** The answer with its ETag (RFC 9110, section 8.8.3). */
function tagged(reply: FastifyReply, user: User): UserView {
  tag(reply, user.version);
  return userView(user);
}

/** Of If-Match (RFC 9110, section 13.1.1); one that is none of ours matches nothing. */
function versionIn({ headers }: Pick<FastifyRequest, 'headers'>): number | undefined {
  const tag = headers['if-match'];
  if (tag === undefined || tag.trim() === '*') return undefined;
  return Number(/^\s*"(\d{1,15})"\s*$/.exec(tag)?.[1] ?? -1);
}
