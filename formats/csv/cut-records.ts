// Cuts bytes into the records and fields of a CSV file as they come: a state machine that stops and goes on at any byte.

import { isAscii } from 'node:buffer';
import { formatError, positionToJson } from '@mortise/sdk';
import type { Position } from '@mortise/sdk';

export interface CutOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly trim: boolean;
  /** 2 or 4 where a character takes so many bytes. */
  readonly unitBytes: 1 | 2 | 4;
  /** Whether the highest of them comes first. */
  readonly bigEndian: boolean;
  readonly recordBytesMax: number;
}

export interface CutRecord {
  /** Without the record's end. Valid until the next record is asked for. */
  readonly bytes: Uint8Array;
  /** Three numbers a field: where in `bytes` it begins, where it ends, and its `form`. */
  readonly marks: Uint32Array;
  readonly fields: number;
  /** Whether all bytes are below 0x80. */
  readonly ascii: boolean;
  readonly offsetBytes: number;
  readonly line: number;
  /** What is wrong with its quotes, and where; the fields are not complete then. */
  readonly fault: { readonly what: string; readonly offsetBytes: number; readonly line: number } | undefined;
}

/** How a field stands in its record; `escaped` is quoted with escapes inside. */
export const form = { plain: 0, quoted: 1, escaped: 2 } as const;

const kind = { ordinary: 0, delimiter: 1, quote: 2, escape: 3, lineFeed: 4, carriageReturn: 5, blank: 6 } as const;
const state = { fieldStart: 0, plain: 1, quoted: 2, escape: 3, closed: 4, fault: 5 } as const;

export class RecordCutter {
  readonly #kinds = new Uint8Array(256);
  readonly #doubled: boolean;
  readonly #step: 1 | 2 | 4;
  /** Where the lowest byte of a character is. */
  readonly #low: number;
  readonly #recordBytesMax: number;

  /** The bytes of the record under way that came in earlier chunks. */
  #held = new Uint8Array();
  #heldBytes = 0;
  #chunkOffset: number;

  #state: number = state.fieldStart;
  #marks = new Uint32Array(3 * 64);
  #fields = 0;
  /** Where the field under way begins in its record, and where its closing quote is. */
  #fieldFrom = 0;
  #fieldTo = 0;
  #escaped = false;
  #fault: CutRecord['fault'];

  #recordOffset: number;
  #recordLine = 1;
  #line = 1;
  #returnOffset = NaN;
  /** Where the last opening quote stands, for the message when nothing closes it. */
  #quoteOffset = 0;
  #quoteLine = 1;

  /** `startBytes`: how many bytes stand before the first chunk. */
  constructor(options: CutOptions, startBytes: number) {
    const { delimiter, quote, escape, trim } = options;
    this.#doubled = escape === quote;
    this.#step = options.unitBytes;
    this.#low = options.bigEndian ? options.unitBytes - 1 : 0;
    this.#recordBytesMax = options.recordBytesMax;
    this.#chunkOffset = startBytes;
    this.#recordOffset = startBytes;
    if (trim) for (const blank of ' \t') this.#kinds[blank.charCodeAt(0)] = kind.blank;
    this.#kinds[0x0a] = kind.lineFeed;
    this.#kinds[0x0d] = kind.carriageReturn;
    if (escape !== '') this.#kinds[escape.charCodeAt(0)] = kind.escape;
    if (quote !== '') this.#kinds[quote.charCodeAt(0)] = kind.quote;
    this.#kinds[delimiter.charCodeAt(0)] = kind.delimiter;
  }

