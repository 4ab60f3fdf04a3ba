// Bodies between memory and store: values become JSON text, long ones become blob files, and back.

import { isBodyStream, keptChunks } from '@mortise/sdk';
import type { BodyStream, Message } from '@mortise/sdk';
import { engineError } from '../delivery/errors.ts';
import type { Draft, StoredBody, StoredMessage } from '../store/store.ts';

/** Longer bodies lie in blob files: a row of the store stays small, and memory flat. */
export const blobBytesMin = 256 * 1024;

/** Where long bodies lie. */
export interface BlobFolder {
  write(
    chunks: AsyncIterable<Uint8Array> | Uint8Array,
    bytesMax?: number,
  ): Promise<{ readonly blob: string; readonly sizeBytes: number }>;
  open(blob: string): AsyncIterable<Uint8Array>;
}

/** What is stored of a body. Waits only for a long one. */
export function storeBody(body: unknown, blobs: BlobFolder): StoredBody | Promise<StoredBody> {
  if (body instanceof Uint8Array) {
    return body.length < blobBytesMin ? { kind: 'bytes', bytes: body } : asBlob(body, 'bytes', blobs);
  }
  if (isBodyStream(body)) return asBlob(body.open(), 'bytes', blobs);
  const text = JSON.stringify(body) ?? 'null';
  return text.length < blobBytesMin ? { kind: 'json', text } : asBlob(Buffer.from(text), 'json', blobs);
}

async function asBlob(
  chunks: AsyncIterable<Uint8Array> | Uint8Array,
  holds: 'json' | 'bytes',
  blobs: BlobFolder,
): Promise<StoredBody> {
  return { kind: 'blob', holds, ...(await blobs.write(chunks)) };
}

/** The body as steps and outbounds get it: a value, bytes, or a stream of a blob's bytes. */
export function loadBody(body: StoredBody, blobs: BlobFolder): unknown {
  if (body.kind === 'json') return JSON.parse(body.text);
  if (body.kind === 'bytes') return body.bytes;
  if (body.kind === 'erased') throw erased();
  if (body.holds === 'json') return gather(blobs.open(body.blob)).then((bytes) => JSON.parse(bytes.toString('utf8')) as unknown);
  const stream: BodyStream = { kind: 'stream', sizeBytes: body.sizeBytes, open: () => blobs.open(body.blob) };
  return stream;
}

export function erased(): Error {
  return engineError('MORTISE_DELIVERY_ERASED', 'The body of this message was erased.');
}

/** A stored message as the SDK's Message. */
export function toMessage(stored: StoredMessage, body: unknown): Message {
  const { id, root, parent, replayOf, source, type, subject, time, dataContentType, dataSchema, headers } = stored;
  const { keys, variables, acceptedAtMs, expiresAtMs, key } = stored;
  const properties: Draft<Message['properties']> = { root, acceptedAtMs, keys, variables };
  if (parent !== undefined) properties.parent = parent;
  if (replayOf !== undefined) properties.replayOf = replayOf;
  if (expiresAtMs !== undefined) properties.expiresAtMs = expiresAtMs;
  const message: Draft<Message> = { id, source, type, time, headers, body, properties };
  if (subject !== undefined) message.subject = subject;
  if (key !== undefined) message.key = key;
  if (dataContentType !== undefined) message.dataContentType = dataContentType;
  if (dataSchema !== undefined) message.dataSchema = dataSchema;
  return message;
}

export async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(keptChunks(chunks)));
}
