// For tests of alerts: a mail server and a receiver of webhooks, both real, which refuse while they are told to.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  readonly port: number;
  /** Whole mails, as they came. */
  readonly mails: readonly string[];
  refuse(isRefusing: boolean): void;
  close(): Promise<void>;
}

export interface MailServerTls {
  readonly cert: string;
  readonly key: string;
  /** TLS from the first byte; else by STARTTLS. */
  readonly isImplicit: boolean;
}

/** Takes mail of user `mortise` only; with a certificate not without TLS. */
export async function openMailServer(password: string, tls?: MailServerTls): Promise<MailServer> {
  const mails: string[] = [];
  let isRefusing = false;
  const server = new SMTPServer({
    ...(tls
      ? { secure: tls.isImplicit, cert: tls.cert, key: tls.key }
      : { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }),
    onAuth({ username, password: given }, _session, done) {
      if (username === 'mortise' && given === password) done(null, { user: username });
      else done(new Error(`no user with password ${given}`));
    },
    onData(stream, session, done) {
      if (tls && !session.secure) return done(new Error('without TLS'));
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (!isRefusing) mails.push(Buffer.concat(chunks).toString());
        done(isRefusing ? new Error('The mailbox is full.') : null);
      });
    },
  });
  // A client that refuses the certificate ends the connection.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    refuse: (next) => (isRefusing = next),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export interface Webhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookServer {
  readonly url: string;
  readonly received: readonly Webhook[];
  /** The ids of what it refused. */
  readonly refused: readonly string[];
  answerWith(status: number): void;
  close(): Promise<void>;
}

export async function openWebhookServer(): Promise<WebhookServer> {
  const received: Webhook[] = [];
  const refused: string[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (status < 300) received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      else refused.push(String(request.headers['webhook-id']));
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/4n-address-that-is-secret`,
    received,
    refused,
    answerWith: (next) => (status = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
