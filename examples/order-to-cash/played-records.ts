// Reads and writes records of a mainframe as the ledger of the demo does: text in EBCDIC, binary and packed numbers, nothing of Mortise's.

import { Objection } from './played-system.ts';

/** What all EBCDIC code pages of the Latin alphabet have in common, as far as postings need it. */
const characters = new Map([
  ...from(0x40, ' '),
  ...from(0x60, '-'),
  ...from(0xc1, 'ABCDEFGHI'),
  ...from(0xd1, 'JKLMNOPQR'),
  ...from(0xe2, 'STUVWXYZ'),
  ...from(0xf0, '0123456789'),
]);
const lettersByCode = new Map([...characters].map(([letter, code]) => [code, letter]));

/** A record, taken field by field from its beginning. */
export class RecordBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  text(length: number): string {
    const found = [...this.#take(length)].map((code) => lettersByCode.get(code));
    if (found.includes(undefined)) throw new Objection(`${this.#place(length)} is no text.`);
    return found.join('').trimEnd();
  }

  binary(): number {
    return this.#take(4).readInt32BE();
  }

  /** Two digits a byte, the last half byte the sign; in hundredths. */
  packed(length: number): number {
    const digits = this.#take(length).toString('hex');
    if (!/^\d+[cdf]$/.test(digits)) throw new Objection(`${this.#place(length)} is no packed number: ${digits}.`);
    return Number(digits.slice(0, -1)) * (digits.endsWith('d') ? -1 : 1);
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    if (taken.length < length) throw new Objection(`${this.#place(0)} a record ends too early.`);
    this.#at += length;
    return taken;
  }

  #place(length: number): string {
    return `What stands at ${this.#at - length} of a record`;
  }
}

export function textBytes(text: string, length: number): Uint8Array {
  return Buffer.from(Array.from(text.padEnd(length), (letter) => characters.get(letter) ?? 0x6f));
}

export function binaryBytes(number: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}

export function packedBytes(hundredths: number, length: number): Uint8Array {
  const digits = String(Math.abs(hundredths)).padStart(length * 2 - 1, '0');
  return Buffer.from(`${digits}${hundredths < 0 ? 'd' : 'c'}`, 'hex');
}

/** Records of variable length, each behind its length and four bytes more. */
export function variableRecords(records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    records.flatMap((record) => {
      const length = Buffer.alloc(4);
      length.writeUInt16BE(record.length + 4);
      return [length, record];
    }),
  );
}

function from(first: number, letters: string): readonly (readonly [string, number])[] {
  return Array.from(letters, (letter, index) => [letter, first + index] as const);
}
