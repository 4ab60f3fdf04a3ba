// Tokens that people make for their programs.

import { Type } from './schema.ts';
import { accessError } from '../access/errors.ts';
import type { ControlHost } from './host.ts';
import { own } from './objects.ts';
import { done, Done, GrantView, tokenView, TokenView } from './people-views.ts';
import type { ControlServer } from './server.ts';

const api = '/api/v1';
const tags = ['accounts'];
const daysMax = 366;
const dayMs = 86_400_000;

export function ownTokenRoutes(server: ControlServer, { access, clock }: ControlHost): void {
  server.get(
    `${api}/tokens`,
    {
      config: own,
      schema: { operationId: 'listOwnTokens', tags, summary: "One's own tokens.", response: { 200: Type.Array(TokenView) } },
    },
    async ({ asker: { principal } }) => access.tokens.list(principal.name).map(tokenView),
  );
  server.post(
    `${api}/tokens`,
    {
      config: own,
      schema: {
        operationId: 'makeToken',
        tags,
        summary: 'Makes a token: its text is in this answer only. It may never do more than oneself.',
        body: Type.Object(
          {
            label: Type.String({ minLength: 1, maxLength: 100, description: 'What it is for.' }),
            grants: Type.Optional(Type.Array(GrantView, { maxItems: 100, description: 'Absent: all that oneself may.' })),
            days: Type.Integer({ minimum: 1, maximum: daysMax, default: 90, description: 'So long it is good.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ text: Type.String(), token: TokenView }) },
      },
    },
    async (request) => {
      const { body, asker } = request;
      const { label, grants, days } = body;
      const { kind, name: user } = asker.principal;
      if (kind === 'token') throw accessError('MORTISE_ACCESS_REFUSED', 'A token makes no tokens: log in to make one.');
      const endsAtMs = clock.nowMs() + days * dayMs;
      const { text, token } = access.tokens.add({ user, label, endsAtMs, ...(grants ? { grants } : {}) }, clock.nowMs());
      request.told = { after: tokenView(token) };
      return { text, token: tokenView(token) };
    },
  );
  server.delete(
    `${api}/tokens/:id`,
    {
      config: own,
      schema: {
        operationId: 'removeOwnToken',
        tags,
        summary: "Makes one of one's own tokens void.",
        params: Type.Object({ id: Type.String() }),
        response: { 200: Done },
      },
    },
    async ({ params: { id }, asker: { principal } }) => {
      if (access.tokens.find(id)?.user !== principal.name)
        throw accessError('MORTISE_ACCESS_UNKNOWN', `There is no token "${id}" of yours.`);
      access.tokens.remove(id);
      return done;
    },
  );
}
