// Slack ("Verifying requests from Slack"): HMAC-SHA256 over "v0:timestamp:body", in hexadecimal, in X-Slack-Signature.

import { idInBody } from './json-id.ts';
import type { Scheme } from './scheme.ts';
import { anyFits, hmacSha256, sameBytes, usableSecrets } from './secret.ts';
import { isTimely } from './timestamp.ts';

export const slack: Scheme<'slack'> = ({ secret, tolerance }) => {
  const keys = usableSecrets(secret);
  return {
    needsBody: true,
    proofHeaders: ['x-slack-signature'],
    // What has no id of its own, such as a slash command, is told from others by its signature, which covers the time.
    signedKey: ({ headers, body }) => idInBody(body, 'event_id') ?? headers['x-slack-signature'],
    verify({ headers, body, nowMs }) {
      const { 'x-slack-request-timestamp': timestamp = '', 'x-slack-signature': given = '' } = headers;
      const isSigned = anyFits(keys, (key) => {
        const expected = Buffer.from(hmacSha256(key, `v0:${timestamp}:`, body)).toString('hex');
        return sameBytes(given, `v0=${expected}`);
      });
      return isTimely(timestamp, nowMs, tolerance) && isSigned;
    },
  };
};
