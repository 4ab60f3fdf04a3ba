// Encodes gzip: what the format writes that it is wrapped around, compressed. The same values give the same bytes: no name, no time.

import { crc32 } from 'node:zlib';
import { Deflater, implementEncoder } from '@mortise/sdk';
import format from './format.ts';

const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

export const encoder = implementEncoder(format, {
  async *encode(values, options) {
    const compressor = new Compressor(options.level);
    yield header;
    for await (const chunk of options.of.encode(values)) yield* compressor.push(chunk);
    yield* compressor.end();
  },
  encodeWhole(values, options) {
    const compressor = new Compressor(options.level);
    const bytes = options.of.encodeWhole(values);
    return Buffer.concat([header, ...compressor.push(bytes), ...compressor.end()]);
  },
});

/** The compressed data and the trailer behind them: checksum and length (RFC 1952, 2.3.1). */
class Compressor {
  readonly #deflater: Deflater;
  #crc = 0;
  #bytes = 0;

  constructor(level: number) {
    this.#deflater = new Deflater(level);
  }

  push(chunk: Uint8Array): Iterable<Uint8Array> {
    this.#crc = crc32(chunk, this.#crc);
    this.#bytes += chunk.length;
    return this.#deflater.push(chunk);
  }

  *end(): Generator<Uint8Array> {
    yield this.#deflater.end();
    const trailer = new DataView(new ArrayBuffer(8));
    trailer.setUint32(0, this.#crc, true);
    trailer.setUint32(4, this.#bytes % 2 ** 32, true);
    yield new Uint8Array(trailer.buffer);
  }
}
