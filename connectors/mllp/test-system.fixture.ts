// Systems for tests that speak MLLP: one that receives, behind a proxy that breaks connections, and one that sends.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { startFaultProxy } from '@mortise/sdk/testing';
import type { FaultProxy } from '@mortise/sdk/testing';
import { BlockCutter, blockOf } from './blocks.ts';
import { acknowledgementOf, readAcknowledgement, readHeader } from './header.ts';
import type { Header } from './header.ts';

export interface TestReceiver {
  readonly proxy: FaultProxy;
  /** The messages that were taken, in their order. */
  readonly taken: readonly string[];
  /** Whether a message is taken, and what is said to it, a block each. */
  answer: (
    header: Header | undefined,
    message: string,
  ) => { readonly takes?: boolean; readonly says?: readonly (string | Uint8Array)[] };
  close(): Promise<void>;
}

/** Answers AA to everything, until told otherwise. */
export async function startReceiver(): Promise<TestReceiver> {
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const cutter = new BlockCutter(1 << 20);
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Uint8Array) => {
      for (const found of cutter.push(chunk)) {
        if (found.kind !== 'block') continue;
        const message = Buffer.from(found.bytes).toString();
        const { takes = true, says = [] } = receiver.answer(readHeader(found.bytes), message);
        if (takes) taken.push(message);
        for (const one of says) socket.write(blockOf(Buffer.from(one)));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startFaultProxy({ target: { port: (server.address() as AddressInfo).port } });
  const receiver: TestReceiver = {
    proxy,
    taken,
    answer: (header) => ({ says: [acknowledged(header, 'accepted')] }),
    async close() {
      await proxy.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return receiver;
}

/** Takes a message and answers nothing. */
export const silent: TestReceiver['answer'] = () => ({});

export function acknowledged(header: Header | undefined, outcome: 'accepted' | 'error' | 'rejected', text?: string): Uint8Array {
  const told = { outcome, controlId: 'A1', nowMs: 0, ...(text === undefined ? {} : { text }) };
  return acknowledgementOf(header, told) ?? new Uint8Array();
}

/** A message with this MSH-10. */
export function messageOf(controlId: string, more = ''): string {
  return `MSH|^~\\&|ADT1|GHH|LAB|KIS|20261126101500||ADT^A01^ADT_A01|${controlId}|P|2.5${more}\rPID|1||100200\r`;
}

/** A sender: keeps what it is answered. */
export class TestSender {
  readonly socket: Socket;
  readonly answers: string[] = [];
  isClosed = false;
  readonly #cutter = new BlockCutter(1 << 20);

  constructor(port: number, socket = connect({ port, host: '127.0.0.1', noDelay: true })) {
    this.socket = socket;
    socket.on('error', () => undefined).on('close', () => (this.isClosed = true));
    socket.on('data', (chunk: Uint8Array) => {
      for (const found of this.#cutter.push(chunk))
        if (found.kind === 'block') this.answers.push(Buffer.from(found.bytes).toString());
    });
  }

  send(message: string | Uint8Array): void {
    this.socket.write(blockOf(Buffer.from(message)));
  }

  /** The codes of the acknowledgements of a message. */
  codes(controlId: string): string[] {
    return this.answers.flatMap((answer) => {
      const read = readAcknowledgement(Buffer.from(answer));
      return read?.controlId === controlId ? [read.code] : [];
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
