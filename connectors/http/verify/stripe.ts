// Stripe ("Verify webhook signatures manually"): HMAC-SHA256 over "timestamp.body", in hexadecimal, in Stripe-Signature.

import { idInBody } from './json-id.ts';
import type { Scheme } from './scheme.ts';
import { anyFits, hmacSha256, sameBytes, sha256Hex, usableSecrets } from './secret.ts';
import { isTimely } from './timestamp.ts';

export const stripe: Scheme<'stripe'> = ({ secret, tolerance }) => {
  const keys = usableSecrets(secret);
  return {
    needsBody: true,
    proofHeaders: ['stripe-signature'],
    // Of the header only what was verified counts: whoever sends it again may have added to it.
    signedKey: ({ headers, body }) => idInBody(body, 'id') ?? sha256Hex(`${valuesOf(headers, 't=').join()}.`, body),
    verify({ headers, body, nowMs }) {
      const [timestamp = '', ...more] = valuesOf(headers, 't=');
      const given = valuesOf(headers, 'v1=');
      const isSigned = anyFits(keys, (key) => {
        const expected = Buffer.from(hmacSha256(key, `${timestamp}.`, body)).toString('hex');
        return anyFits(given, (signature) => sameBytes(signature, expected));
      });
      return more.length === 0 && isTimely(timestamp, nowMs, tolerance) && isSigned;
    },
  };
};

function valuesOf(headers: Readonly<Record<string, string>>, prefix: string): readonly string[] {
  const parts = (headers['stripe-signature'] ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
}
