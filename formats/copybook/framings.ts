// How records are told apart: fixed lengths, lengths before them, blocks and segments, lines, and lengths within them.

import { lineEndBytes } from './line-ends.ts';
import { checkLength, framingFault } from './cut-records.ts';
import type { Framing, Step } from './cut-records.ts';

/** How a length before a record is written. */
export interface LengthStyle {
  readonly order: 'big' | 'little';
  /** Where the length stands in the header. */
  readonly at: number;
  readonly bytes: number;
  readonly headerBytes: number;
  readonly adjust: number;
}

export const ibmLengths: LengthStyle = { order: 'big', at: 0, bytes: 2, headerBytes: 4, adjust: -4 };

export function fixedFraming(recordBytes: number): Framing {
  return {
    step(_bytes, at, end, _offset, isLast) {
      if (end - at >= recordBytes) return { from: at, next: at + recordBytes };
      return isLast ? { from: at, next: end } : { needs: recordBytes };
    },
  };
}

export function lengthFraming(style: LengthStyle, bytesMax: number): Framing {
  return { step: (bytes, at, end, offsetBytes) => described(bytes, at, end, offsetBytes, { ...style, bytesMax }) };
}

type Described = LengthStyle & { readonly bytesMax: number };

function described(bytes: Uint8Array, at: number, end: number, offsetBytes: number, style: Described): Step {
  const { headerBytes, adjust, bytesMax } = style;
  if (end - at < headerBytes) return { needs: headerBytes };
  const length = readLength(bytes, at + style.at, style) + adjust;
  if (length < 0)
    throw framingFault(`The length before a record is ${length - adjust}; expected at least ${-adjust}`, { offsetBytes });
  checkLength(length, bytesMax, offsetBytes);
  const next = at + headerBytes + length;
  return next > end ? { needs: headerBytes + length } : { from: at + headerBytes, next };
}

export function readLength(bytes: Uint8Array, at: number, { order, bytes: count }: Pick<LengthStyle, 'order' | 'bytes'>): number {
  let length = 0;
  for (let index = 0; index < count; index += 1)
    length = length * 256 + (bytes[at + (order === 'big' ? index : count - 1 - index)] ?? 0);
  return length;
}

/** z/OS DFSMS, "Variable-Length Record Formats": blocks with a length of their own, which may have 31 bits. */
export function blockFraming(isSpanned: boolean, bytesMax: number): Framing {
  let blockLeft = 0;
  const segments = new Segments(bytesMax);
  const style = { ...ibmLengths, bytesMax };
  return {
    step(bytes, at, end, offsetBytes) {
      if (blockLeft === 0) {
        if (end - at < 4) return { needs: 4 };
        const length = readBlockLength(bytes, at);
        if (length < 4) throw framingFault(`The length of a block is ${length}; expected at least 4`, { offsetBytes });
        blockLeft = length - 4;
        return { next: at + 4 };
      }
      const record = described(bytes, at, end, offsetBytes, style);
      if ('needs' in record) return record;
      if (record.next - at > blockLeft) throw framingFault('A record reaches beyond its block', { offsetBytes });
      blockLeft -= record.next - at;
      return isSpanned ? segments.step(bytes, at, record.next, offsetBytes) : record;
    },
  };
}

function readBlockLength(bytes: Uint8Array, at: number): number {
  const short = readLength(bytes, at, { order: 'big', bytes: 2 });
  return short < 0x8000 ? short : readLength(bytes, at, { order: 'big', bytes: 4 }) - 0x8000_0000;
}

