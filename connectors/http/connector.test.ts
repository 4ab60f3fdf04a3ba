// The http connector runs through the conformance kit, against a real HTTP server behind a proxy that breaks connections.

import { request as httpRequest } from 'node:http';
import { connectorKit } from '@mortise/sdk/testing';
import type { InboundStage, OutboundStage } from '@mortise/sdk/testing';
import { ping } from './client.ts';
import connector from './connector.ts';
import { startTestSystem } from './test-system.fixture.ts';
import { inbounds } from './inbound.ts';
import { outbounds } from './outbound.ts';

const webhook = {
  resumes: 'the sender keeps what is not accepted, not the inbound',
  down: 'the other side calls',
  badCredentials: 'it is the sender who shows credentials: see webhook.test.ts',
};

const request = {
  stallBeforeSend: 'a connection over loopback comes about at once: request.test.ts stalls a TLS handshake',
};

connectorKit({
  connector,
  folder: import.meta.dirname,
  inbounds,
  outbounds,
  ping,
  scenarios: {
    inbounds: {
      webhook: [
        { called: 'open to all', setUp: () => senderStage({ scheme: 'none' }, {}), skip: webhook },
        {
          called: 'with an API key',
          setUp: () => senderStage({ scheme: 'api-key', secret: 'env:KEY' }, { 'x-api-key': 'the-key-of-the-sender' }),
          skip: webhook,
        },
      ],
    },
    outbounds: {
      request: [
        { called: 'POST', setUp: () => receiverStage('POST'), skip: request },
        { called: 'PUT', setUp: () => receiverStage('PUT'), skip: request },
      ],
    },
    ping: { setUp: () => receiverStage('POST'), skip: { badCredentials: 'any answer shows that the system is there' } },
  },
});

/** A sender that sends again, with the same idempotency key, until it is answered 2xx. */
function senderStage(verify: object, headers: Record<string, string>): InboundStage {
  const statuses = new Map<number, number>();
  const deliver: InboundStage['deliver'] = (n, { listener }) => {
    statuses.delete(n);
    const init = { method: 'POST', body: `{"delivery":${n}}`, headers: { ...headers, 'idempotency-key': `delivery-${n}` } };
    fetch(`${listener.url}/hook`, init).then(
      ({ status }) => statuses.set(n, status),
      () => undefined,
    );
  };
  return {
    options: { path: '/hook', verify },
    secrets: { KEY: 'the-key-of-the-sender' },
    deliver,
    redeliver: deliver,
    repeat: deliver,
    body: (n) => `{"delivery":${n}}`,
    acknowledged: (n) => statuses.get(n) === 202,
    async half(_, { listener }) {
      const sending = httpRequest(`${listener.url}/hook`, { method: 'POST', headers: { ...headers, 'content-length': 100 } });
      sending.on('error', () => undefined);
      await new Promise<void>((resolve) => void sending.write('{"delivery":', () => resolve()));
      sending.destroy();
      return {};
    },
    close: () => undefined,
  };
}

/** A system that makes every idempotency key once. */
async function receiverStage(method: string): Promise<OutboundStage> {
  const system = await startTestSystem();
  const { proxy } = system;
  system.answer = (received) =>
    received.headers['authorization'] === 'Bearer the-right-token' ? { status: 200 } : { status: 401 };
  return {
    connection: { url: `${proxy.url}/api`, auth: { bearer: 'env:TOKEN' } },
    badConnection: { url: `${proxy.url}/api`, auth: { bearer: 'env:WRONG' } },
    secrets: { TOKEN: 'the-right-token', WRONG: 'a-wrong-token' },
    options: { method, path: '/orders' },
    body: (n) => JSON.stringify({ order: n, text: 'x'.repeat(500) }),
    effects: () => new Set(system.taken.map(({ headers }) => headers['idempotency-key'])).size,
    received: () => system.taken.at(-1)?.body,
    down: () => proxy.set({ mode: 'refuse' }),
    up: () => proxy.set({ mode: 'pass' }),
    refuse: () => void (system.answer = () => ({ status: 422, body: 'No such customer.' })),
    busy: () => void (system.answer = () => ({ status: 503, headers: { 'retry-after': '7' } })),
    stallAnswer: () => proxy.set({ mode: 'stall', direction: 'toClient', afterBytes: 0 }),
    cutWhileSending: () => proxy.set({ mode: 'cut', direction: 'toTarget', afterBytes: 400 }),
    cutBeforeAnswer: () => proxy.set({ mode: 'cut', direction: 'toClient', afterBytes: 0 }),
    restore: () => proxy.set({ mode: 'pass' }),
    freed: () => proxy.connections === 0,
    close: () => system.close(),
  };
}
