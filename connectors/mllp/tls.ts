// Certificates and keys: read from secrets or files, and tried before anything is sent or taken.

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import { mllpError } from './errors.ts';

/** As connections and inbounds have them; `ca` are the authorities that the other side is judged by. */
export interface GivenTls {
  readonly ca?: string;
  readonly caFile?: string;
  readonly certificate?: string;
  readonly certificateFile?: string;
  readonly key?: string;
  readonly keyFile?: string;
  readonly passphrase?: string;
}

/** Throws MORTISE_MLLP_TLS_UNUSABLE for what cannot be read or does not fit together. */
export async function readTls(given: GivenTls): Promise<SecureContextOptions> {
  const ca = await textOf('ca', given.ca, given.caFile);
  const cert = await textOf('certificate', given.certificate, given.certificateFile);
  const key = await textOf('key', given.key, given.keyFile);
  if ((cert === undefined) !== (key === undefined)) throw unusable('A certificate needs its key, and a key its certificate.');
  const options: SecureContextOptions = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(given.passphrase === undefined ? {} : { passphrase: given.passphrase }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    // OpenSSL's words name no contents.
    throw unusable(`The certificates do not fit: ${(error as Error).message}.`, error);
  }
  return options;
}

async function textOf(name: string, text: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (text !== undefined && file !== undefined) throw unusable(`"${name}" and "${name}File" are given: expected one of them.`);
  const read =
    file === undefined
      ? text
      : await readFile(file, 'utf8').catch((error: unknown) => {
          throw unusable(`"${name}File" cannot be read: ${(error as Error).message}.`, error);
        });
  // What is no PEM at all would be taken for nothing, and the usual authorities be trusted.
  if (read === undefined || read.includes('-----BEGIN ')) return read;
  throw unusable(`"${name}" holds no PEM: expected "-----BEGIN …" in it.`);
}

function unusable(message: string, cause?: unknown): Error {
  return mllpError('MORTISE_MLLP_TLS_UNUSABLE', message, cause === undefined ? {} : { cause });
}
