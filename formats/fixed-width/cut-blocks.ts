// Cuts bytes into blocks of one length as they come.

export interface Block {
  /** Shorter than the others only where it is the last one. Valid until the next block is asked for. */
  readonly bytes: Uint8Array;
  readonly offsetBytes: number;
}

export class BlockCutter {
  readonly #held: Uint8Array;
  #heldBytes = 0;
  #offsetBytes = 0;

  constructor(blockBytes: number) {
    this.#held = new Uint8Array(blockBytes);
  }

  *push(chunk: Uint8Array): Generator<Block> {
    const blockBytes = this.#held.length;
    let from = 0;
    if (this.#heldBytes > 0) {
      from = Math.min(chunk.length, blockBytes - this.#heldBytes);
      this.#hold(chunk.subarray(0, from));
      if (this.#heldBytes < blockBytes) return;
      yield this.#complete(this.#held);
    }
    for (; from + blockBytes <= chunk.length; from += blockBytes) yield this.#complete(chunk.subarray(from, from + blockBytes));
    this.#hold(chunk.subarray(from));
  }

  *end(): Generator<Block> {
    if (this.#heldBytes > 0) yield this.#complete(this.#held.subarray(0, this.#heldBytes));
  }

  #hold(part: Uint8Array): void {
    this.#held.set(part, this.#heldBytes);
    this.#heldBytes += part.length;
  }

  #complete(bytes: Uint8Array): Block {
    const block = { bytes, offsetBytes: this.#offsetBytes };
    this.#offsetBytes += bytes.length;
    this.#heldBytes = 0;
    return block;
  }
}
