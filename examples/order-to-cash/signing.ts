// Signs what the shop of the demo sends, as Standard Webhooks 1.0.0 says.

import { createHmac } from 'node:crypto';

/** The headers that prove to the receiver who sent `body`, and when. `secret` is `whsec_` with base64 behind it. */
export function signedHeaders(secret: string, id: string, body: string, now: Date = new Date()): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
