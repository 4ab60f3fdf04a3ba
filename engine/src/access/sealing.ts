// Sealing with AES-256-GCM (NIST SP 800-38D), and the keys that data keys are sealed under.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accessError } from './errors.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const othersMode = 0o077;

export function newKey(): Buffer {
  return randomBytes(keyBytes);
}

/** Nonce, tag, then what is sealed. `what` is bound in: a sealed text opens under the same words only. */
export function seal(key: Uint8Array, what: string, text: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(what));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Undefined where the key is another, or something was changed. */
export function unseal(key: Uint8Array, what: string, sealed: Uint8Array): Buffer | undefined {
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(what)).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Keys under which data keys are sealed: the first seals, all open. */
export interface WrappingKeys {
  readonly keys: readonly Buffer[];
  /** Where they are, in words. */
  readonly place: string;
  /** The file that Mortise itself made in the data folder, and may write anew. */
  readonly ownFile?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * From `MORTISE_SECRETS_KEY`, else the file that `MORTISE_SECRETS_KEY_FILE` names, else `secrets.key` in the data folder, which is
 * made where `creates` says so. Each time anew, so that a file can be changed while the engine runs. Throws MORTISE_ACCESS_SECRETS_KEY.
 */
export function wrappingKeys(folder: string, variables: Variables, creates: boolean): WrappingKeys {
  const { MORTISE_SECRETS_KEY: text, MORTISE_SECRETS_KEY_FILE: file } = variables;
  if (text) return { keys: keysOf(text, 'MORTISE_SECRETS_KEY'), place: 'MORTISE_SECRETS_KEY' };
  if (file) return { keys: keysOf(readKeys(file, variables), file), place: file };
  const ownFile = join(folder, 'secrets.key');
  if (creates && !statSync(ownFile, { throwIfNoEntry: false })) writeWrappingKeys(ownFile, [newKey()]);
  return { keys: keysOf(readKeys(ownFile, variables), ownFile), place: ownFile, ownFile };
}

/** One a line, in base64. */
export function writeWrappingKeys(file: string, keys: readonly Buffer[]): void {
  const part = `${file}.part`;
  writeFileSync(part, keys.map((key) => `${key.toString('base64')}\n`).join(''), { mode: 0o600 });
  renameSync(part, file);
}

function readKeys(file: string, variables: Variables): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  // systemd keeps others out by lists of access rights, whatever the mode says.
  const isGuarded = variables['CREDENTIALS_DIRECTORY'] === dirname(file);
  if (stat && !isGuarded && process.platform !== 'win32' && (stat.mode & othersMode) !== 0)
    throw accessError('MORTISE_ACCESS_SECRETS_KEY', `${file} has mode 0${(stat.mode & 0o777).toString(8)}; expected 0600.`);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw accessError('MORTISE_ACCESS_SECRETS_KEY', `${file} cannot be read (${code}).`, { cause: error });
  }
}

function keysOf(text: string, place: string): readonly Buffer[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((part) => Buffer.from(part, 'base64'));
  if (keys.length > 0 && keys.every(({ length }) => length === keyBytes)) return keys;
  throw accessError('MORTISE_ACCESS_SECRETS_KEY', `${place} holds no keys of ${keyBytes} bytes in base64.`);
}
