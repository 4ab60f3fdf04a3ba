// What stands before the cutter: drops the byte order mark, and keeps characters of two or four bytes whole.

/** Takes chunks of any size and gives them on without the mark, in multiples of `unitBytes`. */
export class Intake {
  readonly #mark: Uint8Array;
  readonly #unitBytes: 1 | 2 | 4;
  /** What cannot be judged yet: the beginning while it may be the mark, or half a character. */
  #waiting = new Uint8Array();
  #begun = false;
  #skippedBytes = 0;

  constructor(mark: Uint8Array, unitBytes: 1 | 2 | 4) {
    this.#mark = mark;
    this.#unitBytes = unitBytes;
  }

  push(chunk: Uint8Array): Uint8Array {
    const bytes = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, chunk]) : chunk;
    if (!this.#begun && bytes.length < this.#mark.length) return this.#wait(bytes, 0);
    const from = this.#begun || !beginsWith(bytes, this.#mark) ? 0 : this.#mark.length;
    this.#begun = true;
    this.#skippedBytes += from;
    const to = bytes.length - ((bytes.length - from) % this.#unitBytes);
    this.#wait(bytes, to);
    return bytes.subarray(from, to);
  }

  /** How long the mark was that was dropped; known once `push` has given bytes. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  /** At the end of all bytes: what was too short to be a mark, and how many bytes of half a character are left. */
  end(): { readonly bytes: Uint8Array; readonly halfBytes: number } {
    const halfBytes = this.#waiting.length % this.#unitBytes;
    return { bytes: this.#waiting.subarray(0, this.#waiting.length - halfBytes), halfBytes };
  }

  #wait(bytes: Uint8Array, from: number): Uint8Array {
    this.#waiting = new Uint8Array(bytes.subarray(from));
    return bytes.subarray(0, 0);
  }
}

function beginsWith(bytes: Uint8Array, mark: Uint8Array): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
