// Makes values of records: characters, places, types; skips the records around them.

import {
  LineCutter,
  MortiseError,
  characterEncodings,
  excerpt,
  formatError,
  hasByteOrderMark,
  positionToJson,
  undecodable,
  unitBytesOf,
} from '@mortise/sdk';
import type { Decoded, Position } from '@mortise/sdk';
import { BlockCutter } from './cut-blocks.ts';
import { WideLineCutter } from './cut-wide-lines.ts';
import { part, readField } from './field-text.ts';
import { irregularKey, irregularOf } from './irregular.ts';
import { layoutOf } from './layout.ts';
import type { Field, FixedWidthOptions, Layout } from './layout.ts';

/** A record as it was cut. Of a line that is far too long only the beginning is there. */
interface Cut {
  readonly bytes: Uint8Array;
  readonly lengthBytes?: number;
  readonly offsetBytes: number;
  readonly line?: number;
}

interface Cutter {
  push(chunk: Uint8Array): Iterable<Cut>;
  end(): Iterable<Cut>;
}

/** What is kept of a line that is far too long. */
const rawBytesMin = 1024;
/** In utf-8, utf-16, utf-32 and gb18030. */
const characterBytesMax = 4;

export class RecordReader {
  readonly #options: FixedWidthOptions;
  readonly #layout: Layout;
  readonly #cutter: Cutter;
  readonly #empty: Readonly<Record<string, unknown>>;
  /** The newest records while they may be trailers: copies, oldest first. */
  readonly #heldBack: Cut[] = [];
  #skipped = 0;
  #record = 0;

  constructor(options: FixedWidthOptions) {
    this.#options = options;
    this.#layout = layoutOf(options);
    const { fields, length } = this.#layout;
    this.#cutter = cutterOf(options, length);
    this.#empty = Object.fromEntries(fields.map(({ name }) => [name, null]));
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    yield* this.#readAll(this.#cutter.push(chunk));
  }

  *end(): Generator<Decoded> {
    yield* this.#readAll(this.#cutter.end());
  }

  *#readAll(cuts: Iterable<Cut>): Generator<Decoded> {
    for (const whole of cuts) {
      const cut = this.#withoutMark(whole);
      if (cut.bytes.length === 0) continue;
      const record = this.#passSkipped(cut);
      if (record) yield this.#read(record);
    }
  }

  #withoutMark(cut: Cut): Cut {
    const { encoding, newline } = this.#options;
    if (cut.offsetBytes > 0 || newline === 'none' || !hasByteOrderMark(cut.bytes, encoding)) return cut;
    const { length } = characterEncodings[encoding].byteOrderMark;
    return {
      ...cut,
      bytes: cut.bytes.subarray(length),
      offsetBytes: length,
      lengthBytes: (cut.lengthBytes ?? cut.bytes.length) - length,
    };
  }

  /** The record whose turn it is, once headers are passed and as many are held back as may be trailers. */
  #passSkipped(cut: Cut): Cut | undefined {
    const { headerRecords, trailerRecords } = this.#options;
    if (this.#skipped < headerRecords) {
      this.#skipped += 1;
      return undefined;
    }
    if (trailerRecords === 0) return cut;
    this.#heldBack.push({ ...cut, bytes: new Uint8Array(cut.bytes) });
    return this.#heldBack.length > trailerRecords ? this.#heldBack.shift() : undefined;
  }

  #read(cut: Cut): Decoded {
    const { bytes, offsetBytes, line } = cut;
    const record = ++this.#record;
    const position: Position = line === undefined ? { offsetBytes, record } : { offsetBytes, line, record };
    try {
      const found = this.#characters(cut, position);
      const characters = this.#padded(found, position);
      const value: Record<string, unknown> = { ...this.#empty };
      for (const field of this.#layout.fields) value[field.name] = this.#value(field, characters, position);
      const { irregular, newline } = this.#options;
      const length = newline === 'none' ? characters.length : found.length;
      const noted = irregular === 'keep' && irregularOf(this.#layout, characters, value, length);
      if (noted) value[irregularKey] = noted;
      return { value, position };
    } catch (problem) {
      if (problem instanceof MortiseError) return { problem, position, raw: new Uint8Array(bytes) };
      throw problem;
    }
  }

  /** A record's text, or its characters where some take two places in a JavaScript string. */
  #characters({ bytes, lengthBytes = bytes.length }: Cut, position: Position): string | string[] {
    const { encoding } = this.#options;
    if (lengthBytes > bytes.length) throw wrongLength(`${lengthBytes} bytes`, this.#layout.length, position);
    const text = characterEncodings[encoding].decode(bytes);
    if (text === undefined) throw undecodable(bytes, encoding, `Record ${position.record}`, position);
    return hasPairs(text) ? Array.from(text) : text;
  }

  /** A record of just the right length. */
  #padded(record: string | string[], position: Position): string | string[] {
    const { length } = this.#layout;
    if (record.length === length) return record;
    if (record.length > length || this.#options.short === 'refuse')
      throw wrongLength(`${record.length} characters`, length, position);
    return typeof record === 'string' ? record.padEnd(length) : record.concat(Array.from(' '.repeat(length - record.length)));
  }

  #value(field: Field, record: string | string[], position: Position): unknown {
    const text = part(record, field.from, field.to);
    const value = readField(field, text);
    if (value !== undefined) return value;
    const place = {
      ...position,
      offsetBytes: this.#offsetOf(field, record, position),
      column: field.from + 1,
      field: field.name,
    };
    const message = `The field "${field.name}" of record ${position.record} holds ${excerpt(text)}; expected ${field.typed?.expected ?? 'a text'}.`;
    throw formatError('MORTISE_FORMAT_VALUE', message, { details: positionToJson(place) });
  }

  #offsetOf({ from }: Field, record: string | string[], { offsetBytes = 0 }: Position): number {
    return offsetBytes + (characterEncodings[this.#options.encoding].encode(part(record, 0, from))?.length ?? 0);
  }
}

function cutterOf({ newline, encoding }: FixedWidthOptions, length: number): Cutter {
  const unitBytes = unitBytesOf(encoding);
  if (newline === 'none') return new BlockCutter(length * unitBytes);
  const lineBytesMax = length * characterBytesMax + rawBytesMin;
  return unitBytes === 1 ? new LineCutter(lineBytesMax) : new WideLineCutter(lineBytesMax, unitBytes, encoding.endsWith('be'));
}

function hasPairs(text: string): boolean {
  return /[\ud800-\udbff]/.test(text);
}

function wrongLength(found: string, length: number, position: Position): Error {
  const message = `Record ${position.record} has ${found}; expected ${length} characters.`;
  return formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson(position) });
}
