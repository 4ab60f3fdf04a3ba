// Certificates and keys of a connection: read from secrets or files, and tried before anything is sent.

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { ConnectionValuesOf } from '@mortise/sdk';
import type connector from './connector.ts';
import { httpError } from './errors.ts';

type Given = NonNullable<ConnectionValuesOf<typeof connector>['tls']>;

/** As `tls.connect` takes them. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly servername?: string;
}

/** Throws MORTISE_HTTP_TLS_UNUSABLE for what cannot be read or does not fit together. */
export async function readTls(given: Given = {}): Promise<TlsOptions> {
  const { passphrase, serverName } = given;
  const ca = await textOf('ca', given.ca, given.caFile);
  const cert = await textOf('certificate', given.certificate, given.certificateFile);
  const key = await textOf('key', given.key, given.keyFile);
  if ((cert === undefined) !== (key === undefined)) throw unusable('A certificate needs its key, and a key its certificate.');
  const options = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
  tried(options);
  return { ...options, ...(serverName === undefined ? {} : { servername: serverName }) };
}

async function textOf(name: string, text: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (text !== undefined && file !== undefined) throw unusable(`"${name}" and "${name}File" are given: expected one of them.`);
  if (file === undefined) return text === undefined ? undefined : asPem(name, text);
  const read = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(`"${name}File" cannot be read: ${(error as Error).message}.`, error);
  });
  return asPem(name, read);
}

/** What is no PEM at all would be taken for nothing, and the usual authorities be trusted. */
function asPem(name: string, text: string): string {
  if (!text.includes('-----BEGIN ')) throw unusable(`"${name}" holds no PEM: expected "-----BEGIN …" in it.`);
  return text;
}

function tried(options: TlsOptions): void {
  try {
    createSecureContext(options);
  } catch (error) {
    // OpenSSL's words name no contents.
    throw unusable(`The certificates of the connection do not fit: ${(error as Error).message}.`, error);
  }
}

function unusable(message: string, cause?: unknown): Error {
  return httpError('MORTISE_HTTP_TLS_UNUSABLE', message, cause === undefined ? {} : { cause });
}
