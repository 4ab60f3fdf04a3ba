// Verification schemes: the published values, what must not pass, and secrets that could verify nothing.

import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignedRequest, Verify } from './verify/scheme.ts';
import { verifierOf } from './verify/schemes.ts';

const referenceData = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const vectorsPath = join(referenceData, 'webhooks/vectors.json');

interface Vector {
  readonly scheme: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const toleranceMs = 300_000;
const secret = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
const nowMs = Date.UTC(2026, 0, 1);

function verifies(options: Verify, request: Partial<SignedRequest>): boolean {
  return verifierOf(options).verify({ headers: {}, body: new Uint8Array(), parameters: {}, query: '', nowMs, ...request });
}

function standard(given: string | readonly string[] = secret): Verify {
  return { scheme: 'standard-webhooks', secret: given, tolerance: toleranceMs };
}

function signed({ body = 'hello', id = 'msg_1', atMs = nowMs, key = secret, timestamp = String(Math.floor(atMs / 1000)) } = {}) {
  const mac = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
  return { headers, body: Buffer.from(body) };
}

describe('published values', () => {
  const vectors = existsSync(vectorsPath) ? (JSON.parse(readFileSync(vectorsPath, 'utf8')) as Vector[]) : [];
  const vector = (scheme: string) => {
    const found = vectors.find((one) => one.scheme === scheme);
    if (!found) throw new Error(`No value of ${scheme} in ${vectorsPath}.`);
    const headers = Object.fromEntries(Object.entries(found.headers).map(([name, value]) => [name.toLowerCase(), value]));
    return { ...found, headers, body: Buffer.from(found.body) };
  };

  it.skipIf(vectors.length === 0)('of Standard Webhooks verify (needs the reference data)', () => {
    const { secret: given, headers, body } = vector('standard-webhooks');
    const request = { headers, body, nowMs: Number(headers['webhook-timestamp']) * 1000 };
    expect(verifies(standard(given), request)).toBe(true);
    expect(verifies(standard(given), { ...request, body: Buffer.concat([body, Buffer.from(' ')]) })).toBe(false);
  });

  it.skipIf(vectors.length === 0)('of GitHub verify (needs the reference data)', () => {
    const { secret: given, headers, body } = vector('github');
    expect(verifies({ scheme: 'github', secret: given }, { headers, body })).toBe(true);
    expect(verifies({ scheme: 'github', secret: `${given}!` }, { headers, body })).toBe(false);
  });
});

describe('standard-webhooks', () => {
  it('takes what is signed now, with or without "whsec_"', () => {
    expect(verifies(standard(), signed())).toBe(true);
    expect(verifies(standard(`whsec_${secret}`), signed())).toBe(true);
  });

  it('takes timestamps up to the tolerance, either way, and none beyond', () => {
    for (const offMs of [-toleranceMs, toleranceMs]) expect(verifies(standard(), signed({ atMs: nowMs + offMs }))).toBe(true);
    for (const offMs of [-toleranceMs - 1000, toleranceMs + 1000]) {
      expect(verifies(standard(), signed({ atMs: nowMs + offMs }))).toBe(false);
    }
  });

  it('takes any of several signatures and of several secrets', () => {
    const other = Buffer.from('another secret of the same sender').toString('base64');
    const { headers, body } = signed();
    const signature = `v1a,abc v2,def ${signed({ key: other }).headers['webhook-signature']} ${headers['webhook-signature']}`;
    expect(verifies(standard(), { headers: { ...headers, 'webhook-signature': signature }, body })).toBe(true);
    expect(verifies(standard([other, secret]), { headers, body })).toBe(true);
    expect(verifies(standard(other), { headers, body })).toBe(false);
  });

  it('takes no signature of another version', () => {
    const { headers, body } = signed();
    const signature = headers['webhook-signature'].replace('v1,', 'v1a,');
    expect(verifies(standard(), { headers: { ...headers, 'webhook-signature': signature }, body })).toBe(false);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('takes nothing without %s', (name) => {
    const { headers, body } = signed();
    const without = Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));
    expect(verifies(standard(), { headers: without, body })).toBe(false);
  });

  it.each(['', 'now', '-1', '1e3', '0x10', '1767225600.5', ' 1767225600', '99999999999999999999'])(
    'takes no timestamp "%s"',
    (timestamp) => {
      expect(verifies(standard(), signed({ timestamp }))).toBe(false);
    },
  );

  it('takes exactly what was signed', () => {
    const part = fc.string({ minLength: 1 }).filter((text) => !text.includes('.'));
    fc.assert(
      fc.property(part, fc.string(), part, fc.string(), (id, body, otherId, otherBody) => {
        const { headers } = signed({ id, body });
        const request = { headers: { ...headers, 'webhook-id': otherId }, body: Buffer.from(otherBody) };
        const same = id === otherId && Buffer.from(body).equals(Buffer.from(otherBody));
        expect(verifies(standard(), request)).toBe(same);
        expect(verifies(standard(), { headers, body: Buffer.from(body) })).toBe(true);
      }),
    );
  });
});

describe('github', () => {
  const key = 'a secret';
  const sign = (body: string) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
  const request = (signature: string | undefined) => ({
    headers: signature === undefined ? {} : { 'x-hub-signature-256': signature },
    body: Buffer.from('{}'),
  });

  it('takes what is signed with any of its secrets', () => {
    expect(verifies({ scheme: 'github', secret: ['old', key] }, request(sign('{}')))).toBe(true);
  });

  it.each([undefined, '', 'sha256=', sign('{} '), sign('{}').toUpperCase(), sign('{}').slice(7), sign('{}').slice(0, -1)])(
    'takes no "%s"',
    (signature) => {
      expect(verifies({ scheme: 'github', secret: key }, request(signature))).toBe(false);
    },
  );

  it('takes no SHA-1 signature', () => {
    const sha1 = `sha1=${createHmac('sha1', key).update('{}').digest('hex')}`;
    expect(verifies({ scheme: 'github', secret: key }, { headers: { 'x-hub-signature': sha1 }, body: Buffer.from('{}') })).toBe(
      false,
    );
  });
});

describe('api-key', () => {
  const options: Verify = { scheme: 'api-key', header: 'X-Key', secret: ['one', 'two'] };

  it('takes any of its keys in its header, whatever the case of its name', () => {
    expect(verifies(options, { headers: { 'x-key': 'two' } })).toBe(true);
  });

  it.each([{}, { 'x-key': '' }, { 'x-key': 'three' }, { 'x-key': 'one, two' }, { 'x-api-key': 'one' }])(
    'takes no %o',
    (headers) => {
      expect(verifies(options, { headers })).toBe(false);
    },
  );
});

describe('basic', () => {
  const options: Verify = { scheme: 'basic', user: 'shop', password: ['pass:wörd', 'next'] };
  const encoded = (text: string) => Buffer.from(text).toString('base64');

  it('takes user and password, whatever the case of the word Basic', () => {
    expect(verifies(options, { headers: { authorization: `Basic ${encoded('shop:pass:wörd')}` } })).toBe(true);
    expect(verifies(options, { headers: { authorization: `bAsIc  ${encoded('shop:next')}` } })).toBe(true);
  });

  it.each([
    '',
    'Basic',
    `Bearer ${encoded('shop:next')}`,
    `Basic ${encoded('shop')}`,
    `Basic ${encoded('Shop:next')}`,
    `Basic ${encoded('shop:nex')}`,
    'Basic %',
  ])('takes no "%s"', (authorization) => {
    expect(verifies(options, { headers: { authorization } })).toBe(false);
  });
});

describe('secrets that could verify nothing', () => {
  const unusable = expect.objectContaining({ code: 'MORTISE_HTTP_SECRET_UNUSABLE' }) as Error;

  it.each<readonly [string, Verify]>([
    ['empty', { scheme: 'github', secret: '' }],
    ['blank', { scheme: 'api-key', header: 'x-api-key', secret: ' ' }],
    ['an empty list', { scheme: 'basic', user: 'shop', password: [] }],
    ['empty among others', { scheme: 'github', secret: ['one', ''] }],
    ['no base64', standard('whsec_not base64!')],
    ['nothing after whsec_', standard('whsec_')],
  ])('are refused: %s', (_, options) => {
    expect(() => verifierOf(options)).toThrow(unusable);
  });
});

it('none takes anything', () => {
  expect(verifies({ scheme: 'none' }, {})).toBe(true);
});
