// What is known while one record is read or written: where it is, what the counters say, what went wrong.

import type { Charset } from './charset.ts';
import { RecordBytes } from './leaf.ts';
import type { Field } from './layout.ts';
import type { Leaf } from './leaf.ts';

/** What is wrong with a record, and where in it. */
export interface RecordFault {
  readonly what: string;
  /** In bytes from the beginning of the record. */
  readonly at: number;
  /** The keys around it, as `ITEMS[2].QUANTITY`. */
  readonly path: string;
  /** The bytes of the field, where there are any. */
  readonly bytes: Uint8Array;
}

export class ReadState {
  readonly record: RecordBytes;
  readonly bytes: Uint8Array;
  readonly end: number;
  /** Whether fields may be absent where the record ends before them. */
  readonly mayEnd: boolean;
  at = 0;
  /** What the fields hold that tables depend on, by their slot. */
  readonly counts: unknown[] = [];
  /** Which of several alternatives were taken, where the record tells. */
  readonly taken: Field[] = [];
  #fault: Omit<RecordFault, 'path'> | undefined;
  #path = '';

  constructor(bytes: Uint8Array, charset: Charset, mayEnd: boolean) {
    this.record = new RecordBytes(bytes, charset);
    this.bytes = bytes;
    this.end = bytes.length;
    this.mayEnd = mayEnd;
  }

  /** Whether nothing is left, and that is no fault. */
  get isOver(): boolean {
    return this.mayEnd && this.at >= this.end;
  }

  /** Always false, so that who reads can give it back. */
  fail(what: string, at: number, length: number): false {
    this.#fault = { what, at, bytes: this.bytes.slice(at, at + length) };
    this.#path = '';
    return false;
  }

  /** Says in which group or table the fault is; always false. */
  within(key: string): false {
    this.#path = this.#path === '' || this.#path.startsWith('[') ? key + this.#path : `${key}.${this.#path}`;
    return false;
  }

  get fault(): RecordFault | undefined {
    return this.#fault && { ...this.#fault, path: this.#path };
  }

  /** Where what was read turned out to be something else. */
  forget(): void {
    this.#fault = undefined;
  }

  /** Whether the bytes are those of the template; notes where they are not. */
  compare(template: Uint8Array, from: number, length: number): void {
    const { bytes, at } = this;
    for (let place = 0; place < length; place += 1) {
      if (bytes[at + place] === template[from + place]) continue;
      this.record.isIrregular = true;
      return;
    }
  }
}

/** Bytes that are written otherwise than here, in hexadecimal digits, by the path of their field. */
export type Spans = Readonly<Record<string, string>>;

interface Counter {
  readonly at: number;
  readonly leaf: Leaf;
  readonly path: string;
  value: unknown;
}

/** What one way of seeing bytes was given as, to be compared with what all bytes say at last. */
export interface Alternative {
  readonly path: string;
  /** What is wrong where they differ. */
  readonly what: string;
  readonly isSame: (bytes: Uint8Array) => boolean;
}

export class WriteState {
  readonly charset: Charset;
  readonly bytes: Uint8Array;
  at = 0;
  /** Whether the record has ended: what is behind it was absent. */
  hasEnded = false;
  readonly mayEnd: boolean;
  readonly fillsMissing: boolean;
  readonly counters: (Counter | undefined)[] = [];
  readonly alternatives: Alternative[] = [];
  readonly #path: string[] = [];
  /** What is to be written instead, where it still says the same. */
  readonly #spans: Spans | undefined;
  /** The record that was read: what differs from it is gathered. */
  readonly #original: Uint8Array | undefined;
  readonly found: Record<string, string> = {};
  fault: { readonly what: string; readonly path: string } | undefined;

  constructor(style: {
    readonly charset: Charset;
    readonly bytes: Uint8Array;
    readonly mayEnd: boolean;
    readonly fillsMissing: boolean;
    readonly spans?: Spans | undefined;
    readonly original?: Uint8Array;
  }) {
    this.charset = style.charset;
    this.bytes = style.bytes;
    this.mayEnd = style.mayEnd;
    this.fillsMissing = style.fillsMissing;
    this.#spans = style.spans;
    this.#original = style.original;
  }

  enter(key: string): void {
    this.#path.push(key);
  }

  /** Always gives back what it got. */
  leave(written: boolean): boolean {
    this.#path.pop();
    return written;
  }

  get path(): string {
    return this.#path.reduce((path, key) => (path === '' || key.startsWith('[') ? path + key : `${path}.${key}`), '');
  }

  fail(what: string, path = this.path): false {
    this.fault ??= { what, path };
    return false;
  }

  /** Writes a field that has a value. */
  put(leaf: Leaf, value: unknown): boolean {
    const { at } = this;
    this.at += leaf.bytes;
    if (this.#original) return this.#gather(leaf, value, at, this.#original);
    if (this.#spans && this.#putSpan(leaf, value, at)) return true;
    const problem = leaf.write(this.bytes, at, value);
    return problem === undefined || this.fail(problem);
  }

  /** Writes bytes that have no value: those of the template, or what was there. */
  fill(template: Uint8Array, from: number, length: number): void {
    this.bytes.set(template.subarray(from, from + length), this.at);
    if (this.#original) this.#note(this.at, length, this.#original);
    else if (this.#spans) this.#span(length, (bytes) => this.bytes.set(bytes, this.at));
    this.at += length;
  }

  #gather(leaf: Leaf, value: unknown, at: number, original: Uint8Array): boolean {
    const problem = leaf.write(this.bytes, at, value);
    this.#note(at, leaf.bytes, original, problem !== undefined);
    return true;
  }

  #note(at: number, length: number, original: Uint8Array, differs = false): void {
    const there = original.subarray(at, at + length);
    if (differs || !there.every((byte, index) => byte === this.bytes[at + index]))
      this.found[this.path] = Buffer.from(there).toString('hex');
  }

  #putSpan(leaf: Leaf, value: unknown, at: number): boolean {
    let isSame = false;
    this.#span(leaf.bytes, (bytes) => {
      const read = leaf.read(new RecordBytes(bytes, this.charset), 0);
      isSame = read !== undefined && read === value;
      if (isSame) this.bytes.set(bytes, at);
    });
    return isSame;
  }

  #span(length: number, use: (bytes: Uint8Array) => void): void {
    const { path } = this;
    const hex = this.#spans && Object.hasOwn(this.#spans, path) ? this.#spans[path] : undefined;
    if (typeof hex === 'string' && hex.length === 2 * length && /^[0-9a-f]*$/.test(hex)) use(Buffer.from(hex, 'hex'));
  }
}
