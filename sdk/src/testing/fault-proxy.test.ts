// The fault proxy: each fault does to a real connection what its name says.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from './connector-until.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';

let server: Server;
let proxy: FaultProxy;
/** What the target received, all connections together. */
let received: string;
let clients: Socket[];

beforeEach(async () => {
  [received, clients] = ['', []];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received += String(chunk);
      socket.write(String(chunk).toUpperCase());
    });
    socket.on('end', () => socket.end('.'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startFaultProxy({ target: { port: (server.address() as AddressInfo).port } });
});

afterEach(async () => {
  for (const socket of clients) socket.destroy();
  await proxy.close();
  await server[Symbol.asyncDispose]();
});

/** A connection through the proxy that gathers what it gets. */
async function client() {
  const socket = connect({ port: proxy.port, host: proxy.host, allowHalfOpen: true });
  const seen = { text: '', ended: false, error: '' };
  clients.push(socket);
  socket.on('data', (chunk) => (seen.text += String(chunk)));
  socket.on('end', () => (seen.ended = true));
  socket.on('error', (error: Error & { code?: string }) => (seen.error = error.code ?? error.message));
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
  return { socket, seen };
}

describe('pass', () => {
  it('lets both ways through, and the ends', async () => {
    const { socket, seen } = await client();
    socket.end('hello');
    await waitUntil('the end has come back', () => seen.ended);
    expect([received, seen.text]).toEqual(['hello', 'HELLO.']);
    await waitUntil('no connection stands', () => proxy.connections === 0);
    expect(proxy.accepted).toBe(1);
  });
});

describe('refuse', () => {
  it('resets what stands and refuses what comes, until it passes again on the same port', async () => {
    const { port } = proxy;
    const first = await client();
    first.socket.write('a');
    await waitUntil('it answered', () => first.seen.text === 'A');
    await proxy.set({ mode: 'refuse' });
    await waitUntil('what stood is reset', () => first.seen.error === 'ECONNRESET');
    const second = await client();
    await waitUntil('what comes is refused', () => second.seen.error === 'ECONNREFUSED');
    await proxy.set({ mode: 'pass' });
    const third = await client();
    third.socket.write('b');
    await waitUntil('it answers again', () => third.seen.text === 'B');
    expect(proxy.port).toBe(port);
  });
});

describe('cut', () => {
  it('lets so many bytes to the target and resets both', async () => {
    await proxy.set({ mode: 'cut', direction: 'toTarget', afterBytes: 3 });
    const { socket, seen } = await client();
    socket.write('hello');
    await waitUntil('it is reset', () => seen.error === 'ECONNRESET');
    await waitUntil('the first bytes have arrived', () => received === 'hel');
    await waitUntil('no connection stands', () => proxy.connections === 0);
    expect(received).toBe('hel');
  });

  it('lets a request through whole and cuts at the first byte of the answer', async () => {
    await proxy.set({ mode: 'cut', direction: 'toClient', afterBytes: 0 });
    const { socket, seen } = await client();
    socket.write('hello');
    await waitUntil('it is reset', () => seen.error === 'ECONNRESET');
    expect([received, seen.text]).toEqual(['hello', '']);
  });

  it('counts anew for every connection', async () => {
    await proxy.set({ mode: 'cut', direction: 'toTarget', afterBytes: 3 });
    for (const text of ['ab', 'cd']) {
      const { socket, seen } = await client();
      socket.write(text);
      await waitUntil('it answered', () => seen.text === text.toUpperCase());
    }
    expect(received).toBe('abcd');
  });
});

describe('stall', () => {
  it('lets nothing more through until another fault is set, and loses nothing', async () => {
    await proxy.set({ mode: 'stall', direction: 'toClient', afterBytes: 2 });
    const { socket, seen } = await client();
    socket.write('hello');
    await waitUntil('the first bytes are there', () => seen.text === 'HE');
    expect(received).toBe('hello');
    await proxy.set({ mode: 'pass' });
    await waitUntil('the rest is there', () => seen.text === 'HELLO');
    expect(seen.error).toBe('');
  });
});

describe('slow', () => {
  it('lets everything through, in pieces', async () => {
    await proxy.set({ mode: 'slow', direction: 'toClient', bytesPerSecond: 500 });
    const { socket, seen } = await client();
    const pieces: string[] = [];
    socket.on('data', (chunk) => pieces.push(String(chunk)));
    socket.write('x'.repeat(40));
    await waitUntil('everything is there', () => seen.text.length === 40);
    expect(pieces.length).toBeGreaterThan(1);
  });
});

describe('half-close', () => {
  it('ends one direction and leaves the other', async () => {
    await proxy.set({ mode: 'half-close', direction: 'toClient', afterBytes: 2 });
    const { socket, seen } = await client();
    socket.write('hello');
    await waitUntil('the end has come', () => seen.ended);
    socket.write(' again');
    await waitUntil('the other direction goes on', () => received === 'hello again');
    expect(seen.text).toBe('HE');
  });
});

describe('cutAll', () => {
  it('resets what stands and lets new ones through', async () => {
    const { seen } = await client();
    await waitUntil('it stands', () => proxy.connections === 1);
    proxy.cutAll();
    await waitUntil('it is reset', () => seen.error === 'ECONNRESET');
    const { socket, seen: next } = await client();
    socket.write('a');
    await waitUntil('a new one answers', () => next.text === 'A');
    expect(proxy.accepted).toBe(2);
  });
});

describe('a target that is not there', () => {
  it('resets the client', async () => {
    await server[Symbol.asyncDispose]();
    const { seen, socket } = await client();
    socket.write('hello');
    await waitUntil('it is reset', () => seen.error === 'ECONNRESET');
    expect(received).toBe('');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
});
