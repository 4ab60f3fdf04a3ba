// Sends a notice by e-mail. The only file that imports nodemailer, on first use.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AlertReceiver } from '../flow/definitions.ts';
import { subjectOf, textOf } from './notice.ts';
import type { Notice } from './notice.ts';

type MailReceiver = Extract<AlertReceiver, { kind: 'mail' }>;

/** A server that takes longer is tried again later. */
const timeoutMs = 20_000;

/** What stands behind the references of a receiver: the text of its password, and the folder of the project, in which its files are. */
export interface MailMeans {
  readonly password: string | undefined;
  readonly folder: string;
}

/** Rejects where the server does not take it for any of the addresses, or has no certificate that is trusted. */
export async function sendMail(
  { host, port, tls, caFile, user, from, to }: MailReceiver,
  { password, folder }: MailMeans,
  id: string,
  notice: Notice,
): Promise<void> {
  const ca = caFile === undefined ? undefined : await readAuthorities(resolve(folder, caFile), caFile);
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: subjectOf(notice),
      text: textOf(notice),
      // The same on each attempt: what was sent twice is one message to whoever looks at it.
      messageId: `<${id}@${notice.project}.mortise>`,
      headers: { 'auto-submitted': 'auto-generated', 'x-mortise-alert': `${notice.type} ${notice.rule.name}` },
    });
  } catch (error) {
    throw isOfCertificate(error) ? refused(`${host}:${port}`, caFile, error) : error;
  } finally {
    transport.close();
  }
}

/** What is no PEM at all would be taken for nothing, and the usual authorities be trusted. */
async function readAuthorities(path: string, named: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Error(`caFile: ${named} cannot be read: ${error.message}.`, { cause: error });
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Error(`caFile: ${named} holds no certificate: expected "-----BEGIN CERTIFICATE-----" in it.`);
}

/** OpenSSL's codes of what is wrong with a certificate, and Node's of one for another name. nodemailer keeps them beside its own. */
function isOfCertificate(error: unknown): error is Error {
  if (!(error instanceof Error) || !('originalCode' in error)) return false;
  return /CERT|ISSUER|SIGNATURE/.test(String(error.originalCode));
}

function refused(at: string, caFile: string | undefined, error: Error & { readonly originalCode?: unknown }): Error {
  const isOther = error.originalCode === 'ERR_TLS_CERT_ALTNAME_INVALID';
  const remedy = isOther
    ? 'Write the host as the certificate names it.'
    : `Have its authority in ${caFile === undefined ? 'a file that caFile names' : caFile}.`;
  const reason = error.message.split(';')[0]?.replace(/\.$/, '');
  return new Error(`The certificate of ${at} is not trusted: ${reason}. ${remedy}`, { cause: error });
}
