// What reads and writes one field: the interface that all kinds of storage share.

import type { JsonSchema } from '@mortise/sdk';
import type { Charset } from './charset.ts';

/** The bytes of a record while it is read. */
export class RecordBytes {
  bytes: Uint8Array = new Uint8Array();
  readonly #charset: Charset;
  #text: string | undefined;
  /** Whether the field that was read last is written otherwise than it would be written here. */
  isIrregular = false;

  constructor(charset: Charset) {
    this.#charset = charset;
  }

  static of(bytes: Uint8Array, charset: Charset): RecordBytes {
    const record = new RecordBytes(charset);
    record.bytes = bytes;
    return record;
  }

  begin(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#text = undefined;
  }

  /** The record as text, one UTF-16 code unit a byte, in an encoding of one byte a character. */
  get text(): string {
    return (this.#text ??= this.#charset.textOf(this.bytes));
  }
}

export interface Leaf {
  readonly bytes: number;
  /** What it holds, for messages. */
  readonly expected: string;
  readonly schema: JsonSchema;
  /** The value; undefined where the bytes are none. Sets `isIrregular` where `write` would not write the same bytes. */
  read(record: RecordBytes, at: number): unknown;
  /** Undefined where it was written, else what is wrong with the value. */
  write(bytes: Uint8Array, at: number, value: unknown): string | undefined;
  /** What stands there where nothing is said: blanks of text, zeros of numbers. */
  readonly initial: Uint8Array;
}

/** The bytes that a leaf writes for a value that it always takes. */
export function initialOf(leaf: Omit<Leaf, 'initial'>, value: unknown): Leaf {
  const initial = new Uint8Array(leaf.bytes);
  leaf.write(initial, 0, value);
  return { ...leaf, initial };
}
