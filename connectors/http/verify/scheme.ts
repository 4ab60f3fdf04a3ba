// What a verification scheme of webhooks is: one small file each, found through the table in schemes.ts.

import type { InboundContextOf } from '@mortise/sdk';
import type connector from '../connector.ts';

/** The option `verify` of a webhook, in one of its forms. */
export type Verify = InboundContextOf<typeof connector, 'webhook'>['options']['verify'];
export type SchemeName = Verify['scheme'];
export type VerifyOptions<Name extends SchemeName> = Extract<Verify, { readonly scheme: Name }>;

/** A request as a scheme sees it. */
export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came; empty where the scheme does not need it. */
  readonly body: Uint8Array;
  /** What the `:name` parts of the path matched. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The query as it came, without "?". */
  readonly query: string;
  readonly nowMs: number;
}

export interface Verifier {
  /** Whether the whole body must be read before it can be verified. */
  readonly needsBody: boolean;
  /** Headers that prove who the sender is, in lower case: they are not passed on with the message. */
  readonly proofHeaders: readonly string[];
  /** The `www-authenticate` of a 401, where HTTP knows the scheme. */
  readonly challenge?: string;
  /** Whether the sender is who it must be. Takes the same time wherever a secret or a signature differs. */
  verify(request: SignedRequest): boolean;
  /**
   * What tells a verified request from others, out of what is signed: the same for a request that somebody sends again, which
   * is then a duplicate whatever headers come with it. Absent where the scheme signs nothing that would tell.
   */
  signedKey?(request: Pick<SignedRequest, 'headers' | 'body'>): string | undefined;
}

/** Makes the verifier of one webhook. Throws MORTISE_HTTP_SECRET_UNUSABLE where its secret could verify nothing. */
export type Scheme<Name extends SchemeName> = (options: VerifyOptions<Name>) => Verifier;
