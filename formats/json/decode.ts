// Decodes JSON. A body is one value, so the stream is gathered first.

import { implementDecoder, readJson } from '@mortise/sdk';
import type { Decoded, FormatOptionsOf } from '@mortise/sdk';
import format from './format.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    yield decodeOne(Buffer.concat(await Array.fromAsync(chunks, (chunk) => new Uint8Array(chunk))), options);
  },
  decodeWhole: (bytes, options) => [decodeOne(bytes, options)],
});

function decodeOne(bytes: Uint8Array, options: FormatOptionsOf<typeof format>): Decoded {
  return { value: readJson(bytes, options), position: { offsetBytes: 0 } };
}
