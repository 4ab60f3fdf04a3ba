// Secrets in the API: set, listed by name, taken away, their keys rotated. Their text goes in, and never comes out.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { SecretFacts } from '../access/vault.ts';
import { requireMatch, tag } from './etag.ts';
import type { ControlHost } from './host.ts';
import { may, wholeEngine } from './objects.ts';
import { done, Done } from './people-views.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from '../store/iso-time.ts';

const Name = Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$', description: 'As in secret:NAME.' });

export const SecretView = Type.Object({
  name: Name,
  version: Type.Integer({ description: 'Counts the changes: the ETag, which a change takes in If-Match.' }),
  changedAt: Type.String({ format: 'date-time' }),
});
export type SecretView = Static<typeof SecretView>;

const InPath = Type.Object({ name: Name });
const tags = ['secrets'];
const config = may('administer', wholeEngine);

export function secretRoutes(server: ControlServer, { access: { vault }, clock }: ControlHost): void {
  const versionOf = (name: string): number | undefined => vault.list().find((secret) => secret.name === name)?.version;
  server.get(
    '/api/v1/secrets',
    {
      config,
      schema: {
        operationId: 'listSecrets',
        tags,
        summary: 'The names of stored secrets.',
        response: { 200: Type.Array(SecretView) },
      },
    },
    async () => vault.list().map(secretView),
  );
  server.put(
    '/api/v1/secrets/:name',
    {
      config,
      schema: {
        operationId: 'setSecret',
        tags,
        summary: 'Stores a secret, encrypted. Connections take it when they are opened next.',
        params: InPath,
        body: Type.Object({ value: Type.String({ minLength: 1, maxLength: 65_536 }) }, { additionalProperties: false }),
        response: { 200: SecretView },
      },
    },
    async (request, reply) => {
      requireMatch(request, `Secret ${request.params.name}`, versionOf(request.params.name));
      const view = secretView(vault.set(request.params.name, request.body.value, clock.nowMs()));
      request.told = { after: view };
      tag(reply, view.version);
      return view;
    },
  );
  server.delete(
    '/api/v1/secrets/:name',
    {
      config,
      schema: { operationId: 'removeSecret', tags, summary: 'Forgets a secret.', params: InPath, response: { 200: Done } },
    },
    async (request) => {
      const { name } = request.params;
      requireMatch(request, `Secret ${name}`, versionOf(name));
      vault.remove(name);
      return done;
    },
  );
  server.post(
    '/api/v1/secrets/rotate',
    {
      config,
      schema: {
        operationId: 'rotateSecretKeys',
        tags,
        summary: 'Encrypts all secrets under a new data key, or seals the data key under the key that is there now.',
        body: Type.Object({ what: Type.Enum(['data-key', 'wrapping-key']) }, { additionalProperties: false }),
        response: { 200: Done },
      },
    },
    async (request) => {
      const { what } = request.body;
      request.told = { after: { what } };
      if (what === 'data-key') vault.rotateDataKey(clock.nowMs());
      else vault.rotateWrappingKey();
      return done;
    },
  );
}

function secretView({ name, version, changedAtMs }: SecretFacts): SecretView {
  return { name, version, changedAt: isoTime(changedAtMs) };
}
