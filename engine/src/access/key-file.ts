// The key file: whoever can read the data folder on this machine may ask the engine that works on it, without a login.

import { timingSafeEqual } from 'node:crypto';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSecret, newSecret } from './random-secret.ts';

export const keyFileName = 'control.key';
/** The port stands in it: the command line gives a key to nobody but who listens there. */
const prefix = 'mortise-key';

export interface KeyFile {
  readonly path: string;
  is(text: string): boolean;
  remove(): void;
}

/** A new key at every start: one that was lost is void then. Mode 0600, whatever the umask says. */
export function writeKeyFile(folder: string, port: number): KeyFile {
  const path = join(folder, keyFileName);
  const key = `${prefix}-${port}-${newSecret()}`;
  const part = `${path}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, `${key}\n`, { mode: 0o600, flag: 'wx' });
  chmodSync(part, 0o600);
  renameSync(part, path);
  const hash = hashSecret(key);
  return {
    path,
    is: (text) => timingSafeEqual(hashSecret(text), hash),
    remove: () => rmSync(path, { force: true }),
  };
}
