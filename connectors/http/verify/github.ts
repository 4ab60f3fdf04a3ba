// GitHub ("Validating webhook deliveries"): HMAC-SHA256 over the body, in hexadecimal, in X-Hub-Signature-256.

import type { Scheme } from './scheme.ts';
import { anyFits, hmacSha256, sameBytes, usableSecrets } from './secret.ts';

export const github: Scheme<'github'> = ({ secret }) => {
  const keys = usableSecrets(secret);
  return {
    needsBody: true,
    // The older header signs with SHA-1 and is not looked at; it is no more to be passed on than the other.
    proofHeaders: ['x-hub-signature-256', 'x-hub-signature'],
    verify({ headers, body }) {
      const given = headers['x-hub-signature-256'] ?? '';
      return anyFits(keys, (key) => sameBytes(given, `sha256=${Buffer.from(hmacSha256(key, body)).toString('hex')}`));
    },
  };
};