/** The third byte of a segment's header: 0 is a whole record, 1 its first segment, 3 one between, 2 the last. */
class Segments {
  readonly #bytesMax: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  step(bytes: Uint8Array, at: number, next: number, offsetBytes: number): Step {
    const place = bytes[at + 2] ?? 0;
    const isFirst = place === 0 || place === 1;
    if (place > 3 || isFirst !== (this.#parts.length === 0))
      throw framingFault(`A segment says ${place} of its place in the record, which does not follow the one before it`, {
        offsetBytes,
      });
    if (place === 0) return { from: at + 4, next };
    this.#parts.push(bytes.slice(at + 4, next));
    this.#bytes += next - at - 4;
    checkLength(this.#bytes, this.#bytesMax, offsetBytes);
    if (place !== 2) return { next };
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return { from: at + 4, bytes: whole, next };
  }
}

const [microFocusHeaderBytes, shortRecordMax] = [128, 4095];
const deletedRecord = 2;

/** Micro Focus "File Handler", header of a variable sequential file: 128 bytes; records of 2 or 4 bytes more, at multiples of 4. */
export function microFocusFraming(bytesMax: number): Framing {
  let lengthBytes = 0;
  return {
    step(bytes, at, end, offsetBytes, isLast) {
      if (lengthBytes === 0) {
        if (end - at < microFocusHeaderBytes) return { needs: microFocusHeaderBytes };
        if ((bytes[at] ?? 0) >> 4 !== 3)
          throw framingFault('There is no header of a variable file of Micro Focus', { offsetBytes });
        lengthBytes = readLength(bytes, at + 54, { order: 'big', bytes: 4 }) > shortRecordMax - 1 ? 4 : 2;
        return { next: at + microFocusHeaderBytes };
      }
      if (end - at < lengthBytes) return { needs: lengthBytes };
      const header = readLength(bytes, at, { order: 'big', bytes: lengthBytes });
      const length = header % 2 ** (8 * lengthBytes - 4);
      checkLength(length, bytesMax, offsetBytes);
      const to = at + lengthBytes + length;
      const next = at + 4 * Math.ceil((lengthBytes + length) / 4);
      if (to > end || (next > end && !isLast)) return { needs: next - at };
      const kind = (bytes[at] ?? 0) >> 4;
      return kind === deletedRecord ? { next: Math.min(next, end) } : { from: at + lengthBytes, to, next: Math.min(next, end) };
    },
  };
}

/** Lines; what is needed doubles, so that a long one is not looked through for every byte of it. */
export function lineFraming(isEbcdic: boolean, bytesMax: number): Framing {
  let line = 0;
  return {
    step(bytes, at, end, offsetBytes, isLast) {
      for (let place = at; place < end; place += 1) {
        const length = lineEndBytes(bytes, place, end, isEbcdic);
        if (length === 0) continue;
        checkLength(place - at, bytesMax, offsetBytes);
        line += 1;
        return { from: at, to: place, next: place + length, line };
      }
      // A carriage return at the end may be a part of the line's end.
      checkLength(end - at - 1, bytesMax, offsetBytes);
      if (!isLast) return { needs: Math.max(1, Math.min(2 * (end - at), bytesMax + 2)) };
      checkLength(end - at, bytesMax, offsetBytes);
      line += 1;
      return { from: at, next: end, line };
    },
  };
}

/** Records that say their own length; `lengthOf` gives it, or that it takes so many bytes to know. */
export function measuredFraming(
  bytesMin: number,
  bytesMax: number,
  lengthOf: (bytes: Uint8Array) => number | undefined,
): Framing {
  return {
    step(bytes, at, end, offsetBytes, isLast) {
      const there = end - at;
      if (there < bytesMin) return isLast ? { from: at, next: end } : { needs: bytesMin };
      const length = lengthOf(bytes.subarray(at, end));
      if (length === undefined && there < bytesMax && !isLast) return { needs: Math.min(bytesMax, there + 1024) };
      if (length === undefined) throw framingFault('A record does not say how long it is', { offsetBytes });
      checkLength(length, bytesMax, offsetBytes);
      if (length > there) return isLast ? { from: at, next: end } : { needs: length };
      return { from: at, next: at + length };
    },
  };
}
