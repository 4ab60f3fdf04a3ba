// The Minimal Lower Layer Protocol (HL7, MLLP release 1): blocks out of bytes as they come, and bytes of a block. No input or output.

const [startByte, endByte, carriageReturn] = [0x0b, 0x1c, 0x0d];

/** What was found: a whole block, the beginning of one that is longer than allowed or was never ended, or bytes between blocks. */
export type Found =
  | { readonly kind: 'block'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLong' | 'unended'; readonly bytes: Uint8Array }
  | { readonly kind: 'garbage'; readonly count: number };

/** `0x0B … 0x1C 0x0D`. */
export function blockOf(content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(startByte), content, Buffer.of(endByte, carriageReturn)]);
}

/** Whether the bytes may be the content of a block: they would be cut elsewhere otherwise. */
export function fitsBlock(content: Uint8Array): boolean {
  return !content.includes(startByte) && !content.includes(endByte);
}

/**
 * Cuts blocks. Gives the same for the same bytes, however they are cut. A start byte within a block begins another one: the sender
 * was cut off and began anew. Between blocks anything is passed over.
 */
export class BlockCutter {
  readonly #bytesMax: number;
  #isInside = false;
  /** The content so far, at most `#bytesMax` and one byte of it. */
  #held = Buffer.alloc(1024);
  #heldBytes = 0;
  #isTooLong = false;
  /** Whether the byte before was an end byte, of which it is not known yet whether it ends the block. */
  #isEnding = false;
  #garbage = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether a block has begun, and not ended. */
  get isInside(): boolean {
    return this.#isInside;
  }

  /** What the bytes complete. Contents are copies. */
  *push(chunk: Uint8Array): Generator<Found> {
    for (let at = 0; at < chunk.length; ) {
      if (!this.#isInside) {
        const start = chunk.indexOf(startByte, at);
        this.#garbage += (start < 0 ? chunk.length : start) - at;
        if (start < 0) break;
        yield* this.#begin();
        at = start + 1;
      } else if (this.#isEnding) {
        this.#isEnding = false;
        if (chunk[at] === carriageReturn || chunk[at] === startByte) yield this.#complete();
        else this.#hold(Buffer.of(endByte));
        if (chunk[at] === carriageReturn) at += 1;
      } else {
        const to = nextMark(chunk, at);
        this.#hold(chunk.subarray(at, to));
        if (chunk[to] === endByte) this.#isEnding = true;
        if (chunk[to] === startByte) yield* this.#restart();
        at = to + 1;
      }
    }
  }

  /** At the end of all bytes: what was left over. */
  *end(): Generator<Found> {
    // A sender that closes behind the end byte has said all.
    if (this.#isInside && this.#isEnding) yield this.#complete();
    else if (this.#isInside) yield { kind: 'unended', bytes: this.#content() };
    if (this.#garbage > 0) yield { kind: 'garbage', count: this.#garbage };
    this.#isInside = false;
    this.#garbage = 0;
  }

  *#begin(): Generator<Found> {
    if (this.#garbage > 0) yield { kind: 'garbage', count: this.#garbage };
    this.#garbage = 0;
    this.#heldBytes = 0;
    this.#isTooLong = false;
    this.#isEnding = false;
    this.#isInside = true;
  }

  *#restart(): Generator<Found> {
    yield { kind: 'unended', bytes: this.#content() };
    yield* this.#begin();
  }

  #complete(): Found {
    this.#isInside = false;
    return { kind: this.#isTooLong ? 'tooLong' : 'block', bytes: this.#content() };
  }

  #content(): Uint8Array {
    return new Uint8Array(this.#held.subarray(0, this.#heldBytes));
  }

  #hold(part: Uint8Array): void {
    const kept = part.subarray(0, this.#bytesMax - this.#heldBytes);
    if (kept.length < part.length) this.#isTooLong = true;
    if (this.#heldBytes + kept.length > this.#held.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#held.length, this.#heldBytes + kept.length));
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    this.#held.set(kept, this.#heldBytes);
    this.#heldBytes += kept.length;
  }
}

/** Where the next start or end byte is; the end where there is none. */
function nextMark(chunk: Uint8Array, from: number): number {
  const places = [chunk.indexOf(startByte, from), chunk.indexOf(endByte, from)].filter((at) => at >= 0);
  return Math.min(chunk.length, ...places);
}
