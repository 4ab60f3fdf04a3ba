// Encodes X12: transaction sets into groups and interchanges, counted and numbered.

import { implementEncoder } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeWriter } from './write-interchanges.ts';

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    const writer = new InterchangeWriter(options);
    for await (const value of values) {
      const block = writer.push(value);
      if (block) yield block;
    }
    const last = writer.end();
    if (last.length > 0) yield last;
  },
  encodeWhole(values, options) {
    const writer = new InterchangeWriter(options);
    return Buffer.concat([...values.flatMap((value) => writer.push(value) ?? []), writer.end()]);
  },
});
