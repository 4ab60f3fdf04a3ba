// Writes values as the texts of CSV records: names, types, quotes.

import { characterEncodings, excerpt, formatError, scalarText, unencodable } from '@mortise/sdk';
import { dialectOf } from './dialect.ts';
import type { CsvOptions, Dialect } from './dialect.ts';

/** Records are handed on in blocks: a chunk a record would cost the one who writes them a call each. */
const blockCharacters = 64 * 1024;

const lineEnds = { lf: '\n', crlf: '\r\n' };

/** A text that begins like this is run as a formula by spreadsheets (OWASP, "CSV Injection"), unless it is a plain number. */
const formula = /^[=+\-@\t\r]/;
const plainNumber = /^[+-]?\d+(?:[.,]\d+)?$/;

export class RecordWriter {
  readonly #options: CsvOptions;
  readonly #dialect: Dialect;
  readonly #special: RegExp;
  #names: readonly string[] | undefined;
  #block = '';
  #record = 0;

  constructor(options: CsvOptions) {
    this.#options = options;
    this.#dialect = dialectOf(options);
    this.#special = specialCharacters(this.#dialect);
    if (options.bom && characterEncodings[options.encoding].byteOrderMark.length > 0) this.#block = '\ufeff';
    const { names, columns } = this.#dialect;
    if (options.header === true && columns.size > 0) this.#begin([...columns.keys()]);
    else this.#names = names;
  }

  /** A block of bytes where enough records have gathered. Throws MORTISE_FORMAT_UNWRITABLE. */
  push(value: unknown): Uint8Array | undefined {
    this.#record += 1;
    if (this.#options.header === true && !this.#names) this.#begin(Object.keys(this.#object(value)));
    this.#block += this.#names ? this.#objectLine(this.#object(value), this.#names) : this.#arrayLine(value);
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

  #begin(names: readonly string[]): void {
    this.#names = names;
    this.#block += this.#line(
      names.map((name) => this.#quoted(name, name)),
      'The header',
    );
  }

  #object(value: unknown): Readonly<Record<string, unknown>> {
    if (isRecord(value)) return value;
    throw this.#unwritable(`is ${typeName(value)}; expected an object with the columns as its properties`);
  }

  #objectLine(object: Readonly<Record<string, unknown>>, names: readonly string[]): string {
    const stray =
      Object.keys(object).length > names.length || names.some((name) => !Object.hasOwn(object, name))
        ? strayName(object, names)
        : undefined;
    if (stray !== undefined)
      throw this.#unwritable(`has "${stray}", which is no column; expected only ${names.slice(0, 20).join(', ')}`);
    return this.#line(
      names.map((name) => this.#field(Object.hasOwn(object, name) ? object[name] : undefined, name)),
      `Record ${this.#record}`,
    );
  }

  #arrayLine(value: unknown): string {
    if (!Array.isArray(value)) throw this.#unwritable(`is ${typeName(value)}; expected an array of fields, or name the columns`);
    return this.#line(
      Array.from(value, (field, index) => this.#field(field, `${index + 1}`)),
      `Record ${this.#record}`,
    );
  }

  #field(value: unknown, name: string): string {
    const column = this.#dialect.columns.get(name);
    if (value === null || value === undefined || (value === '' && column?.typed)) {
      if (column?.required) throw this.#unwritable(`has no "${name}", which is required`);
      return this.#options.nullText ?? '';
    }
    const text = column?.typed ? column.typed.write(value) : scalarText(value);
    if (text === undefined)
      throw this.#unwritable(
        `has ${excerpt(value)} in "${name}"; expected ${column?.typed?.expected ?? 'a text, number or boolean'}`,
      );
    if (text === '' && column?.required) throw this.#unwritable(`has an empty "${name}", which is required`);
    return this.#quoted(this.#options.formula === 'escape' && isFormula(text) ? `'${text}` : text, name);
  }

  #quoted(text: string, name: string): string {
    const blanks = this.#options.trim && /^[ \t]|[ \t]$/.test(text);
    if (!blanks && text !== this.#options.nullText && !this.#special.test(text)) return text;
    const { quote, escape } = this.#dialect;
    if (quote === '')
      throw this.#unwritable(
        `has ${excerpt(text)} in "${name}", which needs a quote; expected a text without special characters`,
      );
    const escaped = escape === quote ? text : text.replaceAll(escape, escape + escape);
    return quote + escaped.replaceAll(quote, escape + quote) + quote;
  }

  /** A line of one empty field would be a blank line, which is no record. */
  #line(fields: readonly string[], what: string): string {
    const { quote, delimiter } = this.#dialect;
    const line = fields.join(delimiter);
    if (line !== '') return line + lineEnds[this.#options.newline];
    if (fields.length === 1 && quote !== '' && this.#options.nullText !== '')
      return quote + quote + lineEnds[this.#options.newline];
    throw formatError(
      'MORTISE_FORMAT_UNWRITABLE',
      `${what} would be a blank line; expected at least one field that is not empty.`,
    );
  }

  #unwritable(what: string): Error {
    return formatError('MORTISE_FORMAT_UNWRITABLE', `Record ${this.#record} ${what}.`);
  }
}

/** What has to be quoted, wherever it stands in a field; U+FEFF at the beginning would be taken for a byte order mark. */
function specialCharacters({ delimiter, quote }: Dialect): RegExp {
  const characterClass = [delimiter, quote].map((character) => character.replace(/[^\w\s]/, '\\$&')).join('');
  return new RegExp(`[\\r\\n${characterClass}]|^\\ufeff`);
}

function strayName(object: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  const known = new Set(names);
  return Object.keys(object).find((name) => !known.has(name));
}

function isFormula(text: string): boolean {
  return formula.test(text) && !plainNumber.test(text);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
}
