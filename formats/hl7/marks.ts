// Finds the delimiters of a message: one pass over its text.

import { blockEnd, blockStart, kind } from './delimiters.ts';

const [endOfBlock, startOfBlock, lineFeed, carriageReturn] = [blockEnd.charCodeAt(0), blockStart.charCodeAt(0), 0x0a, 0x0d];

/** The marks of a text: at each place where something other than text stands, eight times the place, and its kind. */
export class Marks {
  #marks = new Uint32Array(1024);
  #count = 0;

  get marks(): Uint32Array<ArrayBuffer> {
    return this.#marks;
  }

  get count(): number {
    return this.#count;
  }

  /** Marks the text from `from` on; false where there are more than `max` marks. Behind the text stands an end. */
  mark(text: string, from: number, kinds: Uint8Array, max: number): boolean {
    let marks = this.#marks;
    let count = 0;
    const to = text.length;
    for (let at = from; at < to; at += 1) {
      const met = kinds[text.charCodeAt(at)] as number;
      if (met === kind.ordinary) continue;
      if (count + 2 > marks.length) {
        if (count >= max) return false;
        marks = this.#grow(count);
      }
      marks[count] = at * 8 + (met === kind.raw ? rawKind(text, at) : met);
      count += 1;
    }
    marks[count] = to * 8 + kind.end;
    this.#count = count + 1;
    return this.#count <= max;
  }

  #grow(count: number): Uint32Array<ArrayBuffer> {
    const larger = new Uint32Array(2 * this.#marks.length);
    larger.set(this.#marks.subarray(0, count));
    this.#marks = larger;
    return larger;
  }
}

/** What MLLP puts before and behind a message ends a segment, as a line end does. */
function rawKind(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const isFraming =
    (code === startOfBlock && (at === 0 || isLineEnd(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) === endOfBlock)) ||
    (code === endOfBlock && (at + 1 === text.length || isLineEnd(text.charCodeAt(at + 1))));
  return isFraming ? kind.end : kind.raw;
}

function isLineEnd(code: number): boolean {
  return code === carriageReturn || code === lineFeed;
}
