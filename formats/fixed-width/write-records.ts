// Writes values as fixed-width records, and refuses what does not fit.

import { characterEncodings, formatError, unencodable } from '@mortise/sdk';
import { writeField } from './field-text.ts';
import { irregularKey, notedField, notedGap, shortened } from './irregular.ts';
import type { Noted } from './irregular.ts';
import { layoutOf } from './layout.ts';
import type { Field, FixedWidthOptions, Layout } from './layout.ts';

/** Records are handed on in blocks: a chunk a record would cost the one who writes them a call each. */
const blockCharacters = 64 * 1024;

const lineEnd = /[\r\n]/;
const recordEnds = { lf: '\n', crlf: '\r\n', none: '' };

type Values = Readonly<Record<string, unknown>>;

export class RecordWriter {
  readonly #options: FixedWidthOptions;
  readonly #layout: Layout;
  readonly #names: ReadonlySet<string>;
  #block = '';
  #record = 0;

  constructor(options: FixedWidthOptions) {
    this.#options = options;
    this.#layout = layoutOf(options);
    const own = options.irregular === 'keep' ? [irregularKey] : [];
    this.#names = new Set([...this.#layout.fields.map(({ name }) => name), ...own]);
  }

  /** A block of bytes where enough records have gathered. Throws MORTISE_FORMAT_UNWRITABLE. */
  push(value: unknown): Uint8Array | undefined {
    this.#record += 1;
    if (!isRecord(value)) throw this.#unwritable(`is no object; expected one with the fields as its properties`);
    const stray = Object.keys(value).find((name) => !this.#names.has(name));
    if (stray !== undefined) throw this.#unwritable(`has "${stray}", which is no field of the layout`);
    this.#block += this.#line(value) + recordEnds[this.#options.newline];
    return this.#block.length < blockCharacters ? undefined : this.end();
  }

  /** What is left. */
  end(): Uint8Array {
    const { encoding } = this.#options;
    const block = this.#block;
    this.#block = '';
    const bytes = characterEncodings[encoding].encode(block);
    if (!bytes) throw unencodable(block, encoding, `One of the records up to ${this.#record}`);
    return bytes;
  }

  /** Places that no field has are spaces, or what was noted there. */
  #line(value: Values): string {
    const { fields, length } = this.#layout;
    const noted = this.#noted(value);
    let line = '';
    let next = 0;
    for (const field of fields) {
      const content = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
      line += this.#gap(noted, next, field.from) + this.#field(noted, field, content);
      next = field.to;
    }
    line += this.#gap(noted, next, length);
    return noted && this.#isLines && this.#options.short === 'pad' ? shortened(noted, line) : line;
  }

  #noted(value: Values): Noted | undefined {
    const noted = this.#options.irregular === 'keep' && Object.hasOwn(value, irregularKey) ? value[irregularKey] : undefined;
    return isRecord(noted) ? noted : undefined;
  }

  #gap(noted: Noted | undefined, from: number, to: number): string {
    const text = noted && from < to ? notedGap(noted, from, to) : undefined;
    return text === undefined || (this.#isLines && lineEnd.test(text)) ? ' '.repeat(to - from) : text;
  }

  #field(noted: Noted | undefined, field: Field, value: unknown): string {
    const text = (noted && notedField(noted, field, value)) ?? writeField(field, value);
    if (typeof text !== 'string') throw this.#unwritable(text.problem);
    if (this.#isLines && lineEnd.test(text))
      throw this.#unwritable(`has a line end in "${field.name}", which would end the record`);
    return text;
  }

  get #isLines(): boolean {
    return this.#options.newline !== 'none';
  }

  #unwritable(what: string): Error {
    return formatError('MORTISE_FORMAT_UNWRITABLE', `Record ${this.#record} ${what}.`);
  }
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
