// Secrets of verification schemes: usable ones only, compared in constant time.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { httpError } from '../errors.ts';

/** One secret or several as a list; throws where there is none or an empty one, which would let anyone in. */
export function usableSecrets(given: string | readonly string[]): readonly string[] {
  const secrets = typeof given === 'string' ? [given] : given;
  if (secrets.length === 0)
    throw httpError('MORTISE_HTTP_SECRET_UNUSABLE', 'The list of secrets is empty: expected one at least.');
  if (secrets.some((secret) => secret.trim() === '')) {
    throw httpError('MORTISE_HTTP_SECRET_UNUSABLE', 'The secret is empty: expected the text that the sending system shows.');
  }
  return secrets;
}

export function hmacSha256(key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

export function sha256Hex(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Whether both are the same, in a time that tells nothing of where they differ, nor of their lengths. */
export function sameBytes(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

/** Whether `fits` holds for any: always asks for all, so that the time does not tell which one it was. */
export function anyFits<T>(candidates: readonly T[], fits: (candidate: T) => boolean): boolean {
  return candidates.map(fits).includes(true);
}

function sha256(bytes: string | Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
