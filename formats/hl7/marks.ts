// Finds the delimiters of a message: one pass over the codes of its text.

import { blockEnd, blockStart, kind } from './delimiters.ts';

const [endOfBlock, startOfBlock, lineFeed, carriageReturn] = [blockEnd.charCodeAt(0), blockStart.charCodeAt(0), 0x0a, 0x0d];

/** The text as numbers, a code for each of its UTF-16 units; of ASCII its bytes are that already, and are read twice as fast as a text. */
export type Codes = Uint8Array | Uint16Array;

export function codesOf(text: string): Codes {
  const codes = new Uint16Array(text.length);
  for (let at = 0; at < codes.length; at += 1) codes[at] = text.charCodeAt(at);
  return codes;
}

const { ordinary, raw, end } = kind;
const blockLength = 1024;

/** The marks of a text: at each place where something other than text stands, eight times the place, and its kind. */
export class Marks {
  #marks = new Uint32Array(2 * blockLength);
  #count = 0;

  get marks(): Uint32Array<ArrayBuffer> {
    return this.#marks;
  }

  get count(): number {
    return this.#count;
  }

  /** Marks the text from `from` on; false where there are more than `max` marks. Behind the text stands an end. */
  mark(codes: Codes, from: number, kinds: Uint8Array, max: number): boolean {
    const to = codes.length;
    let count = 0;
    for (let at = from; at < to && count <= max; at += blockLength)
      count = this.#markBlock(codes, at, Math.min(to, at + blockLength), kinds, count);
    this.#room(count + 1)[count] = to * 8 + end;
    this.#count = count + 1;
    return this.#count <= max;
  }

  /** There is room for a mark at each place of the block: it is asked for once. */
  #markBlock(codes: Codes, from: number, to: number, kinds: Uint8Array, before: number): number {
    const marks = this.#room(before + to - from);
    let count = before;
    for (let at = from; at < to; at += 1) {
      const met = kinds[codes[at] as number] as number;
      if (met === ordinary) continue;
      marks[count] = at * 8 + (met === raw ? rawKind(codes, at) : met);
      count += 1;
    }
    return count;
  }

  #room(count: number): Uint32Array<ArrayBuffer> {
    if (count > this.#marks.length) {
      const larger = new Uint32Array(Math.max(count, 2 * this.#marks.length));
      larger.set(this.#marks);
      this.#marks = larger;
    }
    return this.#marks;
  }
}

/** What MLLP puts before and behind a message ends a segment, as a line end does. */
function rawKind(codes: Codes, at: number): number {
  const [before, code, after] = [codes[at - 1], codes[at], codes[at + 1]];
  const isFraming =
    (code === startOfBlock && (before === undefined || isLineEnd(before) || before === endOfBlock)) ||
    (code === endOfBlock && (after === undefined || isLineEnd(after)));
  return isFraming ? end : raw;
}

function isLineEnd(code: number): boolean {
  return code === carriageReturn || code === lineFeed;
}
