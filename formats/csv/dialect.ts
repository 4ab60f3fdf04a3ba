// The dialect of a CSV file: the options as the cutter and the writer need them, checked against each other.

import { booleanType, dateType, decimalType, integerType } from '@mortise/sdk';
import type { FormatOptionsOf, TextType } from '@mortise/sdk';
import { csvError } from './errors.ts';
import type { ColumnOptions } from './format.ts';
import type format from './format.ts';

export type CsvOptions = FormatOptionsOf<typeof format>;

export interface Column {
  readonly name: string;
  readonly required: boolean;
  /** Undefined for text, which is taken as it is. */
  readonly typed: TextType | undefined;
}

export interface Dialect {
  readonly delimiter: string;
  /** Empty where nothing is quoted. */
  readonly quote: string;
  /** The quote itself where it is doubled. */
  readonly escape: string;
  /** By name; text columns that no option names are not among them. */
  readonly columns: ReadonlyMap<string, Column>;
  /** The names where the options tell; undefined where the header line or the first value does, or where there are none. */
  readonly names: readonly string[] | undefined;
}

/** Throws MORTISE_CSV_DIALECT. */
export function dialectOf(options: CsvOptions): Dialect {
  const { delimiter, quote, escape = quote, header, columns = [], decimalMark } = options;
  refuseContradictions(options, escape);
  const listed = Array.isArray(header) ? (header as readonly string[]) : undefined;
  const declared = columns.map(({ name }) => name);
  refuseRepeated('header', listed ?? []);
  refuseRepeated('columns', declared);
  const stray = listed && declared.find((name) => !listed.includes(name));
  if (stray !== undefined)
    throw contradiction(`The column "${stray}" is not in the list "header"; expected one of ${listed?.join(', ')}.`);
  const names = listed ?? (declared.length > 0 && header === false ? declared : undefined);
  return {
    delimiter,
    quote,
    escape,
    names,
    columns: new Map(columns.map((column) => [column.name, columnOf(column, decimalMark)])),
  };
}

function refuseContradictions({ delimiter, quote, nullText = '', trim }: CsvOptions, escape: string): void {
  if (delimiter === quote || delimiter === escape)
    throw contradiction(`"${delimiter}" is the delimiter and the quote or escape; expected different characters.`);
  if (quote === '' && escape !== '')
    throw contradiction(`The escape "${escape}" needs a quote; expected "quote" to be a character, or no "escape".`);
  const special = ['\r', '\n', delimiter, quote].some((character) => character !== '' && nullText.includes(character));
  if (special || (trim && /^[ \t]|[ \t]$/.test(nullText)))
    throw contradiction(`The nullText ${JSON.stringify(nullText)} could never stand unquoted; expected no special characters.`);
}

function contradiction(message: string): Error {
  return csvError('MORTISE_CSV_DIALECT', message);
}

function refuseRepeated(option: string, names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw contradiction(`"${option}" names "${repeated}" twice; expected different names.`);
}

function columnOf({ name, type, required, pattern }: ColumnOptions, decimalMark: '.' | ','): Column {
  if (type === 'text') return { name, required, typed: undefined };
  const typed = { integer: integerType, decimal: decimalType(decimalMark), boolean: booleanType, date: dateType(pattern) }[type];
  if (!typed)
    throw contradiction(`The pattern "${pattern}" of the column "${name}" is none; expected YYYY, MM and DD, each once.`);
  return { name, required, typed };
}
