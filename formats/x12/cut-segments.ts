// Cuts the bytes of an interchange into segments, wherever chunks end; binary segments by their length.

import { isBlank } from './syntax.ts';
import type { CutSyntax } from './syntax.ts';

/** No more digits are read for the length of binary data: they would be more than any limit. */
const lengthDigitsMax = 15;
const firstCapacity = 64 * 1024;
/** Room for the longest terminator: a character of four bytes. */
const sentinelBytes = 4;

/**
 * Holds the bytes from `keepFrom` on; what is before may be forgotten when more come. All indexes are into `bytes`, and change when
 * it is moved: `moved` says by how much.
 */
export class SegmentCutter {
  bytes = Buffer.allocUnsafe(firstCapacity);
  /** How many of `bytes` are filled. */
  end = 0;
  /** The offset in the file of the first of `bytes`. */
  base = 0;
  /** Where the next segment, or the blanks before it, begin. */
  at = 0;
  keepFrom = 0;
  syntax: CutSyntax | undefined;

  /** The segment that was found: its content without terminator, and whether it stands where the line breaks say. */
  from = 0;
  to = 0;
  gapFrom = 0;
  regular = true;
  /** It is longer than allowed: what it held is not all there any more, and begins at this offset of the file. */
  oversizedFrom: number | undefined;
  /** Where its binary data begins, if it has any. */
  binaryFrom: number | undefined;
  /** Where the terminator was looked for already, so that one byte at a time costs no more than all at once. */
  #searched = 0;
  /** Whether a terminator stands behind the last byte, so that no search runs into what is left there of earlier chunks. */
  #guarded = false;
  /** Where the segment began whose beginning was given up. */
  #skippedFrom: number | undefined;

  push(chunk: Uint8Array): void {
    this.#forget();
    const needed = this.end + chunk.length;
    if (needed + sentinelBytes > this.bytes.length) this.#grow(needed + sentinelBytes);
    this.bytes.set(chunk, this.end);
    this.end = needed;
    this.#guarded = false;
  }

  /** Finds the next segment. False where it is not complete, and more bytes may come. */
  next(isLast: boolean, bytesMax = Number.MAX_SAFE_INTEGER): boolean {
    const found = this.#next(isLast);
    const start = this.#skippedFrom ?? this.base + (found ? this.gapFrom : this.at);
    const length = this.base + (found ? this.to : this.end) - start;
    if (found) {
      this.oversizedFrom = length > bytesMax ? start : undefined;
      this.#skippedFrom = undefined;
    } else if (length > bytesMax) this.#giveUp(start);
    return found;
  }

  /** Where the segment began that is looked for, where its beginning was given up: nothing of it need be kept. */
  get skippedFrom(): number | undefined {
    return this.#skippedFrom;
  }

