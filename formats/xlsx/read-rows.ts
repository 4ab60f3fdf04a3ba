// Reads the rows of a sheet as its XML comes, and makes records of them.

import { MortiseError, formatError, positionToJson } from '@mortise/sdk';
import type { Decoded, Position } from '@mortise/sdk';
import { columnNumber, columnLetters, rangeOf } from './cells.ts';
import type { CellRange } from './cells.ts';
import { dateText } from './dates.ts';
import type { Workbook, XlsxOptions } from './read-parts.ts';
import { XmlPart, sheetText, textMax, tooLong } from './read-xml.ts';

interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
}

/** As many as a sheet has (ECMA-376: XFD1048576). */
const [columnsMax, rowsMax] = [16_384, 1_048_576];

export class RowReader {
  readonly #workbook: Workbook;
  readonly #hasHeader: boolean;
  readonly #range: CellRange;
  readonly #xml: XmlPart;
  #decoded: Decoded[] = [];
  #row = 0;
  #cells: Cell[] = [];
  #cell: Cell | undefined;
  #takesText = false;
  #spoken = 0;
  #names: ReadonlyMap<number, string> | undefined;
  #record = 0;

  constructor(workbook: Workbook, options: XlsxOptions) {
    this.#workbook = workbook;
    this.#hasHeader = options.header;
    this.#range = rangeOf(options.range);
    this.#xml = new XmlPart('the sheet', {
      open: (name, attributes) => this.#open(name, attributes),
      text: (text) => {
        if (this.#takesText && this.#cell) this.#addText(this.#cell, text);
      },
      close: (name) => this.#close(name),
    });
  }

  *push(piece: Uint8Array): Generator<Decoded> {
    try {
      this.#xml.push(piece);
    } finally {
      yield* this.#take();
    }
  }

  *end(): Generator<Decoded> {
    this.#xml.end();
    yield* this.#take();
  }

  #take(): readonly Decoded[] {
    const decoded = this.#decoded;
    this.#decoded = [];
    return decoded;
  }

  #open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === 'row') this.#beginRow(attributes.get('r'));
    else if (name === 'c') this.#beginCell(attributes);
    else if (name === 'rPh') this.#spoken += 1;
    this.#takesText = this.#spoken === 0 && (name === 'v' || (name === 't' && this.#cell?.type === 'inlineStr'));
  }

  #close(name: string): void {
    this.#takesText = false;
    if (name === 'rPh') this.#spoken -= 1;
    else if (name === 'c' && this.#cell) {
      if (this.#isInRange(this.#cell) && (this.#cell.text !== '' || isText(this.#cell))) this.#cells.push(this.#cell);
      this.#cell = undefined;
    } else if (name === 'row') this.#endRow();
  }

  #beginRow(told: string | undefined): void {
    const row = told === undefined ? this.#row + 1 : Number(told);
    if (!Number.isInteger(row) || row <= this.#row || row > rowsMax)
      throw fault(`A row has the number ${told ?? row} behind row ${this.#row}.`);
    [this.#row, this.#cells] = [row, []];
  }

  #beginCell(attributes: ReadonlyMap<string, string>): void {
    const place = attributes.get('r');
    const column = place === undefined ? this.#lastColumn + 1 : columnNumber(/^[A-Z]+/.exec(place)?.[0] ?? '');
    if (column <= this.#lastColumn || column > columnsMax)
      throw fault(`A cell of row ${this.#row} has the place ${JSON.stringify(place ?? column)}.`);
    this.#lastColumn = column;
    this.#cell = { column, type: attributes.get('t') ?? 'n', style: Number(attributes.get('s') ?? 0), text: '' };
  }

  #lastColumnOfRow = { row: 0, column: 0 };

  get #lastColumn(): number {
    return this.#lastColumnOfRow.row === this.#row ? this.#lastColumnOfRow.column : 0;
  }

  set #lastColumn(column: number) {
    this.#lastColumnOfRow = { row: this.#row, column };
  }

  #addText(cell: Cell, text: string): void {
    cell.text += text;
    if (cell.text.length > textMax) throw tooLong('the sheet');
  }

  #isInRange({ column }: Cell): boolean {
    const { firstColumn, lastColumn, firstRow, lastRow } = this.#range;
    return column >= firstColumn && column <= lastColumn && this.#row >= firstRow && this.#row <= lastRow;
  }

  #endRow(): void {
    if (this.#cells.length === 0) return;
    if (this.#hasHeader && !this.#names) this.#names = this.#readNames();
    else this.#decoded.push(this.#read());
  }

  #readNames(): ReadonlyMap<number, string> {
    const names = new Map(this.#cells.map((cell) => [cell.column, String(this.#value(cell, { line: this.#row }))]));
    const all = [...names.values()];
    const repeated = all.find((name, index) => all.indexOf(name) !== index);
    if (repeated !== undefined)
      throw fault(`Row ${this.#row} names the column ${JSON.stringify(repeated)} twice.`, { line: this.#row });
    return names;
  }

  #read(): Decoded {
    const position = { line: this.#row, record: ++this.#record };
    try {
      return { value: this.#names ? this.#object(this.#names, position) : this.#array(position), position };
    } catch (problem) {
      if (!(problem instanceof MortiseError)) throw problem;
      return { problem, position, raw: Buffer.from(JSON.stringify(this.#cells.map(({ text }) => text))) };
    }
  }

  #object(names: ReadonlyMap<number, string>, position: Position): unknown {
    const stray = this.#cells.find(({ column }) => !names.has(column));
    if (stray) throw this.#wrong(stray, position, 'is in a column that the header does not name');
    const values = new Map([...names.values()].map((name): [string, unknown] => [name, null]));
    for (const cell of this.#cells) values.set(names.get(cell.column) ?? '', this.#value(cell, position));
    return Object.fromEntries(values);
  }

  #array(position: Position): unknown {
    const { firstColumn } = this.#range;
    const length = (this.#cells.at(-1)?.column ?? firstColumn) - firstColumn + 1;
    const row = Array.from({ length }, (): unknown => null);
    for (const cell of this.#cells) row[cell.column - firstColumn] = this.#value(cell, position);
    return row;
  }

  #value(cell: Cell, position: Position): unknown {
    const { type, text } = cell;
    if (type === 'inlineStr' || type === 'str') return sheetText(text);
    if (type === 'd') return text;
    if (type === 's') return this.#workbook.texts[Number(text)] ?? this.#refuse(cell, position, 'has a text that is not there');
    if (type === 'b' && /^[01]$/.test(text)) return text === '1';
    if (type === 'e') return this.#refuse(cell, position, 'is an error');
    if (type !== 'n' || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text))
      return this.#refuse(cell, position, 'is no value of its type');
    if (!this.#workbook.dateStyles[cell.style]) return numberValue(Number(text)) ?? this.#refuse(cell, position, 'is no number');
    return dateText(Number(text), this.#workbook.is1904) ?? this.#refuse(cell, position, 'is no date');
  }

  #refuse(cell: Cell, position: Position, what: string): never {
    throw this.#wrong(cell, position, what);
  }

  #wrong({ column, text }: Cell, position: Position, what: string): Error {
    const place = columnLetters(column) + this.#row;
    const message = `The cell ${place}, ${JSON.stringify(text.slice(0, 40))}, ${what}.`;
    return formatError('MORTISE_FORMAT_VALUE', message, { details: positionToJson({ ...position, field: place }) });
  }
}

function isText({ type }: Cell): boolean {
  return type === 'inlineStr' || type === 'str';
}

/** Whole numbers are numbers; of others the shortest decimal digits that are the same number, without an exponent. */
function numberValue(value: number): number | string | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  const [, sign = '', digits = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const all = digits + fraction;
  const point = digits.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return point >= all.length ? sign + all.padEnd(point, '0') : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

function fault(message: string, position: Position = {}): Error {
  return formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson(position) });
}
