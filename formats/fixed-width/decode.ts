// Decodes fixed-width records; one that cannot be read is a problem of its own.

import { implementDecoder } from '@mortise/sdk';
import format from './format.ts';
import { RecordReader } from './read-records.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const reader = new RecordReader(options);
    // A loop, since "yield*" makes promises of its own for each value of a list that is none of promises.
    for await (const chunk of chunks) for (const decoded of reader.push(chunk)) yield decoded;
    for (const decoded of reader.end()) yield decoded;
  },
  decodeWhole(bytes, options) {
    const reader = new RecordReader(options);
    return [...reader.push(bytes), ...reader.end()];
  },
});
