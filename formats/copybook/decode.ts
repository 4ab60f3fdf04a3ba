// Decodes records of COBOL programs; one that cannot be read is a problem of its own.

import { implementDecoder } from '@mortise/sdk';
import format from './format.ts';
import { RecordReader } from './read-records.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const reader = new RecordReader(options);
    for await (const chunk of chunks) yield* reader.push(chunk);
    yield* reader.end();
  },
  decodeWhole(bytes, options) {
    const reader = new RecordReader(options);
    return [...reader.push(bytes), ...reader.end()];
  },
});
