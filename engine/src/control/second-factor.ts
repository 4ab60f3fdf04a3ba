// The second factor in the API: people set up their own; an administrator takes one away that was lost.

import { Type } from './schema.ts';
import type { ControlHost } from './host.ts';
import { may, own, wholeEngine } from './objects.ts';
import { done, Done, Name, NoBody, Totp } from './people-views.ts';
import type { ControlServer } from './server.ts';

const Begun = Type.Object({
  secret: Type.String({ description: 'To be typed into an authenticator program.' }),
  uri: Type.String({ description: 'The same, to be shown as a QR code.' }),
});

export function secondFactorRoutes(server: ControlServer, { access, clock, project }: ControlHost): void {
  const { secondFactor } = access;
  server.post(
    '/api/v1/second-factor',
    {
      config: own,
      schema: {
        operationId: 'beginSecondFactor',
        tags: ['accounts'],
        summary: 'Gives a secret for an authenticator program; it counts once it is confirmed.',
        body: NoBody,
        response: { 200: Begun },
      },
    },
    async ({ asker: { principal } }) =>
      secondFactor.begin(access.users.get(principal.name).name, `Mortise ${project().settings.name}`),
  );
  server.post(
    '/api/v1/second-factor/confirm',
    {
      config: own,
      schema: {
        operationId: 'confirmSecondFactor',
        tags: ['accounts'],
        summary: 'Shows by a code that the program has the secret: from now on a login needs one.',
        body: Type.Object({ totp: Totp }, { additionalProperties: false }),
        response: { 200: Done },
      },
    },
    async ({ body: { totp }, asker: { principal } }) => {
      secondFactor.confirm(principal.name, totp, clock.nowMs());
      return done;
    },
  );
  server.delete(
    '/api/v1/users/:name/second-factor',
    {
      config: may('administer', wholeEngine),
      schema: {
        operationId: 'removeSecondFactor',
        tags: ['users'],
        summary: 'Takes the second factor of a user away, as when the device was lost.',
        params: Type.Object({ name: Name }),
        response: { 200: Done },
      },
    },
    async ({ params: { name } }) => {
      secondFactor.remove(access.users.get(name).name);
      return done;
    },
  );
}
