// Schemes of Stripe, Slack, Shopify and Twilio: what they sign is taken, and nothing else.

import { createHash, createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignedRequest, Verify } from './verify/scheme.ts';
import { verifierOf } from './verify/schemes.ts';

const referenceData = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const vectorsPath = join(referenceData, 'webhooks/vectors.json');
const nowMs = Date.UTC(2026, 0, 1);
const nowSeconds = nowMs / 1000;
const tolerance = 300_000;
const publicUrl = 'https://hooks.example/sms';
const form = 'application/x-www-form-urlencoded';

type Vendor = 'stripe' | 'slack' | 'shopify' | 'twilio';

interface Signing {
  readonly body?: string;
  readonly key?: string;
  readonly seconds?: number | string;
}

/** How each of them signs, written down apart from what verifies. */
const vendors: {
  readonly [Name in Vendor]: { options(secret: string | string[]): Verify; sign(signing: Signing): Record<string, string> };
} = {
  stripe: {
    options: (secret) => ({ scheme: 'stripe', secret, tolerance }),
    sign: ({ body = 'a=1', key = 'whsec_one', seconds = nowSeconds }) => {
      const mac = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
      return { 'stripe-signature': `t=${seconds},v1=${mac}` };
    },
  },
  slack: {
    options: (secret) => ({ scheme: 'slack', secret, tolerance }),
    sign: ({ body = 'a=1', key = 'whsec_one', seconds = nowSeconds }) => {
      const mac = createHmac('sha256', key).update(`v0:${seconds}:${body}`).digest('hex');
      return { 'x-slack-signature': `v0=${mac}`, 'x-slack-request-timestamp': String(seconds) };
    },
  },
  shopify: {
    options: (secret) => ({ scheme: 'shopify', secret }),
    sign: ({ body = 'a=1', key = 'whsec_one' }) => ({
      'x-shopify-hmac-sha256': createHmac('sha256', key).update(body).digest('base64'),
    }),
  },
  twilio: {
    options: (secret) => ({ scheme: 'twilio', secret, url: publicUrl }),
    sign: ({ body = 'a=1', key = 'whsec_one' }) => {
      const text = [...new URLSearchParams(body)].map(([name, value]) => name + value).join('');
      return {
        'content-type': form,
        'x-twilio-signature': createHmac('sha1', key)
          .update(publicUrl + text)
          .digest('base64'),
      };
    },
  },
};
const names = Object.keys(vendors) as Vendor[];
const signatureHeaders: { readonly [Name in Vendor]: string } = {
  stripe: 'stripe-signature',
  slack: 'x-slack-signature',
  shopify: 'x-shopify-hmac-sha256',
  twilio: 'x-twilio-signature',
};

function verifies(options: Verify, headers: Readonly<Record<string, string>>, more: Partial<SignedRequest> = {}): boolean {
  const request = { headers, body: Buffer.from('a=1'), parameters: {}, query: '', nowMs, ...more };
  return verifierOf(options).verify(request);
}

describe.each(names)('%s', (name) => {
  const { options, sign } = vendors[name];
  const header = signatureHeaders[name];
  const signed = sign({});
  const signature = signed[header] ?? '';

  it('takes what is signed, with any of several secrets', () => {
    expect(verifies(options('whsec_one'), signed)).toBe(true);
    expect(verifies(options(['whsec_old', 'whsec_one']), signed)).toBe(true);
    expect(verifies(options(['whsec_one', 'whsec_next']), signed)).toBe(true);
    expect(verifies(options('whsec_two'), signed)).toBe(false);
  });

  it.each(['a=2', 'a=1 ', '', 'A=1'])('takes no other body: "%s"', (body) => {
    expect(verifies(options('whsec_one'), signed, { body: Buffer.from(body) })).toBe(false);
  });

  it('takes no truncated, longer, altered or empty signature', () => {
    const last = signature.at(-2) === 'A' ? 'B' : 'A';
    const altered = [
      signature.slice(0, -1),
      signature.slice(0, -8),
      `${signature}0`,
      signature.slice(0, -2) + last + signature.slice(-1),
      '',
    ];
    for (const one of altered) expect(verifies(options('whsec_one'), { ...signed, [header]: one })).toBe(false);
  });

  it.each(Object.keys(signed))('takes nothing without %s', (missing) => {
    const rest = Object.fromEntries(Object.entries(signed).filter(([other]) => other !== missing));
    expect(verifies(options('whsec_one'), rest)).toBe(false);
  });

  it('keeps its signature to itself', () => {
    expect(verifierOf(options('whsec_one')).proofHeaders).toContain(header);
  });

  it('takes no secret that is empty', () => {
    for (const secret of ['', ' ', [], ['one', '']]) {
      expect(() => verifierOf(options(secret as string))).toThrow(
        expect.objectContaining({ code: 'MORTISE_HTTP_SECRET_UNUSABLE' }) as Error,
      );
    }
  });

  it('takes exactly the body that was signed, byte for byte', () => {
    const text = name === 'twilio' ? fc.constant('a=1') : fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), text, (bytes, own) => {
        const headers = sign({ body: own });
        expect(verifies(options('whsec_one'), headers, { body: Buffer.from(own) })).toBe(true);
        const isSame = Buffer.from(own).equals(bytes);
        expect(verifies(options('whsec_one'), headers, { body: bytes })).toBe(isSame);
      }),
    );
  });
});

