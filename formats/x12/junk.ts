// Passes over bytes that are no interchange, until one begins.

import type { SegmentCutter } from './cut-segments.ts';
import type { IsaHeader } from './syntax.ts';

/** So much of it is shown. */
const rawBytesMax = 1024;

export interface Junk {
  readonly offsetBytes: number;
  readonly line: number;
  readonly raw: Uint8Array;
}

export class JunkReader {
  #offset = 0;
  #line = 0;
  #raw = Buffer.alloc(0);
  open = false;

  begin(offset: number, line: number): void {
    this.open = true;
    this.#offset = offset;
    this.#line = line;
    this.#raw = Buffer.alloc(0);
  }

  /** Goes on to where an interchange begins. False where none does so far. */
  pass(cutter: SegmentCutter, isaAt: (at: number) => IsaHeader | 'more' | undefined, isLast: boolean): boolean {
    const from = cutter.at;
    const found = this.#find(cutter, isaAt, isLast);
    cutter.at = found.at;
    this.#keep(cutter.bytes.subarray(from, cutter.at));
    return found.isIsa;
  }

  take(): Junk | undefined {
    if (!this.open) return undefined;
    this.open = false;
    return { offsetBytes: this.#offset, line: this.#line, raw: this.#raw };
  }

  #find(
    cutter: SegmentCutter,
    isaAt: (at: number) => IsaHeader | 'more' | undefined,
    isLast: boolean,
  ): { at: number; isIsa: boolean } {
    const within = cutter.bytes.subarray(0, cutter.end);
    for (let at = within.indexOf('ISA', cutter.at); at >= 0; at = within.indexOf('ISA', at + 1)) {
      const header = isaAt(at);
      if (header === 'more') return { at, isIsa: false };
      if (header) return { at, isIsa: true };
    }
    return { at: isLast ? cutter.end : Math.max(cutter.at, cutter.end - 2), isIsa: false };
  }

  #keep(bytes: Buffer): void {
    const room = rawBytesMax - this.#raw.length;
    if (room > 0 && bytes.length > 0) this.#raw = Buffer.concat([this.#raw, bytes.subarray(0, room)]);
  }
}