  /**
   * The records that the chunk completes; its length is a multiple of `unitBytes`. `scanned` are the same bytes where some of
   * them are not to be taken for delimiters or quotes. Throws where a record is too long.
   */
  *push(chunk: Uint8Array, scanned: Uint8Array = chunk): Generator<CutRecord> {
    const step = this.#step;
    const ascii = isAscii(chunk);
    let from = 0;
    for (let at = this.#skip(scanned, 0); at < scanned.length; at = this.#skip(scanned, at + step)) {
      const met = this.#kindAt(scanned, at);
      if (!this.#meet(met, this.#heldBytes + at - from, this.#chunkOffset + at)) continue;
      if (this.#heldBytes + at - from > this.#recordBytesMax) throw this.#tooLong();
      if (!this.#isBlank()) yield this.#complete(chunk.subarray(from, at), ascii);
      from = at + step;
      this.#startRecord(this.#chunkOffset + from);
    }
    this.#hold(chunk.subarray(from));
    this.#chunkOffset += chunk.length;
  }

  /** The last record, where it has no end of its own. Throws where a quote was not closed. */
  *end(): Generator<CutRecord> {
    if (this.#state === state.quoted || this.#state === state.escape) throw this.#unclosed();
    this.#meet(kind.lineFeed, this.#heldBytes, this.#chunkOffset);
    if (!this.#isBlank()) yield this.#complete(new Uint8Array(), true);
  }

  /** The next place, from `at` on, where the state may change. */
  #skip(chunk: Uint8Array, at: number): number {
    if (this.#state !== state.plain && this.#state !== state.quoted) return at;
    const step = this.#step;
    const kinds = this.#kinds;
    let next = at;
    if (step === 1) while (next < chunk.length && kinds[chunk[next] as number] === kind.ordinary) next += 1;
    else while (next < chunk.length && this.#kindAt(chunk, next) === kind.ordinary) next += step;
    return next;
  }

  #kindAt(chunk: Uint8Array, at: number): number {
    const low = this.#kinds[chunk[at + this.#low] as number] as number;
    if (this.#step === 1 || low === kind.ordinary) return low;
    for (let other = 0; other < this.#step; other++) if (other !== this.#low && chunk[at + other] !== 0) return kind.ordinary;
    return low;
  }

  /** Takes one character, `at` in its record and `offset` in all; true where it ends the record. */
  #meet(met: number, at: number, offset: number): boolean {
    const ends = met === kind.lineFeed || met === kind.carriageReturn;
    if (ends) this.#countLine(met, offset);
    switch (this.#state) {
      case state.fieldStart:
        return this.#meetAtStart(met, at, offset);
      case state.plain:
        if (met === kind.quote) return this.#fail('a quote inside a field that does not begin with one', offset);
        return this.#meetEnd(met, at, form.plain);
      case state.quoted:
        if (met === kind.quote) {
          this.#state = state.closed;
          this.#fieldTo = at;
        } else if (met === kind.escape) this.#state = state.escape;
        return false;
      case state.escape:
        this.#escaped = true;
        this.#state = state.quoted;
        return false;
      case state.closed:
        return this.#meetAfterQuote(met, offset);
      default:
        return ends;
    }
  }

  #meetAtStart(met: number, at: number, offset: number): boolean {
    if (met === kind.quote) {
      this.#state = state.quoted;
      this.#escaped = false;
      this.#quoteOffset = offset;
      this.#quoteLine = this.#line;
    }
    this.#fieldFrom = met === kind.quote || met === kind.blank ? at + this.#step : at;
    if (met === kind.ordinary || met === kind.escape) this.#state = state.plain;
    // A record without any field so far is a blank line, which is no record.
    if ((met === kind.lineFeed || met === kind.carriageReturn) && this.#fields === 0) return true;
    return this.#meetEnd(met, at, form.plain);
  }

  #meetAfterQuote(met: number, offset: number): boolean {
    if (met === kind.quote && this.#doubled) {
      this.#escaped = true;
      this.#state = state.quoted;
      return false;
    }
    if (met === kind.blank) return false;
    const followed = met === kind.delimiter || met === kind.lineFeed || met === kind.carriageReturn;
    if (!followed) return this.#fail('something between a closing quote and the next delimiter', offset);
    return this.#meetEnd(met, this.#fieldTo, this.#escaped ? form.escaped : form.quoted);
  }

  /** Ends the field at a delimiter or line end; true where that ends the record too. */
  #meetEnd(met: number, fieldTo: number, fieldForm: number): boolean {
    const ends = met === kind.lineFeed || met === kind.carriageReturn;
    if (met !== kind.delimiter && !ends) return false;
    this.#mark(this.#fieldFrom, fieldTo, fieldForm);
    this.#state = state.fieldStart;
    return ends;
  }

  #mark(from: number, to: number, fieldForm: number): void {
    const at = 3 * this.#fields;
    if (at === this.#marks.length) {
      const larger = new Uint32Array(2 * at);
      larger.set(this.#marks);
      this.#marks = larger;
    }
    this.#marks[at] = from;
    this.#marks[at + 1] = to;
    this.#marks[at + 2] = fieldForm;
    this.#fields += 1;
  }

  #fail(what: string, offsetBytes: number): boolean {
    this.#fault = { what, offsetBytes, line: this.#line };
    this.#state = state.fault;
    return false;
  }

  #countLine(met: number, offset: number): void {
    if (met === kind.lineFeed && offset === this.#returnOffset + this.#step) return;
    if (met === kind.carriageReturn) this.#returnOffset = offset;
    this.#line += 1;
  }

  #isBlank(): boolean {
    return this.#fields === 0 && this.#fault === undefined;
  }

  #complete(last: Uint8Array, ascii: boolean): CutRecord {
    let bytes = last;
    if (this.#heldBytes > 0) {
      this.#hold(last);
      bytes = this.#held.subarray(0, this.#heldBytes);
    }
    return {
      bytes,
      marks: this.#marks,
      fields: this.#fields,
      ascii: (ascii && bytes === last) || isAscii(bytes),
      offsetBytes: this.#recordOffset,
      line: this.#recordLine,
      fault: this.#fault,
    };
  }

  #startRecord(offset: number): void {
    this.#state = state.fieldStart;
    this.#fields = 0;
    this.#fieldFrom = 0;
    this.#fault = undefined;
    this.#heldBytes = 0;
    this.#recordOffset = offset;
    this.#recordLine = this.#line;
  }

  /** Copies, because the chunk is not ours to keep; doubling, so that a record that comes byte by byte costs no more than twice. */
  #hold(part: Uint8Array): void {
    const needed = this.#heldBytes + part.length;
    if (needed > this.#recordBytesMax) throw this.#tooLong();
    if (needed > this.#held.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#held.length, 256));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(part, this.#heldBytes);
    this.#heldBytes = needed;
  }

  #tooLong(): Error {
    const place = { offsetBytes: this.#recordOffset, line: this.#recordLine };
    const message = `The record that begins in line ${place.line} is longer than ${this.#recordBytesMax} bytes (recordBytesMax).`;
    return syntaxError(`${message} Perhaps a quote is not closed.`, place);
  }

  #unclosed(): Error {
    const place = { offsetBytes: this.#quoteOffset, line: this.#quoteLine };
    return syntaxError(`The quote that opens in line ${place.line}, at offset ${place.offsetBytes}, is never closed.`, place);
  }
}

function syntaxError(message: string, position: Position): Error {
  return formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson(position) });
}
