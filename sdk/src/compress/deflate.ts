// Deflates data as it comes: the same bytes however it is cut, in memory or streaming.

import { constants, deflateRawSync } from 'node:zlib';

/** Blocks are compressed each by itself, so that no state of the compressor outlives a call; larger ones would gain little. */
const blockBytes = 256 * 1024;

/** Call `push` for every chunk, then `end`. */
export class Deflater {
  readonly #level: number;
  readonly #held = new Uint8Array(blockBytes);
  #heldBytes = 0;

  /** 0 stores, 9 takes the longest. */
  constructor(level: number) {
    this.#level = level;
  }

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + blockBytes - this.#heldBytes);
      this.#held.set(part, this.#heldBytes);
      this.#heldBytes += part.length;
      from += part.length;
      if (this.#heldBytes === blockBytes) yield this.#compress(constants.Z_SYNC_FLUSH);
    }
  }

  end(): Uint8Array {
    return this.#compress(constants.Z_FINISH);
  }

  #compress(finishFlush: number): Uint8Array {
    const bytes = deflateRawSync(this.#held.subarray(0, this.#heldBytes), { level: this.#level, finishFlush });
    this.#heldBytes = 0;
    return bytes;
  }
}
