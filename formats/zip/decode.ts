// Decodes zip archives, entry by entry as they come. A fault of the archive is told before one of what is inside.

import { ZipReader, implementDecoder } from '@mortise/sdk';
import type { Decoded, ZipPart } from '@mortise/sdk';
import { EntryReader, readRecords } from './read-entries.ts';
import type { ZipOptions } from './entry-formats.ts';
import format from './format.ts';

export const decoder = implementDecoder(format, {
  async *decode(chunks, options) {
    const parts = partsOf(chunks, options);
    try {
      if (options.each === 'record') yield* readRecords(parts, options);
      else {
        const reader = new EntryReader(options);
        for (let next = await parts.next(); !next.done; next = await parts.next()) yield* reader.take(next.value);
      }
    } catch (fault) {
      while (!(await parts.next()).done);
      throw fault;
    } finally {
      await parts.return(undefined);
    }
  },
  decodeWhole(bytes, options) {
    const archive = new ZipReader(options);
    const reader = new EntryReader(options);
    const decoded: Decoded[] = [];
    const faults: unknown[] = [];
    for (const parts of [archive.push(bytes), archive.end()]) {
      for (const part of parts) {
        if (faults.length > 0) continue;
        try {
          decoded.push(...reader.take(part));
        } catch (fault) {
          faults.push(fault);
        }
      }
    }
    if (faults.length > 0) throw faults[0];
    return decoded;
  },
});

async function* partsOf(chunks: AsyncIterable<Uint8Array>, options: ZipOptions): AsyncGenerator<ZipPart> {
  const archive = new ZipReader(options);
  for await (const chunk of chunks) yield* archive.push(chunk);
  yield* archive.end();
}
