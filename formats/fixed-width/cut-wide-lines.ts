// Cuts lines of an encoding whose characters have two or four bytes, in memory bounded by the longest line that is allowed.

import type { CutLine } from '@mortise/sdk';

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** Gives lines as the `LineCutter` does, which cannot tell a LF from a byte 0x0a inside of another character. */
export class WideLineCutter {
  readonly #lineBytesMax: number;
  readonly #unitBytes: number;
  readonly #low: number;
  #held = new Uint8Array(256);
  #heldBytes = 0;
  /** Of the line under way: its length, which may be more than is held, and its last character. */
  #lengthBytes = 0;
  #last = -1;
  /** Of the character under way. */
  #character = 0;
  #offsetBytes = 0;
  #line = 1;

  constructor(lineBytesMax: number, unitBytes: number, isBigEndian: boolean) {
    this.#lineBytesMax = lineBytesMax;
    this.#unitBytes = unitBytes;
    this.#low = isBigEndian ? unitBytes - 1 : 0;
  }

  *push(chunk: Uint8Array): Generator<CutLine> {
    for (const byte of chunk) {
      this.#hold(byte);
      if (this.#lengthBytes % this.#unitBytes !== 0) continue;
      if (this.#character === lineFeed) yield this.#complete(this.#unitBytes);
      else [this.#last, this.#character] = [this.#character, 0];
    }
  }

  *end(): Generator<CutLine> {
    if (this.#lengthBytes > 0) yield this.#complete(0);
  }

  #hold(byte: number): void {
    const place = this.#lengthBytes % this.#unitBytes;
    // All other bytes of LF and CR are zero: any other makes it some character that is neither.
    this.#character = place === this.#low ? this.#character + byte : this.#character + byte * 256;
    this.#lengthBytes += 1;
    if (this.#heldBytes === this.#lineBytesMax) return;
    if (this.#heldBytes === this.#held.length) {
      const larger = new Uint8Array(2 * this.#held.length);
      larger.set(this.#held);
      this.#held = larger;
    }
    this.#held[this.#heldBytes++] = byte;
  }

  #complete(endBytes: number): CutLine {
    const returned = this.#last === carriageReturn ? this.#unitBytes : 0;
    const lengthBytes = this.#lengthBytes - endBytes - returned;
    const bytes = this.#held.subarray(0, Math.min(lengthBytes, this.#heldBytes));
    const line = { bytes, lengthBytes, offsetBytes: this.#offsetBytes, line: this.#line };
    this.#offsetBytes += this.#lengthBytes;
    this.#line += 1;
    [this.#heldBytes, this.#lengthBytes, this.#last, this.#character] = [0, 0, -1, 0];
    return line;
  }
}
