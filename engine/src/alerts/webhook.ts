// Sends a notice by a webhook, signed as Standard Webhooks 1.0.0 says: HMAC-SHA256 over "id.timestamp.body".

import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isRefusedAddress } from '@mortise/sdk';
import { request as httpRequest } from '../listen/node-http.ts';
import type { Notice } from './notice.ts';

const timeoutMs = 20_000;

/** `secret` is its text. Rejects unless the answer is 2xx. */
export async function sendWebhook(address: string, secret: string, id: string, notice: Notice, nowMs: number): Promise<void> {
  const url = new URL(address);
  if (isRefusedAddress(url.hostname)) throw new Error(`Notices are not sent to ${url.hostname}: it is link-local.`);
  const body = JSON.stringify(notice);
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'mortise',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature(secret, `${id}.${timestamp}.${body}`)}`,
  };
  const status = await post(url, headers, body);
  // A redirect is not followed: it would carry the notice to somewhere else than was said.
  if (status < 200 || status > 299) throw new Error(`${url.origin} answered ${status}.`);
}

export function signature(secret: string, signed: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  return createHmac('sha256', key).update(signed).digest('base64');
}

function post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, agent: false as const, lookup: guarded, signal: AbortSignal.timeout(timeoutMs) };
    const request = send(url, options, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
      response.resume();
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The connection is made to the very addresses that were looked at. */
const guarded: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, found) => {
    const refused = found?.find(({ address }) => isRefusedAddress(address));
    const [first] = found ?? [];
    if (error || refused || !first) done(error ?? new Error(`Notices are not sent to ${refused?.address ?? name}.`), '', 0);
    else if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
};
