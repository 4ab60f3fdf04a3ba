// Certificates for tests: an authority, and what it signs (RFC 5280), made anew each time. Node makes keys, but no certificates.

import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface TestAuthority extends TestCertificate {
  /** A certificate of this authority for 127.0.0.1 and the name `system.example`. */
  issue(commonName: string): TestCertificate;
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const dayMs = 86_400_000;

export function makeAuthority(commonName: string): TestAuthority {
  const keys = newKeys();
  const isAuthority = sequence(oid('551d13'), tlv(0x01, Buffer.from([255])), tlv(0x04, sequence(tlv(0x01, Buffer.from([255])))));
  const own = { cert: certificate(commonName, commonName, keys.spki, keys.key, isAuthority), key: keys.pem };
  return {
    ...own,
    issue(subject) {
      const { spki, pem } = newKeys();
      const names = sequence(tlv(0x87, Buffer.from([127, 0, 0, 1])), tlv(0x82, Buffer.from('system.example')));
      return { cert: certificate(subject, commonName, spki, keys.key, sequence(oid('551d11'), tlv(0x04, names))), key: pem };
    },
  };
}

function newKeys(): { readonly spki: Uint8Array; readonly pem: string; readonly key: KeyObject } {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { spki: pair.publicKey, pem: pair.privateKey, key: createPrivateKey(pair.privateKey) };
}

function certificate(subject: string, issuer: string, spki: Uint8Array, signer: KeyObject, extension: Uint8Array): string {
  const version3 = tlv(0xa0, tlv(0x02, Buffer.from([2])));
  const serial = tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const validity = sequence(utcTime(Date.now() - dayMs), utcTime(Date.now() + dayMs));
  const extensions = tlv(0xa3, sequence(extension));
  const content = sequence(version3, serial, ecdsaWithSha256, name(issuer), validity, name(subject), spki, extensions);
  const signature = tlv(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', content, signer)]));
  const base64 = sequence(content, ecdsaWithSha256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function name(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(commonName)))));
}

function utcTime(ms: number): Buffer {
  return tlv(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

/** Tag, length, value (X.690, section 8.1). */
function tlv(tag: number, value: Uint8Array): Buffer {
  const { byteLength } = value;
  const length =
    byteLength < 128 ? [byteLength] : byteLength < 256 ? [0x81, byteLength] : [0x82, byteLength >> 8, byteLength & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}