describe.each(['slack', 'shopify', 'twilio'] as const)('%s with several signatures in its header', (name) => {
  it('takes none: it sends one', () => {
    const { options, sign } = vendors[name];
    const headers = sign({});
    const twice = `${headers[signatureHeaders[name]]}, ${headers[signatureHeaders[name]]}`;
    expect(verifies(options('whsec_one'), { ...headers, [signatureHeaders[name]]: twice })).toBe(false);
  });
});

describe.each(['stripe', 'slack'] as const)('%s and time', (name) => {
  const { options, sign } = vendors[name];

  it.each([-300, 0, 300])('takes what was signed %i s from now', (offSeconds) => {
    expect(verifies(options('whsec_one'), sign({ seconds: nowSeconds + offSeconds }))).toBe(true);
  });

  it.each([-301, 301, -86_400])('takes nothing signed %i s from now', (offSeconds) => {
    expect(verifies(options('whsec_one'), sign({ seconds: nowSeconds + offSeconds }))).toBe(false);
  });

  it.each(['', 'now', '-1', '1e3', '0x10', `${nowSeconds}.5`, '99999999999999999999'])('takes no time "%s"', (seconds) => {
    expect(verifies(options('whsec_one'), sign({ seconds }))).toBe(false);
  });

  it('takes no other time than the one that was signed', () => {
    const headers = sign({});
    const moved = Object.fromEntries(
      Object.entries(headers).map(([one, value]) => [one, value.replace(String(nowSeconds), String(nowSeconds + 1))]),
    );
    expect(verifies(options('whsec_one'), moved)).toBe(false);
  });

  it('knows what is sent again by what was signed, whatever else its headers say', () => {
    const verifier = verifierOf(options('whsec_one'));
    const id = name === 'stripe' ? 'id' : 'event_id';
    const event = Buffer.from(`{"${id}":"evt_1"}`);
    expect(verifier.signedKey?.({ headers: {}, body: event })).toBe('evt_1');
    const key = (body: string, headers: Record<string, string>) => verifier.signedKey?.({ headers, body: Buffer.from(body) });
    const same = key('a=1', sign({}));
    expect(same).toBeTruthy();
    expect(key('a=1', { ...sign({}), 'idempotency-key': 'another' })).toBe(same);
    expect(key('a=2', sign({ body: 'a=2' }))).not.toBe(same);
    expect(key('a=1', sign({ seconds: nowSeconds + 1 }))).not.toBe(same);
    for (const odd of ['{}', `{"${id}":1}`, `{"${id}":""}`, `{"__proto__":{"${id}":"p"}}`, 'null', '[]']) {
      expect(key(odd, sign({ body: odd }))).not.toBe('p');
    }
  });
});

describe('stripe', () => {
  const { options, sign } = vendors.stripe;
  const [time, good] = (sign({})['stripe-signature'] ?? '').split(',');

  it('takes any of several signatures, and others beside them', () => {
    expect(verifies(options('whsec_one'), { 'stripe-signature': `${time},v1=00,${good},v0=abc` })).toBe(true);
    expect(verifies(options('whsec_one'), { 'stripe-signature': `${good}, ${time}` })).toBe(true);
  });

  it('takes no signature of another scheme, and no second time', () => {
    expect(verifies(options('whsec_one'), { 'stripe-signature': `${time},${good?.replace('v1', 'v0')}` })).toBe(false);
    expect(verifies(options('whsec_one'), { 'stripe-signature': `${time},${time},${good}` })).toBe(false);
  });

  it('does not know an event by what anybody may add to the header', () => {
    const verifier = verifierOf(options('whsec_one'));
    const key = (header: string) => verifier.signedKey?.({ headers: { 'stripe-signature': header }, body: Buffer.from('a') });
    expect(key(`${time},${good},v0=x`)).toBe(key(`${time},${good}`));
  });
});

