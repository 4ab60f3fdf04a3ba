// Bodies that are compressed (RFC 9110, section 8.4): decoded as they come, never further than somebody reads.

import { Readable, pipeline } from 'node:stream';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** What answers may be compressed with. */
export const acceptEncoding = 'gzip, deflate, br';
/** More than one coding is rare, and each can blow a body up a thousandfold. */
const codingsMax = 2;

/** A body in a coding that nobody here knows, or whose bytes are not of the coding that it names. */
export class UndecodableBody extends Error {
  readonly isUnknown: boolean;

  constructor(message: string, isUnknown: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'UndecodableBody';
    this.isUnknown = isUnknown;
  }
}

/** The codings of a body, in the order in which they were applied. Throws `UndecodableBody` for one that is not known. */
export function codingsOf(contentEncoding: string | undefined): readonly string[] {
  const names = (contentEncoding ?? '').split(',').map((name) => name.trim().toLowerCase());
  const codings = names.filter((name) => name !== '' && name !== 'identity');
  if (codings.length > codingsMax) throw new UndecodableBody(`${codings.length} codings are more than ${codingsMax}.`, true);
  for (const coding of codings) {
    if (!isKnown(coding))
      throw new UndecodableBody(`The coding "${coding.slice(0, 40)}" is not known: expected ${acceptEncoding}.`, true);
  }
  return codings;
}

/** The decoded body in chunks. Throws `UndecodableBody` as soon as the bytes do not fit, and at once where no more is read. */
export async function* decoded(body: AsyncIterable<Uint8Array>, codings: readonly string[]): AsyncGenerator<Uint8Array> {
  if (codings.length === 0) {
    yield* body;
    return;
  }
  let failure: unknown;
  const noted = noting(body, (error) => (failure = error));
  const [firstBytes, rest] = await peeked(noted);
  const decoders = codings.toReversed().map((coding, index) => decoderOf(coding, index === 0 ? firstBytes : undefined));
  const last = pipeline([Readable.from(rest), ...decoders], () => undefined) as unknown as Readable;
  try {
    for await (const chunk of last) yield chunk as Uint8Array;
  } catch (error) {
    // What the body itself failed with is no fault of its coding.
    throw failure ?? new UndecodableBody(`The body is not ${codings.join(', ')}: ${(error as Error).message}.`, false, error);
  } finally {
    last.destroy();
  }
}

/** As much of a body as `bytesMax`, and whether that is not all. */
export async function gathered(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let restBytes = bytesMax;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, restBytes));
    if (chunk.byteLength > restBytes) return { bytes: Buffer.concat(chunks), isCut: true };
    restBytes -= chunk.byteLength;
  }
  return { bytes: Buffer.concat(chunks), isCut: false };
}

/** A body that is whole already. */
export async function* onlyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Notes what reading the body fails with; what its reader fails with, and throws into it, is no failure of its own. */
async function* noting(body: AsyncIterable<Uint8Array>, note: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((error: unknown) => {
        note(error);
        throw error;
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** The first chunk, and the whole body again. */
async function peeked(body: AsyncGenerator<Uint8Array>): Promise<readonly [Uint8Array, AsyncIterable<Uint8Array>]> {
  const first = await body.next();
  if (first.done) return [new Uint8Array(), body];
  return [first.value, rejoined(first.value, body)];
}

async function* rejoined(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

function isKnown(coding: string): boolean {
  return ['gzip', 'x-gzip', 'deflate', 'br'].includes(coding);
}

function decoderOf(coding: string, firstBytes: Uint8Array | undefined): Transform {
  if (coding === 'br') return createBrotliDecompress();
  if (coding !== 'deflate') return createGunzip();
  // "deflate" is the zlib format (RFC 9110, section 8.4.1.2); some send it without the zlib header.
  return ((firstBytes?.[0] ?? 8) & 15) === 8 ? createInflate() : createInflateRaw();
}
