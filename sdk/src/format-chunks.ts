// What most formats implement: a reader that is given chunks of a body, and a writer that is given values, one after the other.

import type { Decoded, Decoder, Encoder, FormatDeclaration, FormatOptionsOf } from './format.ts';

/** Reads one body. What it gives for the same bytes is the same, however they are cut. */
export interface ChunkReader {
  /** What can be told from the bytes so far. The chunk may be reused for other bytes when this has been read to its end. */
  push(chunk: Uint8Array): Iterable<Decoded>;
  end(): Iterable<Decoded>;
}

/** Writes one body. */
export interface ValueWriter {
  /** The bytes that are ready by now, if any: handed on in blocks, since a chunk a value costs the one who writes it a call each. */
  push(value: unknown): Uint8Array | undefined;
  /** What is left. */
  end(): Uint8Array;
}

/** A chunk of a body in memory: a reader keeps what it makes of one chunk until that has been read. */
const chunkBytes = 256 * 1024;

/** The export `decoder` of a format that reads chunk by chunk. */
export function decodeByChunk<F extends FormatDeclaration>(
  _format: F,
  readerOf: (options: FormatOptionsOf<F>) => ChunkReader,
): Decoder<FormatOptionsOf<F>> {
  return {
    async *decode(chunks, options) {
      const reader = readerOf(options);
      // Loops, since "yield*" makes promises of its own for each value of a list that is none of promises.
      for await (const chunk of chunks) for (const decoded of reader.push(chunk)) yield decoded;
      for (const decoded of reader.end()) yield decoded;
    },
    decodeWhole(bytes, options) {
      const reader = readerOf(options);
      const values: Decoded[] = [];
      for (let at = 0; at < bytes.length; at += chunkBytes)
        for (const decoded of reader.push(bytes.subarray(at, at + chunkBytes))) values.push(decoded);
      for (const decoded of reader.end()) values.push(decoded);
      return values;
    },
  };
}

/** The export `encoder` of a format that writes value by value. */
export function encodeByValue<F extends FormatDeclaration>(
  _format: F,
  writerOf: (options: FormatOptionsOf<F>) => ValueWriter,
): Encoder<FormatOptionsOf<F>> {
  return {
    async *encode(values, options) {
      const writer = writerOf(options);
      for await (const value of values) {
        const block = writer.push(value);
        if (block && block.length > 0) yield block;
      }
      const last = writer.end();
      if (last.length > 0) yield last;
    },
    encodeWhole(values, options) {
      const writer = writerOf(options);
      const blocks: Uint8Array[] = [];
      for (const value of values) {
        const block = writer.push(value);
        if (block) blocks.push(block);
      }
      return Buffer.concat([...blocks, writer.end()]);
    },
  };
}
