// A request as a message: its body, headers, type, and the key that tells it from others.

import type { HttpRequest, Incoming } from '@mortise/sdk';
import type { Verifier } from './verify/scheme.ts';

/** What is longer is handed over as a stream, so that it is never whole in memory. */
const wholeBytesMax = 256 * 1024;
const keyHeaders = ['idempotency-key', 'webhook-id', 'x-github-delivery', 'x-shopify-webhook-id', 'i-twilio-idempotency-token'];
/** Where a sender says what happened. */
const eventHeaders: Readonly<Record<string, string>> = { github: 'x-github-event', shopify: 'x-shopify-topic' };
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

/**
 * The sender's own id of the message: what the named header says, else what the scheme has signed, else the first of the usual
 * headers. Where something signed tells requests apart, no header that anybody may set does.
 */
export function keyOf(
  { headers }: HttpRequest,
  body: RequestBody,
  header: string | undefined,
  verifier: Verifier,
): string | undefined {
  const named = header && headers[header.toLowerCase()];
  if (named) return named;
  if (verifier.signedKey) return verifier.signedKey({ headers, body: body instanceof Uint8Array ? body : new Uint8Array() });
  return keyHeaders.map((name) => headers[name]).find(Boolean);
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
  const eventHeader = Object.hasOwn(eventHeaders, verify.scheme) ? eventHeaders[verify.scheme] : undefined;
  const event = eventHeader && headers[eventHeader];
  return named || type || (event ? `${verify.scheme}.${event.replaceAll('/', '.')}` : undefined);
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
