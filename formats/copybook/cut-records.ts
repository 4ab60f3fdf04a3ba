// Cuts a file into records as its bytes come, whatever tells the records apart.

import { formatError, positionToJson } from '@mortise/sdk';
import type { MortiseError } from '@mortise/sdk';

/** A record as it was cut, without what frames it. Valid until the next one is asked for. */
export interface Cut {
  readonly bytes: Uint8Array;
  /** Where its own bytes begin in the file. */
  readonly offsetBytes: number;
  readonly line?: number;
}

/** What a framing makes of the bytes from `at`: that it needs more of them, or where the next thing begins, with a record perhaps. */
export type Step =
  | { readonly needs: number }
  | { readonly next: number; readonly from?: number; readonly to?: number; readonly bytes?: Uint8Array; readonly line?: number };

export interface Framing {
  /**
   * `isLast`: no more bytes come; what needs more then is cut off. The bytes from `at` to `end` are there; `offsetBytes` is where
   * `at` is in the file. Throws MORTISE_FORMAT_SYNTAX where the rest cannot be told apart.
   */
  step(bytes: Uint8Array, at: number, end: number, offsetBytes: number, isLast: boolean): Step;
}

/** Takes bytes by `push`, and by `end` that there are no more; `next` gives the records that are there, until there is none. */
export class RecordCutter {
  readonly #framing: Framing;
  readonly #skipEnd: number;
  #skipStart: number;
  #held = new Uint8Array();
  #heldBytes = 0;
  /** What is being cut: a chunk, or what is held; nothing where too little has come. */
  #source: Uint8Array | undefined;
  #at = 0;
  #end = 0;
  #isLast = false;
  /** Where the bytes to be cut begin in the file. */
  #offsetBytes = 0;
  /** So many bytes have to be there before it is worth looking. */
  #needs = 1;

  constructor(framing: Framing, { skipStart, skipEnd }: { skipStart: number; skipEnd: number }) {
    this.#framing = framing;
    this.#skipStart = skipStart;
    this.#skipEnd = skipEnd;
  }

  push(chunk: Uint8Array): void {
    const begin = Math.min(this.#skipStart, chunk.length);
    this.#skipStart -= begin;
    this.#offsetBytes += begin;
    if (this.#heldBytes === 0) {
      this.#begin(chunk, begin, chunk.length - this.#skipEnd);
      return;
    }
    this.#hold(chunk.subarray(begin));
    if (this.#heldBytes - this.#skipEnd >= this.#needs) this.#begin(this.#held, 0, this.#heldBytes - this.#skipEnd);
  }

  end(): void {
    this.#isLast = true;
    const end = Math.max(0, this.#heldBytes - this.#skipEnd);
    if (end > 0) this.#begin(this.#held, 0, end);
  }

  #begin(source: Uint8Array, at: number, end: number): void {
    this.#source = source;
    this.#at = at;
    this.#end = end;
  }

  /** Throws what a framing throws, where the rest cannot be told apart. */
  next(): Cut | undefined {
    const bytes = this.#source;
    if (!bytes) return undefined;
    while (this.#at < this.#end) {
      const at = this.#at;
      const step = this.#framing.step(bytes, at, this.#end, this.#offsetBytes, this.#isLast);
      if ('needs' in step) {
        if (this.#isLast) throw cutOff(this.#offsetBytes);
        return this.#keep(bytes, step.needs);
      }
      const { from, to = step.next, line, next } = step;
      const offsetBytes = this.#offsetBytes + (from ?? at) - at;
      this.#offsetBytes += next - at;
      this.#at = next;
      if (step.bytes) return { bytes: step.bytes, offsetBytes };
      if (from === undefined) continue;
      const record = bytes.subarray(from, to);
      return line === undefined ? { bytes: record, offsetBytes } : { bytes: record, offsetBytes, line };
    }
    return this.#keep(bytes, 1);
  }

  /** What is left of the bytes is cut when more have come. */
  #keep(bytes: Uint8Array, needs: number): undefined {
    this.#needs = needs;
    this.#source = undefined;
    if (bytes !== this.#held) {
      this.#hold(bytes.subarray(this.#at));
      return undefined;
    }
    bytes.copyWithin(0, this.#at, this.#heldBytes);
    this.#heldBytes -= this.#at;
    return undefined;
  }

  #hold(part: Uint8Array): void {
    const bytes = this.#heldBytes + part.length;
    if (bytes > this.#held.length) {
      // Doubling keeps bytes that come one by one from being copied as often as there are bytes.
      const larger = new Uint8Array(Math.max(bytes, 2 * this.#held.length, 1024));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(part, this.#heldBytes);
    this.#heldBytes = bytes;
  }
}

function cutOff(offsetBytes: number): MortiseError {
  return framingFault('The file ends in the middle of a record, or of the length before it', { offsetBytes });
}

/** Throws MORTISE_FORMAT_LIMIT for a record that is longer than the options allow. */
export function checkLength(bytes: number, bytesMax: number, offsetBytes: number): void {
  if (bytes <= bytesMax) return;
  const message = `At offset ${offsetBytes}: a record of more than ${bytesMax} bytes, which is all that "recordMax" allows.`;
  throw formatError('MORTISE_FORMAT_LIMIT', message, { details: positionToJson({ offsetBytes }) });
}

/** MORTISE_FORMAT_SYNTAX: nothing behind here can be told apart. */
export function framingFault(what: string, { offsetBytes }: { readonly offsetBytes: number }): MortiseError {
  return formatError('MORTISE_FORMAT_SYNTAX', `${what}, at offset ${offsetBytes}.`, { details: positionToJson({ offsetBytes }) });
}
