// Invitations in the API: an administrator makes a link for a user, who sets a password by it and is logged in.

import { Type } from './schema.ts';
import { ageMsMax } from '../access/sessions.ts';
import type { ControlHost } from './host.ts';
import { Code, placeOf } from './login.ts';
import { may, open, wholeEngine } from './objects.ts';
import { Name, NoBody, Password, Totp, whoView, WhoView } from './people-views.ts';
import type { ControlServer } from './server.ts';
import type { SessionCookie } from './session-cookie.ts';
import { isoTime } from '../store/iso-time.ts';

const tags = ['users'];

export function invitationRoutes(server: ControlServer, { access, clock }: ControlHost, cookie: SessionCookie): void {
  server.post(
    '/api/v1/users/:name/invitation',
    {
      config: may('administer', wholeEngine),
      schema: {
        operationId: 'inviteUser',
        tags,
        summary: 'Makes a one-time link by which the user sets a password; an earlier one is void.',
        params: Type.Object({ name: Name }),
        body: NoBody,
        response: {
          200: Type.Object({
            code: Type.String({ description: 'The link is the address of the console with "/#invitation=" and this.' }),
            endsAt: Type.String({ format: 'date-time' }),
          }),
        },
      },
    },
    async ({ params }) => {
      const { code, endsAtMs } = access.invitations.make(access.users.get(params.name).name, clock.nowMs());
      return { code, endsAt: isoTime(endsAtMs) };
    },
  );
  server.post(
    '/api/v1/invitation',
    {
      config: open,
      schema: {
        operationId: 'acceptInvitation',
        tags: ['accounts'],
        summary: 'Sets the password of whoever was invited, ends the sessions that there were, and opens one.',
        body: Type.Object({ code: Code, password: Password, totp: Type.Optional(Totp) }, { additionalProperties: false }),
        response: { 200: WhoView },
      },
    },
    async (request, reply) => {
      const { code, password, totp } = request.body;
      const { secret, principal } = await access.acceptInvitation(code, password, placeOf(request), totp);
      request.told = { who: principal.name };
      reply.header('set-cookie', cookie.set(secret, ageMsMax / 1000));
      return whoView(principal);
    },
  );
}
