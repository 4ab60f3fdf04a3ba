// A request as a message: its body, headers, type, and the key that tells it from others.

import type { HttpRequest, Incoming } from '@mortise/sdk';
import type { Verifier } from './verify/scheme.ts';

/** What is longer is handed over as a stream, so that it is never whole in memory. */
const wholeBytesMax = 256 * 1024;
const keyHeaders = ['idempotency-key', 'webhook-id', 'x-github-delivery'];
const withheldHeaders = new Set(['authorization', 'cookie']);

export interface MessageOptions {
  readonly method: string;
  readonly type?: string;
  readonly typeHeader?: string;
  readonly verify: { readonly scheme: string };
}

export type RequestBody = Uint8Array | AsyncIterable<Uint8Array>;

/** The message that a request carries. A GET carries its query, as JSON. */
export function messageOf(request: HttpRequest, body: RequestBody, options: MessageOptions, verifier: Verifier): Incoming {
  const type = typeOf(request, options);
  const isQuery = options.method === 'GET';
  const contentType = isQuery ? 'application/json' : request.headers['content-type'];
  return {
    body: isQuery ? queryAsJson(request.query) : body,
    headers: passedOn(request.headers, verifier.proofHeaders),
    ...(type ? { type } : {}),
    ...(contentType ? { contentType } : {}),
  };
}

/** The sender's own id of the message: the first of the headers that is there. */
export function keyOf(request: HttpRequest, header: string | undefined): string | undefined {
  const names = header ? [header.toLowerCase(), ...keyHeaders] : keyHeaders;
  return names.map((name) => request.headers[name]).find(Boolean);
}

/** A small body whole, a large one as a stream; its length is not known before it is read. */
export async function readBody(request: HttpRequest): Promise<RequestBody> {
  if (Number(request.headers['content-length'] ?? Infinity) <= wholeBytesMax) return request.readBody();
  const iterator = request.body[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  for (let readBytes = 0; readBytes <= wholeBytesMax; ) {
    const next = await iterator.next();
    if (next.done) return Buffer.concat(read);
    read.push(next.value);
    readBytes += next.value.byteLength;
  }
  return joined(read, iterator);
}

async function* joined(read: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* read;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function typeOf({ headers }: HttpRequest, { type, typeHeader, verify }: MessageOptions): string | undefined {
  const named = typeHeader ? headers[typeHeader.toLowerCase()] : undefined;
  const event = verify.scheme === 'github' ? headers['x-github-event'] : undefined;
  return named || type || (event ? `github.${event}` : undefined);
}

function passedOn(headers: Readonly<Record<string, string>>, proofHeaders: readonly string[]): Record<string, string> {
  const passed = Object.entries(headers).filter(
    ([name]) => !withheldHeaders.has(name) && !name.startsWith('proxy-') && !proofHeaders.includes(name),
  );
  return Object.fromEntries(passed);
}

/** Every name of the query with its value, or its values in order. */
function queryAsJson(query: string): Uint8Array {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  // `fromEntries` defines own properties, `__proto__` among them.
  const body = Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
  return new TextEncoder().encode(JSON.stringify(body));
}
