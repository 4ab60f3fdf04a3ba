// Puts around written records what tells them apart: the inverse of the framings.

import { formatError } from '@mortise/sdk';
import { ibmLengths } from './framings.ts';
import type { LengthStyle } from './framings.ts';
import { lineEnd } from './line-ends.ts';
import type { RecordPlan } from './record-plan.ts';

export interface Framer {
  /**
   * The bytes of a record with its frame, and of what it completes: valid until the next one comes, as the record itself is.
   * Throws MORTISE_FORMAT_UNWRITABLE.
   */
  add(record: Uint8Array): readonly Uint8Array[];
  end(): readonly Uint8Array[];
}

export function framerOf({ options, charset, bytesMax }: RecordPlan): Framer {
  const { recordFormat, lengths = ibmLengths, blockLength, newline } = options;
  switch (recordFormat) {
    case 'v': {
      const before = new Uint8Array(lengths.headerBytes);
      return plain((record) => [header(record.length, lengths, before), record]);
    }
    case 'vb':
      return new BlockFramer(blockLength, false);
    case 'vbs':
      return new BlockFramer(blockLength, true);
    case 'microfocus':
      return microFocus(bytesMax);
    case 'lines': {
      const end = lineEnd(newline, charset.isEbcdic);
      return plain((record) => [record, end]);
    }
    default:
      return plain((record) => [record]);
  }
}

function plain(add: (record: Uint8Array) => readonly Uint8Array[]): Framer {
  return { add, end: () => [] };
}

function header(recordBytes: number, style: LengthStyle, written = new Uint8Array(style.headerBytes)): Uint8Array {
  const { order, at, bytes, adjust } = style;
  let length = recordBytes - adjust;
  if (length < 0 || length >= 2 ** (8 * bytes)) throw tooLong(recordBytes, `a length of ${bytes} bytes`);
  for (let index = 0; index < bytes; index += 1) {
    written[at + (order === 'big' ? bytes - 1 - index : index)] = length % 256;
    length = Math.floor(length / 256);
  }
  return written;
}

/** Blocks as full as they can be. */
class BlockFramer implements Framer {
  readonly #blockLength: number;
  readonly #isSpanned: boolean;
  #parts: Uint8Array[] = [];
  #bytes = 4;

  constructor(blockLength: number, isSpanned: boolean) {
    this.#blockLength = blockLength;
    this.#isSpanned = isSpanned;
  }

  add(record: Uint8Array): readonly Uint8Array[] {
    if (this.#isSpanned) return this.#addSpanned(record);
    if (record.length + 8 > this.#blockLength) throw tooLong(record.length, `a block of ${this.#blockLength}`);
    const full = this.#bytes + record.length + 4 > this.#blockLength ? this.end() : [];
    this.#segment(record, 0);
    return full;
  }

  end(): readonly Uint8Array[] {
    if (this.#bytes === 4) return [];
    const block = [header(this.#bytes - 4, ibmLengths), ...this.#parts];
    [this.#parts, this.#bytes] = [[], 4];
    return block;
  }

  #addSpanned(record: Uint8Array): readonly Uint8Array[] {
    const full: Uint8Array[] = [];
    let from = 0;
    for (;;) {
      // A segment of no byte would say nothing.
      if (this.#blockLength - this.#bytes < 5) full.push(...this.end());
      const to = Math.min(record.length, from + this.#blockLength - this.#bytes - 4);
      const isLast = to === record.length;
      this.#segment(record.subarray(from, to), from === 0 ? (isLast ? 0 : 1) : isLast ? 2 : 3);
      if (isLast) return full;
      from = to;
    }
  }

  #segment(bytes: Uint8Array, place: number): void {
    const before = header(bytes.length, ibmLengths);
    before[2] = place;
    this.#parts.push(before, bytes.slice());
    this.#bytes += 4 + bytes.length;
  }
}

function microFocus(bytesMax: number): Framer {
  const lengthBytes = bytesMax >= 4095 ? 4 : 2;
  let isBegun = false;
  const begin = (): readonly Uint8Array[] => {
    if (isBegun) return [];
    isBegun = true;
    return [microFocusHeader(bytesMax, lengthBytes)];
  };
  return {
    add(record) {
      const before = header(record.length, { order: 'big', at: 0, bytes: lengthBytes, headerBytes: lengthBytes, adjust: 0 });
      before[0] = (before[0] ?? 0) | 0x40;
      const end = lengthBytes + record.length;
      return [...begin(), before, record, new Uint8Array((4 - (end % 4)) % 4)];
    },
    end: begin,
  };
}

/** Says nothing of when it was written, so that the same values are the same bytes. */
function microFocusHeader(bytesMax: number, lengthBytes: number): Uint8Array {
  const written = new Uint8Array(128);
  const view = new DataView(written.buffer);
  view.setUint32(0, lengthBytes === 2 ? 0x30_7e_00_00 : 0x30_00_00_7c);
  written.fill(0x30, 8, 36);
  view.setUint16(36, 62);
  written[39] = 1;
  written[48] = 1;
  view.setUint32(54, bytesMax);
  return written;
}

function tooLong(bytes: number, place: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', `A record of ${bytes} bytes does not fit into ${place}.`);
}
