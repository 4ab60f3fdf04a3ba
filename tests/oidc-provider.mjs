// A provider of OpenID Connect for tests: `node oidc-provider.mjs PORT REDIRECT`. Whoever logs in is who they say; `op…` is in a group.

import { Provider } from 'oidc-provider';

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'mortise',
      client_secret: 'a-secret-of-the-client',
      redirect_uris: [redirect],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
  conformIdTokenClaims: false,
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, groups: id.startsWith('op') ? ['integration-team'] : ['others'] }),
  }),
  cookies: { keys: ['a key of the tests'] },
  pkce: { required: () => true },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
