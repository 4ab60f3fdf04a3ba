// Writes values as fixed-width records, and refuses what does not fit.

import { characterEncodings, excerpt, formatError, scalarText, unencodable } from '@mortise/sdk';
import { layoutOf } from './layout.ts';
import type { Field, FixedWidthOptions, Layout } from './layout.ts';

/** Records are handed on in blocks: a chunk a record would cost the one who writes them a call each. */
const blockCharacters = 64 * 1024;

const recordEnds = { lf: '\n', crlf: '\r\n', none: '' };

export class RecordWriter {
  readonly #options: FixedWidthOptions;
  readonly #layout: Layout;
  readonly #names: ReadonlySet<string>;
  #block = '';
  #record = 0;

  constructor(options: FixedWidthOptions) {
    this.#options = options;
    this.#layout = layoutOf(options);
    this.#names = new Set(this.#layout.fields.map(({ name }) => name));
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

  /** Places that no field has are spaces. */
  #line(value: Readonly<Record<string, unknown>>): string {
    const { fields, length } = this.#layout;
    let line = '';
    let next = 0;
    for (const field of fields) {
      const content = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
      line += ' '.repeat(field.from - next) + this.#field(field, content);
      next = field.to;
    }
    return line + ' '.repeat(length - next);
  }

  #field(field: Field, value: unknown): string {
    const { name, width, typed, required, pad } = field;
    const isEmpty = value === null || value === undefined || value === '';
    if (isEmpty && required) throw this.#unwritable(`has no "${name}", which is required`);
    if (isEmpty) return (typed ? ' ' : pad).repeat(width);
    const text = typed ? typed.write(value) : scalarText(value);
    if (text === undefined)
      throw this.#unwritable(`has ${excerpt(value)} in "${name}"; expected ${typed?.expected ?? 'a text, number or boolean'}`);
    const length = lengthOf(text);
    if (length > width)
      throw this.#unwritable(`has ${excerpt(value)} in "${name}", ${length} characters long; the field has ${width}`);
    if (this.#options.newline !== 'none' && /[\r\n]/.test(text))
      throw this.#unwritable(`has a line end in "${name}", which would end the record`);
    return padded(text, width - length, field);
  }

  #unwritable(what: string): Error {
    return formatError('MORTISE_FORMAT_UNWRITABLE', `Record ${this.#record} ${what}.`);
  }
}

/** Zeros before a number stand behind its sign. */
function padded(text: string, count: number, { align, pad, typed }: Field): string {
  if (align === 'left') return text + pad.repeat(count);
  if (typed && pad === '0' && text.startsWith('-')) return `-${pad.repeat(count)}${text.slice(1)}`;
  return pad.repeat(count) + text;
}

/** In characters, as the widths count. */
function lengthOf(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? Array.from(text).length : text.length;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
