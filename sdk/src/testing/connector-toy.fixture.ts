// A connector for the tests of the kit itself, small and right, and ways to make it wrong.

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConnector, defineInbound, defineOutbound, implementInbounds, implementOutbounds } from '../connector.ts';
import { Busy, InDoubt, Rejected, Unavailable } from '../errors.ts';
import { optionTable } from '../field-docs.ts';
import { field } from '../field.ts';
import { isBodyStream } from '../message.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { InboundStage, OutboundStage } from './connector-kit-stage.ts';

export const toy = defineConnector({
  name: 'toy',
  doc: 'Tries out the kit.',
  connection: {
    port: field.integer({ doc: 'The port of the other system.', default: 1 }),
    token: field.secret({ doc: 'What it knows us by.', optional: true }),
  },
  inbounds: {
    listen: defineInbound({
      doc: 'Takes requests.',
      mode: 'listening',
      gives: 'bytes',
      options: { path: field.text({ doc: 'Where.', default: '/toy' }) },
    }),
    poll: defineInbound({ doc: 'Reads a shelf.', mode: 'polling', gives: 'value', options: {} }),
  },
  outbounds: {
    send: defineOutbound({ doc: 'Sends a request.', takes: 'bytes', replies: false, repeats: 'unsafe', options: {} }),
  },
});

/** The shelf that `poll` reads, in place of a database. */
export const shelf: { texts: string[]; broken: boolean } = { texts: [], broken: false };

/** What is made wrong on purpose. */
export interface Faults {
  readonly acknowledgesEarly?: boolean;
  readonly hasNoKey?: boolean;
  readonly forgetsCursor?: boolean;
  readonly keepsRoute?: boolean;
  readonly logsToken?: boolean;
  readonly saysUnavailable?: boolean;
  readonly keepsChunks?: boolean;
}

export const toyInbounds = (faults: Faults = {}) =>
  implementInbounds(toy, {
    listen: async ({ http, options, accept }) => {
      const route = http.route({
        method: 'POST',
        path: options.path,
        bodyBytesMax: 1000,
        async handle(request) {
          const key = request.headers['key'] ?? '';
          const body = await request.readBody();
          const accepted = accept([{ body }], faults.hasNoKey ? {} : { key });
          const response = accepted.then(
            () => ({ status: 202 }),
            () => ({ status: 503 }),
          );
          return faults.acknowledgesEarly ? { status: 202 } : response;
        },
      });
      return { close: async () => (faults.keepsRoute ? undefined : route.close()) };
    },
    poll: async ({ accept, cursor }) => {
      let next = faults.forgetsCursor ? 0 : Number(cursor ?? 0);
      return {
        async poll() {
          if (shelf.broken) throw new Error('The shelf is broken.');
          const text = shelf.texts[next];
          if (text === undefined) return 'idle';
          await accept([{ body: text }], { cursor: next + 1 });
          next++;
          return 'more';
        },
        async close() {},
      };
    },
  });

export const toyOutbounds = (faults: Faults = {}) =>
  implementOutbounds(toy, {
    send: async ({ connection, log }) => ({
      async send(message, { signal }) {
        if (signal.aborted) throw new Unavailable('There is no time.');
        if (faults.logsToken) log.info({ token: connection.token }, 'Sending.');
        const sending = request({
          port: connection.port,
          method: 'POST',
          agent: false,
          signal,
          headers: { token: connection.token ?? '' },
        });
        const connected = once(sending, 'socket').then(async ([socket]) => socket.connecting && once(socket, 'connect'));
        sending.on('error', () => undefined);
        await connected.catch(() => {
          throw new Unavailable('Not reached.');
        });
        const chunks = isBodyStream(message.body) ? message.body.open() : [message.body as Uint8Array];
        try {
          const answered = once(sending, 'response');
          for await (const chunk of chunks) sending.write(faults.keepsChunks ? chunk : Uint8Array.from(chunk));
          sending.end();
          const [answer] = await answered;
          answer.resume();
          if (answer.statusCode === 503) throw new Busy('Not now.', 1000);
          if (answer.statusCode !== 200) throw new Rejected('No.');
          return { detail: '200' };
        } catch (error) {
          if (error instanceof Busy || error instanceof Rejected) throw error;
          throw faults.saysUnavailable ? new Unavailable('No answer.') : new InDoubt('No answer.');
        }
      },
      async close() {},
    }),
  });

