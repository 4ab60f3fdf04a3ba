// Holds bytes until enough of them came: what stands before every reader of structures that may be cut anywhere.

export class HeldBytes {
  #buffer = new Uint8Array(256);
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** What is held; valid until the next call. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#from, this.#to);
  }

  /** Copies, doubling the room, so that bytes that come one by one are not copied as often as there are some. */
  add(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.#buffer.length - this.#from) {
      const larger = needed > this.#buffer.length / 2 ? new Uint8Array(2 * needed) : this.#buffer;
      larger.set(this.bytes);
      [this.#buffer, this.#to, this.#from] = [larger, this.length, 0];
    }
    this.#buffer.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  /** Removes the first bytes and gives them, a copy. */
  take(count: number): Uint8Array {
    const taken = this.#buffer.slice(this.#from, this.#from + count);
    this.#from += taken.length;
    return taken;
  }
}
