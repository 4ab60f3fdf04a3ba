// By what the command line says who asks: a token of the environment, else the key file that the engine on this machine names.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { cliError } from './errors.ts';

const keyFileName = 'control.key';
const keyPattern = /^mortise-key-(\d{1,5})-[\w-]{43}$/;

/** Of `www-authenticate`. Undefined where it names no key file. */
export function keyFileIn(challenge: string | null): string | undefined {
  const path = /^Bearer .*key-file="([^"]+)"/.exec(challenge ?? '')?.[1];
  return path === undefined ? undefined : decodeURI(path);
}

/**
 * The key of the engine at this address. Whoever listens there might name any file: only a key that says itself that it is for
 * this port is given away. Throws MORTISE_CLI_KEY.
 */
export function readKey(path: string, address: string): string {
  const port = address.slice(address.lastIndexOf(':') + 1);
  const text = basename(path) === keyFileName ? textOf(path).trim() : '';
  if (keyPattern.exec(text)?.[1] === port) return text;
  throw cliError('MORTISE_CLI_KEY', `${path} holds no key for port ${port}.`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw cliError(
      'MORTISE_CLI_KEY',
      `The key of the engine cannot be read: ${path} (${(error as NodeJS.ErrnoException).code}).`,
      {
        cause: error,
      },
    );
  }
}
