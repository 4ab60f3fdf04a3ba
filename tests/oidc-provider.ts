// Starts the provider of OpenID Connect that tests sign on at, and says what an engine's settings have to name.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from './engine-process.ts';
import type { Ports } from './engine-process.ts';

export interface OidcProvider {
  readonly issuer: string;
  /** `access.singleSignOn` of mortise.yaml: whoever begins with `op` is in the group that operates. */
  readonly settings: string;
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

export async function startProvider({ control }: Ports): Promise<OidcProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const redirect = `http://127.0.0.1:${control}/api/v1/sign-on/back`;
  const provider = spawn(process.execPath, [join(import.meta.dirname, 'oidc-provider.mjs'), String(port), redirect]);
  await new Promise<void>((resolve) => provider.stdout.on('data', (chunk: Buffer) => chunk.includes('ready') && resolve()));
  return {
    issuer,
    settings: `{ issuer: "${issuer}", clientId: mortise, clientSecret: env:CLIENT_SECRET, roles: { operator: [integration-team] } }`,
    environment: { CLIENT_SECRET: 'a-secret-of-the-client' },
    stop: () => void provider.kill(),
  };
}
