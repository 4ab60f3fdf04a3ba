// Writes values as the rows of a sheet. A text is always a text: nothing that is written is ever run as a formula.

import { excerpt, formatError } from '@mortise/sdk';
import { columnLetters } from './cells.ts';
import { dateSerial } from './dates.ts';
import { style } from './parts.ts';
import type { XlsxOptions } from './read-parts.ts';

const [rowsMax, columnsMax, textMax, digitsMax] = [1_048_576, 16_384, 32_767, 15];

export class RowWriter {
  readonly #options: XlsxOptions;
  readonly #numbers: ReadonlySet<string>;
  readonly #dates: ReadonlySet<string>;
  #names: readonly string[] | undefined;
  #row = 0;
  #record = 0;

  constructor(options: XlsxOptions) {
    this.#options = options;
    this.#numbers = new Set(options.numbers);
    this.#dates = new Set(options.dates);
  }

  /** The XML of the value's row, with that of the header before the first. Throws MORTISE_FORMAT_UNWRITABLE. */
  push(value: unknown): string {
    this.#record += 1;
    if (!this.#options.header) {
      if (!Array.isArray(value)) throw this.#unwritable(`is ${excerpt(value)}; expected an array of cells`);
      return this.#line(
        value,
        value.map((_, index) => columnLetters(index + 1)),
      );
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
      throw this.#unwritable(`is ${excerpt(value)}; expected an object with the columns as its properties`);
    const header = this.#names ? '' : this.#begin(Object.keys(value));
    const names = this.#names ?? [];
    const stray = Object.keys(value).find((name) => !names.includes(name));
    if (stray !== undefined) throw this.#unwritable(`has ${JSON.stringify(stray)}, which is no column of the first record`);
    return (
      header +
      this.#line(
        names.map((name) => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null)),
        names,
      )
    );
  }

  #begin(names: readonly string[]): string {
    if (names.length === 0) throw this.#unwritable('has no properties; expected the columns');
    this.#names = names;
    return this.#line(
      names,
      names.map(() => ''),
    );
  }

  #line(values: readonly unknown[], names: readonly string[]): string {
    this.#row += 1;
    if (this.#row > rowsMax) throw this.#unwritable(`is beyond row ${rowsMax}, the last one of a sheet`);
    if (values.length > columnsMax) throw this.#unwritable(`has more than ${columnsMax} cells`);
    const cells = Array.from(values, (value, index) =>
      this.#cell(value, columnLetters(index + 1) + this.#row, names[index] ?? ''),
    );
    return `<row r="${this.#row}">${cells.join('')}</row>`;
  }

  #cell(value: unknown, place: string, column: string): string {
    if (value === null || value === undefined) return '';
    if (typeof value === 'boolean') return `<c r="${place}" t="b"><v>${Number(value)}</v></c>`;
    if (typeof value === 'number' && Number.isFinite(value)) return `<c r="${place}"><v>${value}</v></c>`;
    const text = typeof value === 'bigint' ? String(value) : value;
    if (typeof text !== 'string') throw this.#unwritable(`has ${excerpt(value)} in ${place}; expected a text, number or boolean`);
    if (this.#numbers.has(column)) return this.#number(text, place);
    return this.#dates.has(column) ? this.#date(text, place) : this.#text(text, place);
  }

  /** A sheet keeps fifteen digits; more would come back as others. */
  #number(text: string, place: string): string {
    const digits = text.replace(/^-?0*\.?0*|\./g, '');
    if (!/^-?\d+(\.\d+)?$/.test(text) || digits.length > digitsMax)
      throw this.#unwritable(`has ${excerpt(text)} in ${place}; expected a number of at most ${digitsMax} digits`);
    return `<c r="${place}"><v>${text}</v></c>`;
  }

  #date(text: string, place: string): string {
    const serial = dateSerial(text);
    if (serial === undefined)
      throw this.#unwritable(
        `has ${excerpt(text)} in ${place}; expected a date from 1900 on, such as 2026-11-26 or 2026-11-26T14:05:08`,
      );
    const kind = text.includes('T') ? style.dateTime : text.includes(':') ? style.time : style.date;
    return `<c r="${place}" s="${kind}"><v>${serial}</v></c>`;
  }

  #text(text: string, place: string): string {
    if (text.length > textMax)
      throw this.#unwritable(`has ${text.length} characters in ${place}; a cell has room for ${textMax}`);
    if (!text.isWellFormed()) throw this.#unwritable(`has half a character in ${place}`);
    const quoted = /^[=+\-@\t\r]/.test(text) ? ` s="${style.quoted}"` : '';
    return `<c r="${place}"${quoted} t="inlineStr"><is><t xml:space="preserve">${escapeXml(escapeText(text))}</t></is></c>`;
  }

  #unwritable(what: string): Error {
    return formatError('MORTISE_FORMAT_UNWRITABLE', `Record ${this.#record} ${what}.`);
  }
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const impossible = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g;

/** What XML cannot have, and what would be read as that (ECMA-376, 22.4.2.4). */
function escapeText(text: string): string {
  const code = (one: string): string => one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replace(impossible, (one) => `_x${code(one)}_`);
}
