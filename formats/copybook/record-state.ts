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
  /** Whether the record ends before the field does. */
  readonly isShort?: boolean;
}

/** Bytes that would be written otherwise than they were read. */
interface Note {
  path: string;
  readonly at: number;
  readonly length: number;
}

/** One is used for record after record: `begin` comes first. */
export class ReadState {
  readonly record: RecordBytes;
  /** Whether fields may be absent where the record ends before them. */
  readonly mayEnd: boolean;
  bytes: Uint8Array = new Uint8Array();
  end = 0;
  at = 0;
  /** What the fields hold that tables depend on, by their slot. */
  readonly counts: unknown[] = [];
  /** Which of several alternatives were taken, where the record tells. */
  taken: Field[] = [];
  /** Whether the record ended where bytes without a name would be written. */
  isCut = false;
  /** Whether it ended behind an alternative that is shorter than the longest. */
  isDone = false;
  /** Where the last of such alternatives ended with what stands behind it. */
  restEnd = -1;
  readonly notes: Note[] = [];
  #fault: Omit<RecordFault, 'path'> | undefined;
  #path = '';

  constructor(charset: Charset, mayEnd: boolean) {
    this.record = new RecordBytes(charset);
    this.mayEnd = mayEnd;
  }

  begin(bytes: Uint8Array, at = 0): void {
    this.record.begin(bytes);
    this.bytes = bytes;
    this.end = bytes.length;
    this.at = at;
    this.isCut = false;
    this.isDone = false;
    this.restEnd = -1;
    this.#fault = undefined;
    if (this.taken.length > 0) this.taken = [];
    if (this.notes.length > 0) this.notes.length = 0;
  }

  /** Whether nothing is left, and that is no fault. */
  get isOver(): boolean {
    return this.mayEnd && (this.isDone || this.at >= this.end);
  }

  /** Always false, so that who reads can give it back. */
  fail(what: string, at: number, length: number): false {
    this.#fault = { what, at, bytes: this.bytes.slice(at, at + length), isShort: at + length > this.end };
    this.#path = '';
    return false;
  }

  /** Says in which group or table the fault is; always false. */
  within(key: string): false {
    this.#path = joined(key, this.#path);
    return false;
  }

  get fault(): RecordFault | undefined {
    return this.#fault && { ...this.#fault, path: this.#path };
  }

  /** Where what was read turned out to be something else. */
  forget(): void {
    this.#fault = undefined;
  }

  note(key: string, at: number, length: number): void {
    this.notes.push({ path: key, at, length });
  }

  /** Says in which group or table the notes from this one on are. */
  notedWithin(key: string, from: number): void {
    for (let index = from; index < this.notes.length; index += 1) {
      const note = this.notes[index];
      if (note) note.path = joined(key, note.path);
    }
  }

  /** Passes bytes that have no name; notes where they are not those of the template. */
  pass(key: string, template: Uint8Array, from: number, length: number): void {
    const { bytes, at } = this;
    this.at += length;
    for (let place = 0; place < length; place += 1) {
      if (bytes[at + place] === template[from + place]) continue;
      this.note(key, at, length);
      return;
    }
  }
}

function joined(key: string, path: string): string {
  return path === '' || path.startsWith('[') ? key + path : `${key}.${path}`;
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

/** One is used for record after record: `begin` comes before the second one. */
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
  readonly #path: (string | number)[] = [];
  /** What is to be written instead, where it still says the same. */
  #spans: Spans | undefined;
  fault: { readonly what: string; readonly path: string } | undefined;
  /** Bytes without a value at the end of what is written: there where something follows. */
  #pending: { readonly template: Uint8Array; readonly from: number; readonly length: number; readonly path: string }[] = [];

  constructor(style: {
    readonly charset: Charset;
    readonly bytes: Uint8Array;
    readonly mayEnd: boolean;
    readonly fillsMissing: boolean;
  }) {
    this.charset = style.charset;
    this.bytes = style.bytes;
    this.mayEnd = style.mayEnd;
    this.fillsMissing = style.fillsMissing;
  }

  begin(spans: Spans | undefined): void {
    this.#spans = spans;
    this.at = 0;
    this.hasEnded = false;
    this.fault = undefined;
    this.counters.length = 0;
    if (this.alternatives.length > 0) this.alternatives.length = 0;
    if (this.#path.length > 0) this.#path.length = 0;
    if (this.#pending.length > 0) this.#pending = [];
  }

  /** A field or group by its key, or an element of a table by its index. */
  enter(key: string | number): void {
    this.#path.push(key);
  }

  /** Always gives back what it got. */
  leave(written: boolean): boolean {
    this.#path.pop();
    return written;
  }

  get path(): string {
    return this.#path.reduceRight<string>((path, key) => joined(typeof key === 'number' ? `[${key}]` : key, path), '');
  }

  fail(what: string, path = this.path): false {
    this.fault ??= { what, path };
    return false;
  }

  /** Writes bytes that have no value once something else is written behind them. */
  fillLater(template: Uint8Array, from: number, length: number): void {
    this.#pending.push({ template, from, length, path: this.path });
  }

  /** Writes what was left for later, as far as the record is to reach. */
  end(bytes: number): void {
    const fitting = this.#pending;
    this.#pending = [];
    for (const one of fitting) if (bytes >= this.at + one.length) this.fill(one.template, one.from, one.length, one.path);
  }

  /** Writes a field that has a value. */
  put(leaf: Leaf, value: unknown): boolean {
    if (this.#pending.length > 0) this.end(Infinity);
    const { at } = this;
    this.at += leaf.bytes;
    if (this.#spans && this.#putSpan(leaf, value, at)) return true;
    const problem = leaf.write(this.bytes, at, value);
    return problem === undefined || this.fail(problem);
  }

  /** Writes bytes that have no value: those of the template, or what was there. */
  fill(template: Uint8Array, from: number, length: number, path?: string): void {
    if (this.#pending.length > 0) this.end(Infinity);
    this.bytes.set(template.subarray(from, from + length), this.at);
    if (this.#spans) this.#span(path ?? this.path, length, (bytes) => this.bytes.set(bytes, this.at));
    this.at += length;
  }

  #putSpan(leaf: Leaf, value: unknown, at: number): boolean {
    let isSame = false;
    this.#span(this.path, leaf.bytes, (bytes) => {
      const read = leaf.read(RecordBytes.of(bytes, this.charset), 0);
      isSame = read !== undefined && read === value;
      if (isSame) this.bytes.set(bytes, at);
    });
    return isSame;
  }

  #span(path: string, length: number, use: (bytes: Uint8Array) => void): void {
    const hex = this.#spans && Object.hasOwn(this.#spans, path) ? this.#spans[path] : undefined;
    if (typeof hex === 'string' && hex.length === 2 * length && /^[0-9a-f]*$/.test(hex)) use(Buffer.from(hex, 'hex'));
  }
}