describe('twilio', () => {
  const sign = (text: string, key = 'token') => ({ 'x-twilio-signature': createHmac('sha1', key).update(text).digest('base64') });
  const options = (url: string): Verify => ({ scheme: 'twilio', secret: 'token', url });
  const empty = new Uint8Array();

  it('signs the form in the order of its names, a value that comes twice once', () => {
    const headers = { ...sign(`${publicUrl}A1A2b x`), 'content-type': `${form}; charset=utf-8` };
    expect(verifies(options(publicUrl), headers, { body: Buffer.from('b=+x&A=2&A=1&A=1') })).toBe(true);
  });

  it('signs the URL that the sender knows, with the query that came', () => {
    const headers = sign(`${publicUrl}?a=1&b=%20`);
    expect(verifies(options(publicUrl), headers, { body: empty, query: 'a=1&b=%20' })).toBe(true);
    expect(verifies(options(publicUrl), headers, { body: empty, query: 'a=1&b=+' })).toBe(false);
    expect(verifies(options('https://other.example/sms'), headers, { body: empty, query: 'a=1&b=%20' })).toBe(false);
    expect(verifies(options('http://hooks.example/sms'), headers, { body: empty, query: 'a=1&b=%20' })).toBe(false);
  });

  it.each([
    ['https://hooks.example:443/sms', 'https://hooks.example/sms'],
    ['https://hooks.example/sms', 'https://hooks.example:443/sms'],
    ['http://hooks.example/sms', 'http://hooks.example:80/sms'],
    ['https://hooks.example:8443/sms', 'https://hooks.example:8443/sms'],
  ])('is configured as %s and signs %s', (configured, called) => {
    expect(verifies(options(configured), sign(called), { body: empty })).toBe(true);
    expect(verifies(options(configured), sign(called.replace('/sms', ':1/sms')), { body: empty })).toBe(false);
  });

  it('fills the names of the path in', () => {
    const url = 'https://hooks.example/shops/:shop/sms';
    expect(
      verifies(options(url), sign('https://hooks.example/shops/a%20b/sms'), { body: empty, parameters: { shop: 'a b' } }),
    ).toBe(true);
  });

  it('signs another body by its hash in the URL', () => {
    const body = Buffer.from('{"a":1}');
    const query = `bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    const headers = { ...sign(`${publicUrl}?${query}`), 'content-type': 'application/json' };
    expect(verifies(options(publicUrl), headers, { body, query })).toBe(true);
    expect(verifies(options(publicUrl), headers, { body: Buffer.from('{"a":2}'), query })).toBe(false);
  });

  it('signs no body that is neither a form nor hashed', () => {
    const body = Buffer.from('{"a":1}');
    expect(verifies(options(publicUrl), { ...sign(publicUrl), 'content-type': 'application/json' }, { body })).toBe(false);
    expect(verifies(options(publicUrl), sign(publicUrl), { body })).toBe(false);
  });

  it.each(['https://', 'https://hooks.example/sms?a=1', 'https://hooks.example/#a', 'https://us:pass@hooks.example/'])(
    'signs nothing under %s',
    (url) => {
      expect(() => verifierOf(options(url))).toThrow(
        expect.objectContaining({ code: 'MORTISE_HTTP_PUBLIC_URL_INVALID' }) as Error,
      );
    },
  );
});

interface Vector {
  readonly scheme: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly url?: string;
  readonly form?: Readonly<Record<string, string>>;
}

describe.each(names)('published values of %s', (name) => {
  const vectors = existsSync(vectorsPath) ? (JSON.parse(readFileSync(vectorsPath, 'utf8')) as Vector[]) : [];

  it.skipIf(vectors.length === 0)('verify (needs the reference data)', () => {
    const vector = vectors.find(({ scheme }) => scheme === name);
    if (!vector) throw new Error(`No value of ${name} in ${vectorsPath}.`);
    const { secret, headers, body = new URLSearchParams(vector.form).toString(), url = '' } = vector;
    const [base = '', query = ''] = url.split('?');
    const options = name === 'twilio' ? ({ scheme: name, secret, url: base } as const) : vendors[name].options(secret);
    const lower = Object.fromEntries(Object.entries(headers).map(([one, value]) => [one.toLowerCase(), value]));
    const seconds = /^t=(\d+)/.exec(lower['stripe-signature'] ?? '')?.[1] ?? lower['x-slack-request-timestamp'] ?? 0;
    const request = { query, nowMs: Number(seconds) * 1000, body: Buffer.from(body) };
    const given = name === 'twilio' ? { ...lower, 'content-type': form } : lower;
    expect(verifies(options, given, request)).toBe(true);
    expect(verifies(options, given, { ...request, body: Buffer.from(`${body}0`) })).toBe(false);
  });
});
