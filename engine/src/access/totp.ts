// The second factor: time-based one-time passwords (RFC 6238) as authenticator programs make them: SHA-1, 30 s, 6 digits.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const stepMs = 30_000;
const digits = 6;
/** RFC 4226, section 4, wants 160 bits. */
const secretBytes = 20;
/** Clocks differ: one step before and behind counts as now (RFC 6238, section 5.2). */
const drift = [0, -1, 1];
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** In base32 (RFC 4648, section 6), as people type it. */
export function newTotpSecret(): string {
  return base32(randomBytes(secretBytes));
}

/** What authenticator programs read as a picture. */
export function totpUri(secret: string, user: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(user)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

/** The step of the code where it is right, and newer than the one that was used last: each is good once. */
export function totpStep(secret: string, code: string, nowMs: number, usedStep: number): number | undefined {
  const now = Math.floor(nowMs / stepMs);
  return drift.map((steps) => now + steps).find((step) => step > usedStep && isSame(totpCode(secret, step), code));
}

/** RFC 4226, section 5.3. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = hash.readUInt8(hash.length - 1) & 0x0f;
  const number = (hash.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

function isSame(expected: string, given: string): boolean {
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given.padEnd(digits).slice(0, digits)))
  );
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

function fromBase32(text: string): Uint8Array {
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (eight) => Number.parseInt(eight, 2));
}
