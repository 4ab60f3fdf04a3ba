// Listens for messages: each is handed over, and acknowledged when it is on disk.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { implementInbounds } from '@mortise/sdk';
import type { Accepted, AcceptOptions, InboundContextOf, PendingReply, Reply } from '@mortise/sdk';
import { BlockCutter, blockOf } from './blocks.ts';
import type { Found } from './blocks.ts';
import connector from './connector.ts';
import { mllpError } from './errors.ts';
import { acknowledgementOf, controlIdOf, readHeader } from './header.ts';
import type { Header, Outcome } from './header.ts';
import { readTls } from './tls.ts';

type Context = InboundContextOf<typeof connector, 'listen'>;

/** What is told to a sender, in the block that goes back; undefined where it does not want to be told. */
type Told = Uint8Array | undefined;

export const inbounds = implementInbounds(connector, {
  listen: async (context) => {
    const listener = new MllpListener(context);
    await listener.open();
    return { close: async () => listener.close() };
  },
});

class MllpListener {
  readonly #context: Context;
  readonly #sockets = new Set<Socket>();
  readonly #serving = new Set<Promise<void>>();
  #server: Server | undefined;
  #acknowledged = 0;
  /** Those of which a message is being taken. */
  readonly #busy = new Set<Socket>();
  readonly #closing = new AbortController();

  constructor(context: Context) {
    this.#context = context;
  }

