// Decodes zip archives, entry by entry as they come.

import { ZipReader, decodeInside, excerpt, formatError, implementDecoder } from '@mortise/sdk';
import type { BoundFormat, Decoded, ZipEntry, ZipPart } from '@mortise/sdk';
import { entryFormats } from './entry-formats.ts';
import type { ZipOptions } from './entry-formats.ts';
import format from './format.ts';
import { MortiseError } from '@mortise/sdk';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const parts = partsOf(chunks, options);
    if (options.each === 'record') yield* readRecords(parts, options);
    else {
      const gatherer = new EntryGatherer(options);
      for await (const part of parts) yield* gatherer.take(part);
    }
  },
  decodeWhole(bytes, options) {
    const reader = new ZipReader(options);
    const gatherer = new EntryGatherer(options);
    return [...reader.push(bytes), ...reader.end()].flatMap((part) => [...gatherer.take(part)]);
  },
});

async function* partsOf(chunks: AsyncIterable<Uint8Array>, options: ZipOptions): AsyncGenerator<ZipPart> {
  const reader = new ZipReader(options);
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}
