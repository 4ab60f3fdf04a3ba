// Decodes text. A body is one value, so the stream is gathered first.

import { characterEncodings, hasByteOrderMark, implementDecoder, undecodable } from '@mortise/sdk';
import type { Decoded, FormatOptionsOf } from '@mortise/sdk';
import format from './format.ts';

type Options = FormatOptionsOf<typeof format>;

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    yield decodeOne(Buffer.concat(await Array.fromAsync(chunks, (chunk) => new Uint8Array(chunk))), options);
  },
  decodeWhole: (bytes, options) => [decodeOne(bytes, options)],
});

function decodeOne(bytes: Uint8Array, { encoding, newline }: Options): Decoded {
  const offsetBytes = hasByteOrderMark(bytes, encoding) ? characterEncodings[encoding].byteOrderMark.length : 0;
  const text = characterEncodings[encoding].decode(bytes.subarray(offsetBytes));
  if (text === undefined) throw undecodable(bytes, encoding, 'The text', { offsetBytes: 0 });
  return { value: newline === 'keep' ? text : text.replace(/\r\n?/g, '\n'), position: { offsetBytes } };
}