  #giveUp(start: number): void {
    this.#skippedFrom = start;
    this.at = Math.max(this.at, this.end - (this.syntax?.terminator.length ?? 1) + 1);
    this.#searched = this.at;
  }

  #next(isLast: boolean): boolean {
    const { syntax } = this;
    if (!syntax) return false;
    const { terminator } = syntax;
    for (;;) {
      const from = this.#skippedFrom === undefined ? this.#skipGap(syntax) : this.at;
      if (from >= this.end && !(isLast && this.#skippedFrom !== undefined)) return false;
      const to = this.#terminatorFrom(from, terminator, isLast);
      if (to < 0) return false;
      this.gapFrom = this.at;
      this.from = from;
      this.to = to;
      this.at = Math.min(this.end, to + terminator.length);
      this.#searched = this.at;
      if (to > from || this.#skippedFrom !== undefined) return true;
      // An empty segment is nothing but a line that was left blank.
      this.blankLines = true;
    }
  }

  /** Set where something stood between segments that no syntax tells. */
  blankLines = false;

  /** Whether the segment has this name. Lines may be wrapped anywhere, in a name, too. */
  is(name: string): boolean {
    const { bytes, to, syntax } = this;
    let at = this.from;
    for (let index = 0; index < name.length; index++, at++) {
      while (at < to && isBreak(bytes[at] as number)) at += 1;
      if (at >= to || bytes[at] !== name.charCodeAt(index)) return false;
    }
    while (at < to && isBreak(bytes[at] as number)) at += 1;
    return at === to || bytes[at] === syntax?.element[0];
  }

  #skipGap({ newline, terminator }: CutSyntax): number {
    const { bytes, at, end } = this;
    const first = newline[0];
    let from = at;
    if (first !== undefined && bytes[at] === first) {
      let matched = 1;
      while (matched < newline.length && bytes[at + matched] === newline[matched]) matched += 1;
      if (matched === newline.length) from = at + matched;
    }
    this.regular = from - at === newline.length;
    if (from < end && !isBlank(bytes[from] as number)) return from;
    const only = terminator.length === 1 ? terminator[0] : undefined;
    while (from < end && isBlank(bytes[from] as number) && bytes[from] !== only) from += 1;
    this.regular = from - at === newline.length && this.regular;
    return from;
  }

  #terminatorFrom(from: number, terminator: Buffer, isLast: boolean): number {
    const searchFrom = (this.#skippedFrom === undefined ? this.#binaryEnd(from) : undefined) ?? Math.max(from, this.#searched);
    if (searchFrom > this.end) return this.#without(isLast);
    if (!this.#guarded) this.#guarded = terminator.copy(this.bytes, this.end) > 0;
    const found =
      terminator.length === 1
        ? this.bytes.indexOf(terminator[0] as number, searchFrom)
        : this.bytes.indexOf(terminator, searchFrom);
    if (found >= 0 && found + terminator.length <= this.end) return found;
    this.#searched = Math.max(from, this.end - terminator.length + 1);
    return this.#without(isLast);
  }

  /** The last segment may lack its terminator. */
  #without(isLast: boolean): number {
    if (!isLast) return -1;
    this.blankLines = true;
    return this.end;
  }

  /** Where binary data ends: BIN01 and BDS02 say how many bytes it has. Undefined where the segment is none, or its length is none. */
  #binaryEnd(from: number): number | undefined {
    const { bytes } = this;
    this.binaryFrom = undefined;
    if (bytes[from] !== 0x42) return undefined;
    const isBin = bytes[from + 1] === 0x49 && bytes[from + 2] === 0x4e;
    const isBds = bytes[from + 1] === 0x44 && bytes[from + 2] === 0x53;
    if (!isBin && !isBds) return undefined;
    const { element } = this.syntax as CutSyntax;
    if (bytes.compare(element, 0, element.length, from + 3, from + 3 + element.length) !== 0) return undefined;
    const found = binaryData(bytes, from + 3 + element.length, this.end, element, isBds ? 1 : 0);
    this.binaryFrom = found?.from;
    return found?.to;
  }

  #forget(): void {
    const { keepFrom } = this;
    if (keepFrom === 0 || (keepFrom < this.bytes.length / 2 && keepFrom < this.end)) return;
    this.bytes.copyWithin(0, keepFrom, this.end);
    this.end -= keepFrom;
    this.base += keepFrom;
    this.at -= keepFrom;
    this.#guarded = false;
    this.#searched = Math.max(0, this.#searched - keepFrom);
    this.keepFrom = 0;
    this.moved(keepFrom);
  }

  /** Replaced by who keeps indexes of its own. */
  moved: (by: number) => void = () => undefined;

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}

interface BinaryData {
  readonly from: number;
  /** Beyond the end of the bytes where they are not all there. */
  readonly to: number;
}

function binaryData(bytes: Buffer, from: number, end: number, element: Buffer, skipped: number): BinaryData | undefined {
  const incomplete = { from: end, to: end + 1 };
  let at = from;
  for (let count = 0; count < skipped; count++) {
    const found = bytes.indexOf(element, at);
    if (found < 0 || found >= end) return incomplete;
    at = found + element.length;
  }
  let length = 0;
  let digits = 0;
  for (; at < end && isDigit(bytes[at] as number); at++) {
    length = length * 10 + (bytes[at] as number) - 0x30;
    digits += 1;
    if (digits > lengthDigitsMax) return undefined;
  }
  if (at + element.length > end) return incomplete;
  const separated = digits > 0 && bytes.compare(element, 0, element.length, at, at + element.length) === 0;
  return separated ? { from: at + element.length, to: at + element.length + length } : undefined;
}

function isBreak(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
