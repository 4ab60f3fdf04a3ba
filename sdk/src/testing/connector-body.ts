// Bodies in tests: bytes as text, as a stream, and gathered from one.

import { keptChunks } from '../message.ts';
import type { BodyStream } from '../message.ts';

/** Bytes as the text that they are, so that a failed comparison shows what it is about; anything else as it is. */
export function comparable(body: unknown): unknown {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body;
}

/**
 * Bytes as a body that is read as a stream, in chunks of the given size. Each is overwritten once the next one is asked for, so that
 * a connector that keeps chunks without copying is found out.
 */
export function bodyStreamOf(bytes: Uint8Array, chunkBytes = 16 * 1024): BodyStream {
  return {
    kind: 'stream',
    sizeBytes: bytes.byteLength,
    async *open() {
      for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
        const chunk = Uint8Array.from(bytes.subarray(start, start + chunkBytes));
        yield chunk;
        chunk.fill(0x21);
      }
    },
  };
}

/** The chunks of a body as one array. */
export async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(Buffer.concat(await Array.fromAsync(keptChunks(chunks))));
}
