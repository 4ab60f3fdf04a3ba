// Encodes values as records of COBOL programs: one a value, with all that belongs to it.

import { implementEncoder } from '@mortise/sdk';
import format from './format.ts';
import { RecordWriter } from './write-records.ts';

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    const writer = new RecordWriter(options);
    for await (const value of values) {
      const block = writer.push(value);
      if (block) yield block;
    }
    const last = writer.end();
    if (last.length > 0) yield last;
  },
  encodeWhole(values, options) {
    const writer = new RecordWriter(options);
    return Buffer.concat([...values.flatMap((value) => writer.push(value) ?? []), writer.end()]);
  },
});
