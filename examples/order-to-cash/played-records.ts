// Reads and writes records of a mainframe as the ledger of the demo does: text in EBCDIC, binary and packed numbers, nothing of Mortise's.

import { Objection } from './played-system.ts';

/** What all EBCDIC code pages of the Latin alphabet have in common, as far as postings need it. */
const characters = new Map<string, number>([
  [' ', 0x40],
  ['-', 0x60],
  ...[...'ABCDEFGHI'].map((letter, index) => [letter, 0xc1 + index] as const),
  ...[...'JKLMNOPQR'].map((letter, index) => [letter, 0xd1 + index] as const),
  ...[...'STUVWXYZ'].map((letter, index) => [letter, 0xe2 + index] as const),
  ...[...'0123456789'].map((digit, index) => [digit, 0xf0 + index] as const),
]);
const letters = new Map([...characters].map(([letter, code]) => [code, letter]));

/** A record, taken field by field from its beginning. */
export class RecordBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  text(length: number): string {
    const found = [...this.#take(length)].map((code) => letters.get(code));
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
  return Buffer.from([...text.padEnd(length)].map((letter) => characters.get(letter) ?? 0x6f));
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
