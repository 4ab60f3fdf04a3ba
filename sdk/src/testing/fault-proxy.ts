// A TCP proxy that breaks connections on demand: it stands between a connector and the real system in tests.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Which way bytes go: to the system that stands behind the proxy, or back to who connected. */
export type Direction = 'toTarget' | 'toClient';

/** What the proxy does. Bytes count for each connection and direction from 0, from the moment the fault is set. */
export type Fault =
  | { readonly mode: 'pass' }
  /** Connections that stand are reset, new ones are refused: nobody listens. */
  | { readonly mode: 'refuse' }
  /** Both sides are reset once `afterBytes` have gone through; at 0, when the first byte comes, which does not go through. */
  | { readonly mode: 'cut'; readonly direction: Direction; readonly afterBytes: number }
  /** Nothing more goes through after so many bytes, until another fault is set; connections stay. */
  | { readonly mode: 'stall'; readonly direction: Direction; readonly afterBytes: number }
  | { readonly mode: 'slow'; readonly direction: Direction; readonly bytesPerSecond: number }
  /** After so many bytes the receiver of this direction sees the end; the other direction goes on. */
  | { readonly mode: 'half-close'; readonly direction: Direction; readonly afterBytes: number };

export interface FaultProxy {
  readonly host: string;
  /** The same for the proxy's whole life. */
  readonly port: number;
  /** How many connections stand. */
  readonly connections: number;
  /** How many connections there have been. */
  readonly accepted: number;
  set(fault: Fault): Promise<void>;
  /** Resets every connection that stands. */
  cutAll(): void;
  close(): Promise<void>;
}

interface Target {
  readonly host?: string;
  readonly port: number;
}

const host = '127.0.0.1';
const slowPieceMs = 20;

export async function startFaultProxy({ target }: { readonly target: Target }): Promise<FaultProxy> {
  const proxy = new TcpProxy(target);
  await proxy.listen(0);
  return proxy;
}

class TcpProxy implements FaultProxy {
  readonly host = host;
  port = 0;
  accepted = 0;
  fault: Fault = { mode: 'pass' };
  changed = Promise.withResolvers<void>();
  readonly #target: Target;
  readonly #pairs = new Set<readonly Socket[]>();
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client));

  constructor(target: Target) {
    this.#target = target;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async set(fault: Fault): Promise<void> {
    const last = this.changed;
    [this.fault, this.changed] = [fault, Promise.withResolvers<void>()];
    last.resolve();
    if (fault.mode === 'refuse') await this.#stop();
    else if (!this.#server.listening) await this.listen(this.port);
  }

  cutAll(): void {
    for (const pair of this.#pairs) reset(pair);
  }

  async close(): Promise<void> {
    this.fault = { mode: 'pass' };
    this.changed.resolve();
    await this.#stop();
  }

  async #stop(): Promise<void> {
    this.cutAll();
    if (this.#server.listening) await this.#server[Symbol.asyncDispose]();
  }

  #join(client: Socket): void {
    this.accepted++;
    const target = connect({ host: this.#target.host ?? host, port: this.#target.port, allowHalfOpen: true, noDelay: true });
    const pair = [client, target] as const;
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => reset(pair));
      socket.on('close', () => {
        if (pair.every((one) => one.destroyed)) this.#pairs.delete(pair);
      });
    }
    void new Pump(this, 'toTarget', client, target).run().catch(() => reset(pair));
    void new Pump(this, 'toClient', target, client).run().catch(() => reset(pair));
  }
}

/** One direction of one connection. */
class Pump {
  readonly #proxy: TcpProxy;
  readonly #direction: Direction;
  readonly #from: Socket;
  readonly #to: Socket;
  #fault: Fault | undefined;
  #passedBytes = 0;
  #ended = false;

  constructor(proxy: TcpProxy, direction: Direction, from: Socket, to: Socket) {
    this.#proxy = proxy;
    this.#direction = direction;
    this.#from = from;
    this.#to = to;
  }

  async run(): Promise<void> {
    for await (const chunk of this.#from.iterator({ destroyOnReturn: false })) {
      await this.#forward(chunk as Buffer);
    }
    if (!this.#ended) this.#to.end();
  }

  async #forward(chunk: Buffer): Promise<void> {
    for (let rest = chunk; rest.byteLength > 0; ) {
      const fault = this.#currentFault();
      const piece = rest.subarray(0, this.#allowedBytes(fault, rest.byteLength));
      if (piece.byteLength > 0) await this.#write(piece);
      rest = rest.subarray(piece.byteLength);
      if (await this.#strike(fault, rest)) return;
    }
  }

  /** The fault for this direction. A new one counts its bytes from 0. */
  #currentFault(): Fault {
    const fault = this.#proxy.fault;
    if (fault !== this.#fault) [this.#fault, this.#passedBytes] = [fault, 0];
    return 'direction' in fault && fault.direction !== this.#direction ? { mode: 'pass' } : fault;
  }

  #allowedBytes(fault: Fault, bytes: number): number {
    if ('afterBytes' in fault) return Math.min(bytes, Math.max(0, fault.afterBytes - this.#passedBytes));
    return fault.mode === 'slow' ? Math.min(bytes, Math.max(1, Math.round((fault.bytesPerSecond * slowPieceMs) / 1000))) : bytes;
  }

  async #write(piece: Buffer): Promise<void> {
    this.#passedBytes += piece.byteLength;
    if (this.#ended) return;
    await new Promise<void>((resolve, reject) => this.#to.write(piece, (error) => (error ? reject(error) : resolve())));
  }

  /** Does what the fault says at this point. True where the rest of the chunk is not to be forwarded. */
  async #strike(fault: Fault, rest: Buffer): Promise<boolean> {
    if (fault.mode === 'slow') await new Promise((resolve) => setTimeout(resolve, slowPieceMs));
    if (!('afterBytes' in fault) || this.#passedBytes < fault.afterBytes) return false;
    if (fault.mode === 'stall') {
      if (rest.byteLength > 0 && this.#proxy.fault === this.#fault) await this.#proxy.changed.promise;
      return false;
    }
    if (fault.mode === 'cut') reset([this.#from, this.#to]);
    else this.#halfClose();
    return true;
  }

  #halfClose(): void {
    if (!this.#ended) this.#to.end();
    this.#ended = true;
  }
}

function reset(sockets: readonly Socket[]): void {
  for (const socket of sockets) {
    if (!socket.destroyed) socket.resetAndDestroy();
  }
}
