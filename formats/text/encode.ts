// Encodes text: exactly one text a body.

import { characterEncodings, formatError, implementEncoder, unencodable } from '@mortise/sdk';
import type { FormatOptionsOf } from '@mortise/sdk';
import format from './format.ts';

type Options = FormatOptionsOf<typeof format>;

const lineEnds = { lf: '\n', crlf: '\r\n' };

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    yield encodeOne(await Array.fromAsync(values), options);
  },
  encodeWhole: encodeOne,
});

function encodeOne(values: readonly unknown[], { encoding, newline, bom }: Options): Uint8Array {
  const [value] = values;
  if (values.length !== 1) throw unwritable(`A text body holds one text, not ${values.length}.`);
  if (typeof value !== 'string') throw unwritable(`A value of type ${typeof value} is no text; expected a string.`);
  const text = newline === 'keep' ? value : value.replace(/\r\n|\r|\n/g, lineEnds[newline]);
  const bytes = characterEncodings[encoding].encode(text);
  if (!bytes) throw unencodable(text, encoding, 'The text');
  return bom ? Buffer.concat([characterEncodings[encoding].byteOrderMark, bytes]) : bytes;
}

function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
