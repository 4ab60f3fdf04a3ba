// Decodes HL7 message by message; a message that cannot be read is a problem of its own.

import { implementDecoder } from '@mortise/sdk';
import format from './format.ts';
import { MessageReader } from './read-messages.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const reader = new MessageReader(options);
    for await (const chunk of chunks) yield* reader.push(chunk);
    yield* reader.end();
  },
  decodeWhole(bytes, options) {
    const reader = new MessageReader(options);
    return [...reader.push(bytes), ...reader.end()];
  },
});
