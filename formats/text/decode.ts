// Decodes text. A body is one value, so the stream is gathered first.

import { formatError, implementDecoder, positionToJson } from '@mortise/sdk';
import type { Decoded, FormatOptionsOf } from '@mortise/sdk';
import { characters, firstUndecodable, hasMark } from './characters.ts';
import format from './format.ts';

type Options = FormatOptionsOf<Omit<typeof format, 'schema'>>;

export const decoder = implementDecoder<Omit<typeof format, 'schema'>>(format, {
  async *decode(chunks, options) {
    yield decodeOne(Buffer.concat(await Array.fromAsync(chunks, (chunk) => new Uint8Array(chunk))), options);
  },
  decodeWhole: (bytes, options) => [decodeOne(bytes, options)],
});

function decodeOne(bytes: Uint8Array, { encoding, newline }: Options): Decoded {
  const offsetBytes = hasMark(bytes, encoding) ? characters[encoding].mark.length : 0;
  const text = characters[encoding].decode(bytes.subarray(offsetBytes));
  if (text === undefined) throw undecodable(bytes, encoding);
  return { value: newline === 'keep' ? text : text.replace(/\r\n?/g, '\n'), position: { offsetBytes } };
}

function undecodable(bytes: Uint8Array, encoding: Options['encoding']): Error {
  const offsetBytes = firstUndecodable(bytes, encoding);
  const message = `The byte 0x${bytes[offsetBytes]?.toString(16)} at offset ${offsetBytes} is no part of a character of ${encoding}.`;
  return formatError('MORTISE_FORMAT_ENCODING', message, { details: positionToJson({ offsetBytes }) });
}