  async open(): Promise<void> {
    const { options, signal } = this.#context;
    signal.throwIfAborted();
    const { host, port, tls, connectionsMax } = options;
    const serve = (socket: Socket) => this.#join(socket);
    const server = tls
      ? createTlsServer({ ...(await this.#secure(tls)), allowHalfOpen: true, noDelay: true }, serve)
      : createTcpServer({ allowHalfOpen: true, noDelay: true }, serve);
    server.maxConnections = connectionsMax;
    this.#server = server;
    try {
      server.listen(port, host);
      await once(server, 'listening', { signal });
    } catch (error) {
      server.close();
      throw mllpError('MORTISE_MLLP_LISTEN_FAILED', `${host}:${port} cannot be listened on: ${(error as Error).message}.`, {
        cause: error,
      });
    }
    server.on('error', (error) => this.#context.log.error({ error: error.message }, 'The listener failed.'));
  }

  /** What is being committed is acknowledged; then everybody is cut off. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#server?.close();
    for (const socket of this.#idleSockets()) socket.destroy();
    await Promise.allSettled(this.#serving);
  }

  async #secure(tls: NonNullable<Context['options']['tls']>): Promise<object> {
    const { clientCa, clientCaFile, ...own } = tls;
    const asksClients = clientCa !== undefined || clientCaFile !== undefined;
    const given = {
      ...own,
      ...(clientCa === undefined ? {} : { ca: clientCa }),
      ...(clientCaFile === undefined ? {} : { caFile: clientCaFile }),
    };
    return { ...(await readTls(given)), requestCert: asksClients, rejectUnauthorized: asksClients };
  }

  #idleSockets(): Socket[] {
    return [...this.#sockets].filter((socket) => !this.#busy.has(socket));
  }

  #join(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.setTimeout(this.#context.options.idleTimeout, () => {
      if (!this.#busy.has(socket)) socket.destroy();
    });
    const serving = this.#serve(socket).finally(() => {
      socket.destroySoon();
      this.#sockets.delete(socket);
      this.#serving.delete(serving);
    });
    this.#serving.add(serving);
  }

  /** One block after the other: the next is not looked at before the one before is acknowledged. */
  async #serve(socket: Socket): Promise<void> {
    const cutter = new BlockCutter(this.#context.messageBytesMax);
    // What is still to be written when this ends is written.
    const chunks: AsyncIterable<Uint8Array> = socket.iterator({ destroyOnReturn: false });
    try {
      for await (const chunk of chunks)
        for (const found of cutter.push(chunk)) {
          this.#busy.add(socket);
          const goesOn = await this.#meet(found, socket);
          this.#busy.delete(socket);
          if (!goesOn || this.#closing.signal.aborted) return;
        }
      for (const found of cutter.end()) if (!(await this.#meet(found, socket))) return;
      socket.end();
    } catch (error) {
      this.#context.log.debug({ error: (error as Error).message, remoteAddress: socket.remoteAddress }, 'A sender was cut off.');
    }
  }

  /** False where the sender is to be cut off. */
  async #meet(found: Found, socket: Socket): Promise<boolean> {
    const { log, messageBytesMax } = this.#context;
    const remoteAddress = socket.remoteAddress ?? '';
    if (found.kind === 'garbage') log.warn({ remoteAddress, bytes: found.count }, 'Bytes outside of a block were passed over.');
    else if (found.kind === 'unended') log.warn({ remoteAddress }, 'A block had no end, and was passed over.');
    else if (found.kind === 'tooLong') {
      log.warn({ remoteAddress }, `A message longer than ${messageBytesMax} bytes was refused.`);
      return this.#answer(
        socket,
        this.#acknowledge(readHeader(found.bytes), 'rejected', `The message is longer than ${messageBytesMax} bytes.`),
      );
    } else return this.#take(found.bytes, socket, remoteAddress);
    return true;
  }

  async #take(bytes: Uint8Array, socket: Socket, remoteAddress: string): Promise<boolean> {
    const { accept, log } = this.#context;
    const header = readHeader(bytes);
    const headers = {
      'mllp-remote-address': remoteAddress,
      'hl7-control-id': controlIdOf(header),
      'hl7-message-type': header?.fields[9] ?? '',
    };
    const incoming = { body: bytes, contentType: 'application/hl7-v2', headers };
    try {
      const accepted = await accept([incoming], this.#once(header, bytes));
      return this.#answer(socket, await this.#outcome(header, accepted));
    } catch (error) {
      // Nothing is acknowledged: the sender comes again.
      log.warn({ remoteAddress, error: (error as Error).message }, 'A message was not accepted; its sender was cut off.');
      return false;
    }
  }

  async #outcome(header: Header | undefined, accepted: readonly Accepted[]): Promise<Told> {
    const refused = accepted.find((one) => one.refused)?.refused;
    if (refused) return this.#acknowledge(header, header ? 'error' : 'rejected', `${refused.code}: ${refused.message}`);
    if (accepted.some((one) => one.conflict))
      return this.#acknowledge(header, 'error', 'MSH-10 was used before, for a message that was another one.');
    const reply = await this.#reply(accepted.find((one) => one.reply)?.reply);
    if (reply?.body instanceof Uint8Array) return reply.body;
    return this.#acknowledge(header, 'accepted');
  }

  /** What the flow replies in time; nothing where the inbound is closed meanwhile. */
  async #reply(pending: PendingReply | undefined): Promise<Reply | undefined> {
    const { signal } = this.#closing;
    if (!pending || signal.aborted) return undefined;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const closed = () => resolve(undefined);
    signal.addEventListener('abort', closed);
    return Promise.race([pending.wait(this.#context.options.replyTimeout), promise]).finally(() =>
      signal.removeEventListener('abort', closed),
    );
  }

  /** By what the engine recognises a message that was taken before. */
  #once(header: Header | undefined, bytes: Uint8Array): AcceptOptions {
    const { identity } = this.#context.options;
    const [, , , application = '', facility = ''] = header?.fields ?? [];
    if (identity === 'content') return { key: digest(bytes) };
    if (identity === 'none' || controlIdOf(header) === '') return {};
    return { key: digest(Buffer.from(JSON.stringify([application, facility, controlIdOf(header)]))), sameBody: true };
  }

  #acknowledge(header: Header | undefined, outcome: Outcome, text?: string): Told {
    const nowMs = this.#context.clock.nowMs();
    this.#acknowledged += 1;
    const controlId = `${nowMs.toString(36)}-${this.#acknowledged}`;
    return acknowledgementOf(header, { outcome, controlId, nowMs, ...(text === undefined ? {} : { text }) });
  }

  #answer(socket: Socket, told: Told): boolean {
    if (told && !socket.destroyed) socket.write(blockOf(told));
    return !socket.destroyed;
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
