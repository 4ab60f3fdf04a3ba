// Cuts bytes into lines as they come, in memory bounded by the longest line that is allowed.

/** A line as it was cut. */
export interface CutLine {
  /** Without the line end; the first `lineBytesMax` bytes where it is longer. Valid until the next line is asked for. */
  readonly bytes: Uint8Array;
  /** Of the whole line, without its end, also where `bytes` is only its beginning. */
  readonly lengthBytes: number;
  /** Where it begins in all bytes. */
  readonly offsetBytes: number;
  /** From 1 up. */
  readonly line: number;
}

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/**
 * Cuts lines of bytes. Lines end with LF or CRLF; the last one may end with nothing. Call `push` for every chunk and then `end`,
 * and read each to its last line before the next call. For encodings whose LF is the byte 0x0a alone, so not for UTF-16.
 */
export class LineCutter {
  /** The beginning of a line whose end has not come yet: at most `lineBytesMax`, however long it is. */
  #held = new Uint8Array();
  #heldBytes = 0;
  #lengthBytes = 0;
  #lastByte: number | undefined;
  #offsetBytes = 0;
  #line = 1;
  readonly #lineBytesMax: number;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** The lines that the chunk completes. What is held beyond them is copied, so that the chunk may be reused. */
  *push(chunk: Uint8Array): Generator<CutLine> {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      yield this.#complete(chunk.subarray(from, end), 1);
      from = end + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  /** The last line, where it has no end of its own. */
  *end(): Generator<CutLine> {
    if (this.#lengthBytes > 0) yield this.#complete(new Uint8Array(), 0);
  }

  /** Copies, because the chunk is not ours to keep. */
  #hold(part: Uint8Array): void {
    this.#lengthBytes += part.length;
    this.#lastByte = part.at(-1) ?? this.#lastByte;
    const kept = part.subarray(0, this.#lineBytesMax - this.#heldBytes);
    this.#makeRoom(this.#heldBytes + kept.length);
    this.#held.set(kept, this.#heldBytes);
    this.#heldBytes += kept.length;
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.#held.length) return;
    // Doubling keeps a line that comes byte by byte from being copied as often as it has bytes.
    const larger = new Uint8Array(Math.max(bytes, 2 * this.#held.length, 256));
    larger.set(this.#held.subarray(0, this.#heldBytes));
    this.#held = larger;
  }

  #complete(last: Uint8Array, endBytes: number): CutLine {
    const bytes = this.#join(last);
    const lengthBytes = this.#lengthBytes - (this.#lastByte === carriageReturn ? 1 : 0);
    const line: CutLine = {
      bytes: bytes.subarray(0, Math.min(lengthBytes, this.#lineBytesMax)),
      lengthBytes,
      offsetBytes: this.#offsetBytes,
      line: this.#line,
    };
    this.#startLine(this.#offsetBytes + this.#lengthBytes + endBytes);
    return line;
  }

  /** What was held of the line and its last part, without copying where it came in one piece. */
  #join(last: Uint8Array): Uint8Array {
    if (this.#lengthBytes > 0) {
      this.#hold(last);
      return this.#held.subarray(0, this.#heldBytes);
    }
    this.#lengthBytes = last.length;
    this.#lastByte = last.at(-1);
    return last;
  }

  #startLine(offsetBytes: number): void {
    this.#heldBytes = 0;
    this.#lengthBytes = 0;
    this.#lastByte = undefined;
    this.#offsetBytes = offsetBytes;
    this.#line += 1;
  }
}