export const toyPing = async (connection: { readonly port: number }, signal: AbortSignal): Promise<string> => {
  const asking = request({ port: connection.port, method: 'HEAD', agent: false, signal });
  asking.end();
  const [answer] = await once(asking, 'response');
  return `answers ${answer.statusCode}`;
};

/** A folder named `toy` with the README that fits. */
export function toyFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'mortise-kit-')), 'toy');
  mkdirSync(folder);
  const tables = { connection: toy.connection, listen: toy.inbounds.listen.options, poll: {}, send: {} };
  const readme = Object.entries(tables).map(
    ([name, fields]) => `<!-- options ${name} -->\n${optionTable(fields)}\n<!-- /options -->\n`,
  );
  writeFileSync(join(folder, 'README.md'), readme.join('\n'));
  return folder;
}

export function listenStage(): InboundStage {
  const statuses = new Map<number, number>();
  const deliver: InboundStage['deliver'] = (n, inbound) => {
    statuses.delete(n);
    const body = `delivery ${n}`;
    const posting = fetch(`${inbound.listener.url}/toy`, { method: 'POST', body, headers: { key: `key-${n}` } });
    posting.then(
      (response) => statuses.set(n, response.status),
      () => undefined,
    );
  };
  return {
    deliver,
    redeliver: deliver,
    repeat: deliver,
    body: (n) => `delivery ${n}`,
    acknowledged: (n) => statuses.get(n) === 202,
    async half(_, inbound) {
      const sending = request(`${inbound.listener.url}/toy`, { method: 'POST', headers: { 'content-length': 100 } });
      sending.on('error', () => undefined);
      await new Promise<void>((resolve) => sending.write('half', () => resolve()));
      sending.destroy();
      return {};
    },
    close: () => undefined,
  };
}

export function shelfStage(): InboundStage {
  Object.assign(shelf, { texts: [], broken: false });
  return {
    deliver: (n) => void shelf.texts.push(`text ${n}`),
    body: (n) => `text ${n}`,
    down: () => void (shelf.broken = true),
    up: () => void (shelf.broken = false),
    close: () => undefined,
  };
}

/** A server that counts requests, behind a proxy that breaks connections. */
export async function sendStage(): Promise<OutboundStage> {
  const state = { effects: 0, received: '', status: 200, answers: true };
  const act = (incoming: IncomingMessage, response: ServerResponse, received: string) => {
    const status = incoming.headers['token'] === 'good-token' || incoming.method === 'HEAD' ? state.status : 401;
    if (status === 200) Object.assign(state, { effects: state.effects + 1, received });
    if (state.answers) response.writeHead(status).end();
  };
  const server = createServer((incoming, response) => {
    incoming.toArray().then(
      (chunks) => act(incoming, response, chunks.join('')),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startFaultProxy({ target: { port: (server.address() as AddressInfo).port } });
  return {
    connection: { port: proxy.port, token: 'env:TOKEN' },
    secrets: { TOKEN: 'good-token', BAD: 'wrong-token' },
    badConnection: { port: proxy.port, token: 'env:BAD' },
    body: (n) => `body ${n}`,
    effects: () => state.effects,
    received: () => state.received,
    down: () => proxy.set({ mode: 'refuse' }),
    up: () => proxy.set({ mode: 'pass' }),
    refuse: () => void (state.status = 422),
    busy: () => void (state.status = 503),
    stallAnswer: () => void (state.answers = false),
    cutWhileSending: () => proxy.set({ mode: 'cut', direction: 'toTarget', afterBytes: 20 }),
    cutBeforeAnswer: () => proxy.set({ mode: 'cut', direction: 'toClient', afterBytes: 0 }),
    async restore() {
      state.answers = true;
      await proxy.set({ mode: 'pass' });
    },
    freed: () => proxy.connections === 0,
    async close() {
      await proxy.close();
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}
