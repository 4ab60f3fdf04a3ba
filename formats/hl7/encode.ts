// Encodes HL7: a message a value.

import { implementEncoder } from '@mortise/sdk';
import format from './format.ts';
import { MessageWriter } from './write-messages.ts';

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    const writer = new MessageWriter(options);
    for await (const value of values) {
      const block = writer.push(value);
      if (block) yield block;
    }
    const last = writer.end();
    if (last.length > 0) yield last;
  },
  encodeWhole(values, options) {
    const writer = new MessageWriter(options);
    return Buffer.concat([...values.flatMap((value) => writer.push(value) ?? []), writer.end()]);
  },
});
