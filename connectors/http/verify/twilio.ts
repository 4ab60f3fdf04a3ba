// Twilio ("Validating requests are coming from Twilio"): HMAC-SHA1 over the URL and the form, in base64, in X-Twilio-Signature.

import { createHmac } from 'node:crypto';
import { httpError } from '../errors.ts';
import type { Scheme, SignedRequest } from './scheme.ts';
import { anyFits, sameBytes, sha256Hex, usableSecrets } from './secret.ts';

const formType = /^application\/x-www-form-urlencoded\s*(;|$)/i;

export const twilio: Scheme<'twilio'> = ({ secret, url }) => {
  const keys = usableSecrets(secret);
  checkUrl(url);
  return {
    needsBody: true,
    proofHeaders: ['x-twilio-signature'],
    verify(request) {
      const signed = signedTextOf(request);
      const given = request.headers['x-twilio-signature'] ?? '';
      const isSigned = anyFits(keys, (key) =>
        anyFits(urlsOf(url, request), (one) => sameBytes(given, hmacSha1(key, one + (signed ?? '')))),
      );
      return signed !== undefined && isSigned;
    },
  };
};

/** What follows the URL in what is signed; undefined where the signature says nothing of this body. */
function signedTextOf({ headers, body, query }: SignedRequest): string | undefined {
  const hash = new URLSearchParams(query).get('bodySHA256');
  if (hash !== null) return sameBytes(hash, sha256Hex(body)) ? '' : undefined;
  if (body.byteLength === 0) return '';
  return formType.test(headers['content-type'] ?? '') ? formText(body) : undefined;
}

/** Names and values, in the order of the names, with nothing in between; a name given twice has its values in order, each once. */
function formText(body: Uint8Array): string {
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
  const names = [...new Set(form.keys())].toSorted(byCodeUnit);
  const values = (name: string) => [...new Set(form.getAll(name))].toSorted(byCodeUnit);
  return names.flatMap((name) => values(name).map((value) => name + value)).join('');
}

/** Twilio has signed URLs with the scheme's own port written out, and without it: either may be what it called. */
function urlsOf(configured: string, { parameters, query }: SignedRequest): readonly string[] {
  const [, origin = '', path = ''] = /^(https?:\/\/[^/?#]+)(.*)$/.exec(configured) ?? [];
  const named = path.replace(/:([A-Za-z_]\w*)/g, (text, name: string) =>
    Object.hasOwn(parameters, name) ? encodeURIComponent(parameters[name] ?? '') : text,
  );
  const port = origin.startsWith('https:') ? ':443' : ':80';
  const bare = origin.endsWith(port) ? origin.slice(0, -port.length) : origin;
  const origins = /:\d+$/.test(bare) ? [bare] : [bare, bare + port];
  return origins.map((one) => one + named + (query ? `?${query}` : ''));
}

function checkUrl(url: string): void {
  const parsed = URL.parse(url);
  if (parsed && !url.includes('?') && !url.includes('#') && !parsed.username && !parsed.password) return;
  throw httpError(
    'MORTISE_HTTP_PUBLIC_URL_INVALID',
    `"${url}" is no URL that Twilio could sign: expected one such as https://hooks.example/sms, without a query.`,
  );
}

function hmacSha1(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('base64');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
