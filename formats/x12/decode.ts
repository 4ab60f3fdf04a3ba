// Decodes X12 transaction set by transaction set; one that cannot be read, or is not right, is a problem of its own.

import { implementDecoder } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeReader } from './read-interchanges.ts';

/** Bytes in memory are read in pieces, so that they are not all copied at once. */
const pieceBytes = 256 * 1024;

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const reader = new InterchangeReader(options);
    // A loop, since "yield*" makes promises of its own for each value of a list that is none of promises.
    for await (const chunk of chunks) for (const decoded of reader.push(chunk)) yield decoded;
    for (const decoded of reader.end()) yield decoded;
  },
  decodeWhole(bytes, options) {
    const reader = new InterchangeReader(options);
    const decoded = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) decoded.push(...reader.push(bytes.subarray(at, at + pieceBytes)));
    decoded.push(...reader.end());
    return decoded;
  },
});
