// Decodes gzip: expands it and hands the bytes to the format that it is wrapped around.

import { decodeInside, implementDecoder } from '@mortise/sdk';
import { Expander } from './expand.ts';
import format from './format.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const expander = new Expander(options);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) yield* expander.push(chunk);
      yield* expander.end();
    }
    yield* decodeInside(options.of, pieces());
  },
  decodeWhole(bytes, options) {
    const expander = new Expander(options);
    return [...options.of.decodeWhole(Buffer.concat([...expander.push(bytes), ...expander.end()]))];
  },
});
