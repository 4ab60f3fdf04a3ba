// Encodes NDJSON: a line a value.

import { implementEncoder, writeJson } from '@mortise/sdk';
import format from './format.ts';

/** Lines are handed on in blocks: a chunk a line would cost the one who writes them a call each. */
const blockCharacters = 64 * 1024;

const lineEnds = { lf: '\n', crlf: '\r\n' };

export const encoder = implementEncoder(format, {
  async *encode(values, { newline }) {
    let block = '';
    for await (const value of values) {
      block += writeJson(value) + lineEnds[newline];
      if (block.length < blockCharacters) continue;
      yield Buffer.from(block);
      block = '';
    }
    if (block !== '') yield Buffer.from(block);
  },
  encodeWhole: (values, { newline }) => Buffer.from(values.map((value) => writeJson(value) + lineEnds[newline]).join('')),
});
