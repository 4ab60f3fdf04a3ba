// Single sign-on in the API: a browser is sent to the provider, comes back, and has a session.

import type { FastifyRequest } from 'fastify';
import { Type } from './schema.ts';
import { accessError } from '../access/errors.ts';
import { ageMsMax } from '../access/sessions.ts';
import type { ControlHost } from './host.ts';
import { placeOf } from './login.ts';
import { open } from './objects.ts';
import type { ControlServer } from './server.ts';
import type { SessionCookie } from './session-cookie.ts';
import { SingleSignOn } from './single-sign-on.ts';

const Ways = Type.Object({
  password: Type.Literal(true),
  signOn: Type.Boolean({ description: 'Whether a browser may go to /api/v1/sign-on.' }),
  setup: Type.Boolean({ description: 'There is no user yet: the link of the first start makes one.' }),
});

const Redirect = { description: 'To where the browser goes on.', type: 'null' } as const;
const tags = ['accounts'];

export function signOnRoutes(server: ControlServer, host: ControlHost, cookie: SessionCookie): void {
  const { access, clock } = host;
  const signOn = new SingleSignOn(clock);
  const settings = () => {
    const found = host.singleSignOn?.();
    if (!found) throw accessError('MORTISE_ACCESS_SIGN_ON', 'This project has no single sign-on.');
    return found;
  };
  server.get(
    '/api/v1/login',
    {
      config: open,
      schema: { operationId: 'getLogin', tags, summary: 'In which ways one may log in.', response: { 200: Ways } },
    },
    async () => ({ password: true as const, signOn: host.singleSignOn?.() !== undefined, setup: access.users.count() === 0 }),
  );
  server.get(
    '/api/v1/sign-on',
    {
      config: open,
      schema: { operationId: 'signOn', tags, summary: 'Sends a browser to the provider.', response: { 302: Redirect } },
    },
    async (request, reply) => {
      const origin = `${cookie.isSecure ? 'https://' : 'http://'}${request.headers.host}`;
      const { url, state } = await signOn.begin(settings(), `${origin}/api/v1/sign-on/back`);
      return reply.header('set-cookie', cookie.setState(state)).redirect(url);
    },
  );
  server.get(
    '/api/v1/sign-on/back',
    {
      config: { ...open, audited: true },
      schema: { operationId: 'endSignOn', tags, summary: 'Takes it back with a session.', response: { 302: Redirect } },
    },
    async (request, reply) => {
      const query = request.url.split('?')[1] ?? '';
      const { subject, name, grants } = await signOn.end(settings(), stateOf(request, cookie), query);
      const { secret, principal } = access.signOn(subject, name, grants, placeOf(request));
      request.told = { who: principal.name, after: { grants } };
      return reply.header('set-cookie', [cookie.set(secret, ageMsMax / 1000), cookie.setState('')]).redirect('/');
    },
  );
}

function stateOf({ headers }: FastifyRequest, cookie: SessionCookie): string {
  const pairs = (headers.cookie ?? '').split(';').map((part) => part.trim().split('='));
  return pairs.find(([name]) => name === cookie.stateName)?.[1] ?? '';
}
