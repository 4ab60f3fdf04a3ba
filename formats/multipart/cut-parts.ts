// Cuts a multipart body into its parts as it comes (RFC 2046, 5.1.1).

import { formatError } from '@mortise/sdk';
import type { MultipartOptions } from './part.ts';

/** A part with its headers. */
export interface CutPart {
  readonly bytes: Uint8Array;
  readonly offsetBytes: number;
}

const lineEnd = '\r\n';
/** Two dashes, 70 characters, a line end. */
const firstLineBytesMax = 74;

export class PartCutter {
  readonly #options: MultipartOptions;
  /** Begins with a line end that is not there, so that the first delimiter is like all others. */
  #held = Buffer.from(lineEnd);
  #heldBytes = 2;
  /** Where what is held begins, and from where on a delimiter is looked for. */
  #offset = -2;
  #from = 0;
  #delimiter: Buffer | undefined;
  #hasBegun = false;
  #isOver = false;
  #parts = 0;

  constructor(options: MultipartOptions) {
    this.#options = options;
    if (options.boundary !== undefined) this.#delimiter = Buffer.from(`${lineEnd}--${options.boundary}`);
  }

  *push(chunk: Uint8Array): Generator<CutPart> {
    if (this.#isOver) return;
    this.#hold(chunk);
    this.#delimiter ??= this.#detect(false);
    if (this.#delimiter) yield* this.#cut(this.#delimiter);
    if (!this.#isOver && this.#heldBytes > this.#options.partBytesMax + firstLineBytesMax) throw this.#tooLong();
  }

  end(): void {
    this.#delimiter ??= this.#detect(true);
    if (!this.#isOver) throw fault('end without the last boundary', this.#offset + this.#heldBytes);
  }

  /** The boundary by the first line; undefined while it may still come. */
  #detect(isLast: boolean): Buffer | undefined {
    const line = this.#held.subarray(0, Math.min(this.#heldBytes, firstLineBytesMax + 2));
    const end = line.indexOf(lineEnd, 2);
    if (end < 0 && !isLast && line.length < firstLineBytesMax + 2) return undefined;
    const text = line
      .subarray(2, end < 0 ? line.length : end)
      .toString('latin1')
      .trimEnd();
    if (end >= 0 && /^--[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]$/.test(text)) return Buffer.from(lineEnd + text);
    throw fault('do not begin with a boundary; where something stands before it, name the "boundary"', 0);
  }

  *#cut(delimiter: Buffer): Generator<CutPart> {
    for (;;) {
      const at = this.#held.subarray(0, this.#heldBytes).indexOf(delimiter, this.#from);
      if (at < 0) {
        this.#from = Math.max(0, this.#heldBytes - delimiter.length + 1);
        return;
      }
      const end = this.#delimiterEnd(at + delimiter.length);
      if (end === undefined) {
        this.#from = at;
        return;
      }
      if (end === false) {
        this.#from = at + 1;
        continue;
      }
      yield* this.#complete(at);
      if (end.isLast) {
        this.#isOver = true;
        return;
      }
      this.#release(end.at);
    }
  }

  /** Where the line of a delimiter ends; false where it goes on as something else, undefined while it may be either. */
  #delimiterEnd(at: number): { readonly at: number; readonly isLast: boolean } | false | undefined {
    const rest = this.#held.subarray(at, Math.min(this.#heldBytes, at + 256)).toString('latin1');
    if (rest.startsWith('--')) return { at: at + 2, isLast: true };
    const [line] = /^[ \t]*\r\n/.exec(rest) ?? [];
    if (line !== undefined) return { at: at + line.length, isLast: false };
    return rest.length < 256 && /^(-|[ \t]*\r?)$/.test(rest) ? undefined : false;
  }

  *#complete(at: number): Generator<CutPart> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      return;
    }
    if (at > this.#options.partBytesMax) throw this.#tooLong();
    this.#parts += 1;
    if (this.#parts > this.#options.partsMax)
      throw formatError('MORTISE_FORMAT_LIMIT', `The body has more than ${this.#options.partsMax} parts (partsMax).`);
    yield { bytes: new Uint8Array(this.#held.subarray(0, at)), offsetBytes: this.#offset };
  }

  #hold(chunk: Uint8Array): void {
    const needed = this.#heldBytes + chunk.length;
    if (needed > this.#held.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * this.#held.length));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(chunk, this.#heldBytes);
    this.#heldBytes = needed;
  }

  /** Drops what was passed; a part without headers begins with the line end that ends them. */
  #release(count: number): void {
    this.#held.copyWithin(0, count, this.#heldBytes);
    this.#heldBytes -= count;
    this.#offset += count;
    this.#from = 0;
  }

  #tooLong(): Error {
    return formatError('MORTISE_FORMAT_LIMIT', `A part has more than ${this.#options.partBytesMax} bytes (partBytesMax).`);
  }
}

export function fault(what: string, offsetBytes: number): Error {
  return formatError('MORTISE_FORMAT_SYNTAX', `The bytes are no sound multipart body: they ${what}.`, {
    details: { offsetBytes },
  });
}
