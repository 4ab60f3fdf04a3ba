// Over TLS: who is believed, who is let in, and what does not come about in time.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { makeAuthority, openInboundForTest, openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { InboundHarness } from '@mortise/sdk/testing';
import { expect, it } from 'vitest';
import { ping } from './client.ts';
import connector from './connector.ts';
import { inbounds } from './inbound.ts';
import { outbounds } from './outbound.ts';
import { TestSender, freePort, messageOf } from './test-system.fixture.ts';

const authority = makeAuthority('an authority');
const stranger = makeAuthority('a stranger');
const own = authority.issue('the hub');
const client = authority.issue('the sender');
const secrets = {
  CA: authority.cert,
  OTHER_CA: stranger.cert,
  CERT: own.cert,
  KEY: own.key,
  CLIENT: client.cert,
  CLIENT_KEY: client.key,
};
const serverTls = { certificate: 'env:CERT', key: 'env:KEY' };

async function listening(tls: object): Promise<{ readonly port: number; readonly inbound: InboundHarness }> {
  const port = await freePort();
  return { port, inbound: await openInboundForTest({ connector, inbounds, name: 'listen', options: { port, tls }, secrets }) };
}

async function sent(port: number, tls: object): Promise<unknown> {
  const connection = { host: '127.0.0.1', port, tls, connectTimeout: '5s' };
  const outbound = await openOutboundForTest({ connector, outbounds, name: 'send', connection, secrets });
  const outcome: unknown = await outbound.send(messageOf('M1'), {}, { timeoutMs: 5000 }).catch((error: unknown) => error);
  await outbound.close();
  return outcome;
}

it('sends to a receiver whose certificate is of the authority, and to no other', async () => {
  const { port, inbound } = await listening(serverTls);
  expect(await sent(port, { ca: 'env:OTHER_CA' })).toMatchObject({ name: 'Unavailable' });
  expect(await sent(port, {})).toMatchObject({ name: 'Unavailable' });
  expect(await sent(port, { ca: 'env:CA', serverName: 'other.example' })).toMatchObject({ name: 'Unavailable' });
  expect(inbound.accepted.messages).toEqual([]);
  expect(await sent(port, { ca: 'env:CA' })).toMatchObject({ detail: 'AA' });
  expect(inbound.accepted.messages).toHaveLength(1);
  await inbound.close();
});

it('lets in only senders with a certificate, where it is told so', async () => {
  const { port, inbound } = await listening({ ...serverTls, clientCa: 'env:CA' });
  expect(await sent(port, { ca: 'env:CA' })).toHaveProperty('code');
  expect(inbound.accepted.messages).toEqual([]);
  const shown = { ca: 'env:CA', certificate: 'env:CLIENT', key: 'env:CLIENT_KEY' };
  expect(await sent(port, shown)).toMatchObject({ detail: 'AA' });
  await inbound.close();
});

it('takes no plain text where it listens with TLS', async () => {
  const { port, inbound } = await listening(serverTls);
  const plain = new TestSender(port);
  plain.send(messageOf('M1'));
  await waitUntil('the sender is cut off', () => plain.isClosed);
  const secure = new TestSender(port, connect({ port, host: '127.0.0.1', ca: authority.cert }));
  secure.send(messageOf('M2'));
  await waitUntil('the message is acknowledged', () => secure.codes('M2').length > 0);
  expect(inbound.accepted.messages).toHaveLength(1);
  secure.close();
  await inbound.close();
});

it('is Unavailable when time is up in a handshake', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = { host: '127.0.0.1', port, tls: {}, connectTimeout: '100ms' };
  const outbound = await openOutboundForTest({ connector, outbounds, name: 'send', connection });
  const failure: unknown = await outbound.send(messageOf('M1')).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'Unavailable', message: expect.stringContaining('within 100 ms') });
  await outbound.close();
  server.close();
});

it('is asked for by ping', async () => {
  const { port, inbound } = await listening(serverTls);
  const usual = { connections: 1, connectTimeout: 5000, answerTimeout: 5000, idleTimeout: 5000, allowLinkLocal: false };
  const asked = (ca: string) => ping({ ...usual, host: '127.0.0.1', port, tls: { ca } }, AbortSignal.timeout(5000));
  expect(await asked(authority.cert)).toContain('came about');
  await expect(asked(stranger.cert)).rejects.toMatchObject({ name: 'Unavailable' });
  await inbound.close();
});
