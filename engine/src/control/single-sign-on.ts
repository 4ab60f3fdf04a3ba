// Single sign-on by OpenID Connect (Core 1.0, authorization code with PKCE): who the provider says somebody is, and with which roles.

import type { Clock } from '@mortise/sdk';
import type { Configuration, IDToken } from 'openid-client';
import { accessError } from '../access/errors.ts';
import { newSecret } from '../access/random-secret.ts';
import { roles } from '../access/rights.ts';
import type { Grant } from '../access/rights.ts';
import { isLoopback } from './loopback.ts';

export interface SingleSignOnSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** The claim that names the user. */
  readonly nameClaim: string;
  /** The claim that names the user's groups. */
  readonly rolesClaim: string;
  /** By role, the values of that claim that grant it. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** Who somebody is, as the provider said. */
export interface SignedOn {
  /** Issuer and subject: never given to another person (OpenID Connect Core 1.0, section 2). */
  readonly subject: string;
  readonly name: string;
  readonly grants: readonly Grant[];
}

/** Begun, and not yet come back. */
interface Begun {
  readonly verifier: string;
  readonly nonce: string;
  readonly redirect: string;
  readonly untilMs: number;
}

const lastsMs = 10 * 60_000;
const begunMax = 1000;
const timeoutSeconds = 10;

export class SingleSignOn {
  private readonly clock: Pick<Clock, 'nowMs'>;
  private readonly begun = new Map<string, Begun>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.clock = clock;
  }

  /** Where the browser is sent, and the state that has to come back with the same browser. */
  async begin(settings: SingleSignOnSettings, redirect: string): Promise<{ readonly url: string; readonly state: string }> {
    const { randomPKCECodeVerifier, calculatePKCECodeChallenge, buildAuthorizationUrl } = await import('openid-client');
    const configuration = await discover(settings);
    const [state, nonce, verifier] = [newSecret(), newSecret(), randomPKCECodeVerifier()];
    this.remember(state, { verifier, nonce, redirect, untilMs: this.clock.nowMs() + lastsMs });
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: settings.scope,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.href, state };
  }

  /** `state` is that of the browser's cookie, `query` what the provider sent along. Throws MORTISE_ACCESS_SIGN_ON. */
  async end(settings: SingleSignOnSettings, state: string, query: string): Promise<SignedOn> {
    const { authorizationCodeGrant } = await import('openid-client');
    const begun = this.begun.get(state);
    this.begun.delete(state);
    if (!begun || begun.untilMs <= this.clock.nowMs()) throw failed('it was not begun by this browser, or too long ago');
    try {
      const configuration = await discover(settings);
      const tokens = await authorizationCodeGrant(configuration, new URL(`${begun.redirect}?${query}`), {
        pkceCodeVerifier: begun.verifier,
        expectedState: state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      return signedOn(settings, tokens.claims());
    } catch (error) {
      throw failed(error instanceof Error ? error.message : String(error), error);
    }
  }

  private remember(state: string, begun: Begun): void {
    this.begun.set(state, begun);
    if (this.begun.size > begunMax) this.begun.delete(this.begun.keys().next().value ?? '');
  }
}

/** Only a provider on this machine is asked without TLS. */
async function discover({ issuer, clientId, clientSecret }: SingleSignOnSettings): Promise<Configuration> {
  const { allowInsecureRequests, discovery } = await import('openid-client');
  const url = new URL(issuer);
  const execute = isLoopback(url.hostname) ? [allowInsecureRequests] : [];
  try {
    return await discovery(url, clientId, clientSecret, undefined, { execute, timeout: timeoutSeconds });
  } catch (error) {
    throw failed(`the provider does not answer: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function signedOn({ nameClaim, rolesClaim, roles: groups }: SingleSignOnSettings, claims: IDToken | undefined): SignedOn {
  const claim = claims?.[nameClaim];
  const name = typeof claim === 'string' ? claim.toLowerCase() : '';
  if (!claims || !/^[a-z0-9][a-z0-9._@-]{0,99}$/.test(name))
    throw new Error(`its claim "${nameClaim}" is "${name.slice(0, 100)}", which is no name of a user`);
  const found = [claims[rolesClaim] ?? []].flat().map(String);
  const granted = roles.filter((role) => groups[role]?.some((group) => found.includes(group)));
  if (granted.length === 0) throw new Error(`its claim "${rolesClaim}" grants no role to "${name}"`);
  return { subject: `${claims.iss} ${claims.sub}`, name, grants: granted.map((role) => ({ role })) };
}

function failed(reason: string, cause?: unknown): Error {
  return accessError('MORTISE_ACCESS_SIGN_ON', `The single sign-on failed: ${reason}.`, { cause });
}
