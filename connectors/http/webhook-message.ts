// A request as a message: its body, headers, type, and the key that tells it from others.

import { BodyTooLarge } from '@mortise/sdk';
import type { HttpRequest, Incoming } from '@mortise/sdk';
import { codingsOf, decoded, gathered, onlyOf } from './content-coding.ts';
import type { Verifier } from './verify/scheme.ts';

/** What is longer is handed over as a stream, so that it is never whole in memory. */
const wholeBytesMax = 256 * 1024;
const idempotencyKey = 'idempotency-key';
const keyHeaders = [idempotencyKey, 'webhook-id', 'x-github-delivery', 'x-shopify-webhook-id', 'i-twilio-idempotency-token'];
/** Where a sender says what happened. */
const eventHeaders: Readonly<Record<string, string>> = { github: 'x-github-event', shopify: 'x-shopify-topic' };
/** What proves who somebody is, and what is no longer true of a body that was decoded. */
const withheldHeaders = new Set(['authorization', 'cookie', 'content-encoding']);

export interface MessageOptions {
  readonly method: string;
  readonly type?: string;
  readonly typeHeader?: string;
  readonly verify: { readonly scheme: string };
}

export type RequestBody = Uint8Array | AsyncIterable<Uint8Array>;

/**
 * The body as it was before it was compressed; throws `BodyTooLarge` where that is longer than is taken, and `UndecodableBody`.
 * Signatures are over the body as it came: this is for afterwards.
 */
export async function decodedBody({ headers }: HttpRequest, body: RequestBody, bytesMax: number): Promise<RequestBody> {
  const codings = codingsOf(headers['content-encoding']);
  if (codings.length === 0) return body;
  if (!(body instanceof Uint8Array)) return atMost(decoded(body, codings), bytesMax);
  const { bytes, isCut } = await gathered(decoded(onlyOf(body), codings), bytesMax);
  if (isCut) throw new BodyTooLarge(bytesMax);
  return bytes;
}

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

/** The sender's own id of a message. */
export interface SenderKey {
  readonly key: string;
  /** It came as `Idempotency-Key`: what the IETF's draft asks for is done for it. */
  readonly isIdempotencyKey: boolean;
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
): SenderKey | undefined {
  const usual = verifier.signedKey ? [] : keyHeaders;
  const named = header?.toLowerCase();
  if (named !== undefined && headers[named]) return { key: headers[named], isIdempotencyKey: named === idempotencyKey };
  const signed = verifier.signedKey?.({ headers, body: body instanceof Uint8Array ? body : new Uint8Array() });
  if (signed) return { key: signed, isIdempotencyKey: false };
  const name = usual.find((one) => headers[one]);
  return name === undefined ? undefined : { key: headers[name] ?? '', isIdempotencyKey: name === idempotencyKey };
}

/** A small body whole, a large one as a stream; its length is not known before it is read. */
export function readBody(request: HttpRequest): Promise<RequestBody> {
  const isSmall = Number(request.headers['content-length'] ?? Infinity) <= wholeBytesMax;
  return isSmall ? request.readBody() : readWholeOrRest(request);
}

async function readWholeOrRest(request: HttpRequest): Promise<RequestBody> {
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

async function* atMost(body: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let restBytes = bytesMax;
  for await (const chunk of body) {
    restBytes -= chunk.byteLength;
    if (restBytes < 0) throw new BodyTooLarge(bytesMax);
    yield chunk;
  }
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
  const passed: Record<string, string> = {};
  for (const name in headers) {
    const isWithheld = withheldHeaders.has(name) || name.startsWith('proxy-') || proofHeaders.includes(name);
    if (!isWithheld) passed[name] = headers[name] ?? '';
  }
  return passed;
}

/** Every name of the query with its value, or its values in order. */
function queryAsJson(query: string): Uint8Array {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  // `fromEntries` defines own properties, `__proto__` among them.
  const body = Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
  return new TextEncoder().encode(JSON.stringify(body));
}
