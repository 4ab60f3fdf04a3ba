// Encodes EDIFACT: messages one by one, with the envelope around them that their values say.

import { implementEncoder } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeWriter } from './write-interchange.ts';

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    const writer = new InterchangeWriter(options);
    for await (const value of values) {
      const bytes = writer.push(value);
      if (bytes.length > 0) yield bytes;
    }
    const last = writer.end();
    if (last.length > 0) yield last;
  },
  encodeWhole(values, options) {
    const writer = new InterchangeWriter(options);
    return Buffer.concat([...values.map((value) => writer.push(value)), writer.end()]);
  },
});
