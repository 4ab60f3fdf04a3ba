// Sends a notice by e-mail. The only file that imports nodemailer, on first use.

import type { AlertReceiver } from '../flow/definitions.ts';
import { subjectOf, textOf } from './notice.ts';
import type { Notice } from './notice.ts';

type MailReceiver = Extract<AlertReceiver, { kind: 'mail' }>;

/** A server that takes longer is tried again later. */
const timeoutMs = 20_000;

/** `password` is its text. Rejects where the server does not take it for any of the addresses. */
export async function sendMail(
  { host, port, tls, user, from, to }: MailReceiver,
  password: string | undefined,
  id: string,
  notice: Notice,
): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
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
  } finally {
    transport.close();
  }
}
