// Standard Webhooks (specification 1.0.0, "Webhook signatures"): HMAC-SHA256 over "id.timestamp.body".

import { httpError } from '../errors.ts';
import type { Scheme } from './scheme.ts';
import { anyFits, hmacSha256, sameBytes, usableSecrets } from './secret.ts';
import { isTimely } from './timestamp.ts';

const prefix = 'whsec_';

export const standardWebhooks: Scheme<'standard-webhooks'> = ({ secret, tolerance }) => {
  const keys = usableSecrets(secret).map(toKey);
  return {
    needsBody: true,
    proofHeaders: ['webhook-signature'],
    signedKey: ({ headers }) => headers['webhook-id'],
    verify({ headers, body, nowMs }) {
      const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
      if (!id || !timestamp || !signatures) return false;
      const given = signatures.split(' ').filter((signature) => signature.startsWith('v1,'));
      const isSigned = anyFits(keys, (key) => {
        const expected = `v1,${Buffer.from(hmacSha256(key, `${id}.${timestamp}.`, body)).toString('base64')}`;
        return anyFits(given, (signature) => sameBytes(signature, expected));
      });
      return isTimely(timestamp, nowMs, tolerance) && isSigned;
    },
  };
};

function toKey(secret: string): Uint8Array {
  const base64 = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw httpError('MORTISE_HTTP_SECRET_UNUSABLE', 'The secret is not base64: expected "whsec_" and base64 after it.');
  }
  return Buffer.from(base64, 'base64');
}
