// The mllp connector runs through the conformance kit, with real sockets behind a proxy that breaks connections.

import { connectorKit } from '@mortise/sdk/testing';
import type { InboundStage, OutboundStage } from '@mortise/sdk/testing';
import { ping } from './client.ts';
import connector from './connector.ts';
import { inbounds } from './inbound.ts';
import { outbounds } from './outbound.ts';
import { TestSender, acknowledged, freePort, messageOf, silent, startReceiver } from './test-system.fixture.ts';

const listen = {
  resumes: 'the sender keeps what is not acknowledged, not the inbound',
  down: 'the other side connects',
  badCredentials: 'it is the sender who shows a certificate: see tls.test.ts',
};
const send = {
  stallBeforeSend: 'a connection over loopback comes about at once: tls.test.ts stalls a handshake',
  badCredentials: 'without TLS there are none: see tls.test.ts',
};

connectorKit({
  connector,
  folder: import.meta.dirname,
  inbounds,
  outbounds,
  ping,
  scenarios: {
    inbounds: {
      listen: [
        { called: 'by control id', setUp: () => senderStage('control-id'), skip: listen },
        { called: 'by content', setUp: () => senderStage('content'), skip: listen },
      ],
    },
    outbounds: {
      send: [
        { called: 'to a receiver that takes a message twice', setUp: () => receiverStage(false), skip: send },
        { called: 'to a receiver that knows a message again', setUp: () => receiverStage(true), skip: send },
        { called: 'on several connections', setUp: () => receiverStage(false, { connections: 4 }), skip: send },
      ],
    },
    ping: { setUp: () => receiverStage(false), skip: { badCredentials: 'without TLS there are none: see tls.test.ts' } },
  },
});

/** A sender that connects for each message, and knows that it was taken when AA comes. */
async function senderStage(identity: string): Promise<InboundStage> {
  const port = await freePort();
  const senders: TestSender[] = [];
  const codes = new Map<number, () => string[]>();
  const body = (n: number) => messageOf(`M${n}`);
  const begin = (): TestSender => {
    const sender = new TestSender(port);
    senders.push(sender);
    return sender;
  };
  const deliver: InboundStage['deliver'] = (n) => {
    const sender = begin();
    codes.set(n, () => sender.codes(`M${n}`));
    sender.send(body(n));
  };
  return {
    options: { port, identity },
    deliver,
    redeliver: deliver,
    repeat: deliver,
    body,
    acknowledged: (n) => codes.get(n)?.().includes('AA') ?? false,
    async half(n) {
      const sender = begin();
      codes.set(n, () => sender.codes(`M${n}`));
      sender.socket.write(`\u000b${body(n).slice(0, 30)}`);
      return { finish: () => void sender.socket.write(`${body(n).slice(30)}\u001c\r`) };
    },
    freed: () => senders.every((sender) => sender.isClosed),
    close: () => {
      for (const sender of senders) sender.close();
    },
  };
}

async function receiverStage(idempotent: boolean, more: object = {}): Promise<OutboundStage> {
  const receiver = await startReceiver();
  const { proxy } = receiver;
  const usual = receiver.answer;
  return {
    connection: { host: proxy.host, port: proxy.port, ...more },
    options: { idempotent },
    body: (n) => messageOf(`M${n}`),
    effects: () => (idempotent ? new Set(receiver.taken).size : receiver.taken.length),
    received: () => receiver.taken.at(-1),
    down: () => proxy.set({ mode: 'refuse' }),
    up: () => proxy.set({ mode: 'pass' }),
    refuse: () =>
      void (receiver.answer = (header) => ({ takes: false, says: [acknowledged(header, 'error', 'No such patient')] })),
    busy: () =>
      void (receiver.answer = (header) => ({
        takes: false,
        says: [`${Buffer.from(acknowledged(header, 'rejected')).toString()}ERR|||207^Application error^HL70357|E\r`],
      })),
    stallAnswer: () => void (receiver.answer = silent),
    cutWhileSending: () => proxy.set({ mode: 'cut', direction: 'toTarget', afterBytes: 40 }),
    cutBeforeAnswer: () => proxy.set({ mode: 'cut', direction: 'toClient', afterBytes: 0 }),
    restore: async () => {
      receiver.answer = usual;
      await proxy.set({ mode: 'pass' });
    },
    freed: () => proxy.connections === 0,
    close: () => receiver.close(),
  };
}
