// TLS of the control listener: certificate and key from files, looked at again and again, so that a renewed one needs no restart.

import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Clock, Logger } from '@mortise/sdk';
import { listenError } from '../listen/errors.ts';

export interface TlsFiles {
  /** PEM: the certificate, then those between it and its authority. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

export interface TlsContext {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface Tls {
  /** As it is now. */
  readonly context: TlsContext;
  /** Whether the certificate is for this name or address. */
  isFor(host: string): boolean;
  /** Calls back whenever the files have changed and can be used. Others are told to the log, and the former ones stay. */
  watch(changed: (context: TlsContext) => void): void;
  stop(): void;
}

/** Renewal puts two files in place one after the other, days before the end of the former ones: soon is enough. */
const lookMs = 5000;

/** Throws MORTISE_ENGINE_TLS where certificate and key cannot be used. */
export function openTls(files: TlsFiles, clock: Clock, log: Logger): Tls {
  let { context, certificate } = read(files);
  let seen = stampOf(files);
  let timer: { cancel(): void } | undefined;
  const look = (changed: (context: TlsContext) => void): void => {
    timer = clock.after(lookMs, () => look(changed));
    const stamp = stampOf(files);
    if (stamp === seen) return;
    try {
      ({ context, certificate } = read(files));
      changed(context);
      log.info({ event: 'control.certificate', until: certificate.validTo }, 'The control listener has a new certificate.');
    } catch (error) {
      log.error({ event: 'control.certificate', err: error }, 'The new certificate cannot be used: the former one stays.');
    }
    seen = stamp;
  };
  return {
    get context() {
      return context;
    },
    isFor: (host) => {
      const bare = host.replace(/^\[|\]$/g, '');
      return (isIP(bare) === 0 ? certificate.checkHost(bare) : certificate.checkIP(bare)) !== undefined;
    },
    watch: (changed) => {
      timer = clock.after(lookMs, () => look(changed));
    },
    stop: () => timer?.cancel(),
  };
}

function read(files: TlsFiles): { context: TlsContext; certificate: X509Certificate } {
  try {
    const [cert, key] = [readFileSync(files.certificate), readFileSync(files.key)];
    // It fails where the two do not fit.
    createSecureContext({ cert, key });
    return { context: { cert, key }, certificate: new X509Certificate(cert) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The control listener cannot use ${files.certificate} and ${files.key}: ${reason}`;
    throw listenError('MORTISE_ENGINE_TLS', message, { cause: error });
  }
}

function stampOf({ certificate, key }: TlsFiles): string {
  return [certificate, key]
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return `${stat?.mtimeMs} ${stat?.size} ${stat?.ino}`;
    })
    .join();
}
