// A proxy for tests: passes http on and makes tunnels (RFC 9110, section 9.3.6), for those who show the right credentials.

import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface TestProxy {
  readonly url: string;
  /** The request lines that came: method and target. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export async function startTestProxy(credentials?: string): Promise<TestProxy> {
  const lines: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const isLetIn = ({ method, url, headers }: IncomingMessage) => {
    lines.push(`${method} ${url}`);
    return headers['proxy-authorization'] === expected;
  };
  const server = createServer((request, response) => {
    if (!isLetIn(request)) return void response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const passing = httpRequest(request.url ?? '', { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passing.on('error', () => response.destroy());
    request.pipe(passing);
  });
  server.on('connect', (request, client, head) => {
    client.on('error', () => undefined);
    if (!isLetIn(request)) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(client);
      client.pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    async close() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}
