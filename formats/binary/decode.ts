// Decodes nothing: the value is the bytes. A body is one value, so a stream is gathered first.

import { implementDecoder } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import format from './format.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks) {
    const pieces = await Array.fromAsync(chunks, (chunk) => new Uint8Array(chunk));
    yield decodedFrom(Buffer.concat(pieces));
  },
  decodeWhole: (bytes) => [decodedFrom(bytes)],
});

/** A plain `Uint8Array` over the same memory, so that values are of one kind wherever the bytes come from. */
function decodedFrom(bytes: Uint8Array): Decoded {
  return { value: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), position: { offsetBytes: 0 } };
}
