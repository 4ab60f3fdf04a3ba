// A system for tests: a real HTTP server that answers as told, behind a proxy that breaks connections.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { startFaultProxy } from '@mortise/sdk/testing';
import type { FaultProxy } from '@mortise/sdk/testing';

export interface ReceivedRequest {
  readonly method: string;
  /** The path with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface TestSystem {
  /** Where it is, without the proxy. */
  readonly url: string;
  readonly proxy: FaultProxy & { readonly url: string };
  /** How it answers; 200 without a body unless set. */
  answer: (received: ReceivedRequest) => TestAnswer;
  /** Every request that came whole. */
  readonly received: readonly ReceivedRequest[];
  /** Those that were answered 2xx, or would have been. */
  readonly taken: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** With TLS where certificates are given: as `createServer` of node:https takes them. */
export async function startTestSystem(tls?: ServerOptions): Promise<TestSystem> {
  const received: ReceivedRequest[] = [];
  const taken: ReceivedRequest[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    request.toArray().then(
      (chunks: Buffer[]) => {
        const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
        received.push(one);
        const { status, headers: given, body } = system.answer(one);
        if (status < 300) taken.push(one);
        response.writeHead(status, given).end(body);
      },
      () => response.destroy(),
    );
  };
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await startFaultProxy({ target: { port } });
  const system: TestSystem = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    proxy: Object.assign(proxy, { url: `${tls ? 'https' : 'http'}://127.0.0.1:${proxy.port}` }),
    answer: () => ({ status: 200 }),
    received,
    taken,
    async close() {
      await proxy.close();
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
  return system;
}
