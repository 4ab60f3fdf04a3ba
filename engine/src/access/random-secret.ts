// Secrets that Mortise makes: 256 random bits as text; what is stored of them is a hash.

import { createHash, randomBytes } from 'node:crypto';

const secretBytes = 32;

export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** An id that may be shown, and typed behind a command: there, what begins with a hyphen would be an option. */
export function newPublicId(): string {
  const id = randomBytes(9).toString('base64url');
  return id.startsWith('-') ? newPublicId() : id;
}

/** Random secrets need no slow hash: there is nothing to guess. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
