// The verification schemes by name.

import { apiKey } from './api-key.ts';
import { basic } from './basic.ts';
import { github } from './github.ts';
import { none } from './none.ts';
import type { Scheme, SchemeName, Verifier, Verify } from './scheme.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';

const schemes: { readonly [Name in SchemeName]: Scheme<Name> } = {
  'standard-webhooks': standardWebhooks,
  github,
  stripe,
  slack,
  shopify,
  twilio,
  'api-key': apiKey,
  basic,
  none,
};

/** The verifier that the option `verify` asks for. */
export function verifierOf(options: Verify): Verifier {
  // The table gives for each name the scheme that takes its options; TypeScript cannot follow the name through both.
  const scheme = schemes[options.scheme] as (given: Verify) => Verifier;
  return scheme(options);
}
