// Decodes JSON. A body is one value, so the stream is gathered first.

import { implementDecoder } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import format from './format.ts';
import { readJson } from './read-json.ts';
import type { JsonReading } from './read-json.ts';

export const decoder = implementDecoder<Omit<typeof format, 'schema'>>(format, {
  async *decode(chunks, options) {
    yield decodeOne(Buffer.concat(await Array.fromAsync(chunks, (chunk) => new Uint8Array(chunk))), options);
  },
  decodeWhole: (bytes, options) => [decodeOne(bytes, options)],
});

function decodeOne(bytes: Uint8Array, options: JsonReading): Decoded {
  return { value: readJson(bytes, options), position: { offsetBytes: 0 } };
}
