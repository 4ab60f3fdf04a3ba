// Shopify ("Deliver webhooks through HTTPS"): HMAC-SHA256 over the body, in base64, in X-Shopify-Hmac-Sha256.

import type { Scheme } from './scheme.ts';
import { anyFits, hmacSha256, sameBytes, usableSecrets } from './secret.ts';

export const shopify: Scheme<'shopify'> = ({ secret }) => {
  const keys = usableSecrets(secret);
  return {
    needsBody: true,
    proofHeaders: ['x-shopify-hmac-sha256'],
    verify({ headers, body }) {
      const given = headers['x-shopify-hmac-sha256'] ?? '';
      return anyFits(keys, (key) => sameBytes(given, Buffer.from(hmacSha256(key, body)).toString('base64')));
    },
  };
};
