// The key that signs checkpoints of the audit: an Ed25519 key in a file of the data folder, for its owner alone.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessError } from './errors.ts';

const signingKeyName = 'audit-key.pem';

export interface SigningKey {
  /** PEM (RFC 7468). */
  readonly publicKey: string;
  /** In base64. */
  sign(text: Uint8Array): string;
}

/** The key of the data folder, made where there is none yet. Throws MORTISE_ACCESS_DAMAGED. */
export function openSigningKey(folder: string): SigningKey {
  const pem = folder === ':memory:' ? newKey() : readKey(join(folder, signingKeyName));
  try {
    const key = createPrivateKey(pem);
    const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
    return { publicKey, sign: (text) => sign(null, text, key).toString('base64') };
  } catch (error) {
    throw accessError('MORTISE_ACCESS_DAMAGED', `${join(folder, signingKeyName)} holds no key.`, { cause: error });
  }
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const pem = newKey();
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
    return pem;
  }
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
