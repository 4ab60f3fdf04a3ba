// Cross-reference tables: rows of text, found by the value in any of their columns.

import { nearest } from '@mortise/sdk';
import { stepError } from './errors.ts';

/** A table of the project: `tables/<name>.csv`. Every row has a cell for each column. */
export interface LookupTable {
  readonly name: string;
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

export type LookupTables = ReadonlyMap<string, LookupTable>;

/** A value that stands in more than one row of a column; lines count from 1. */
export interface Repeated {
  readonly value: string;
  readonly line: number;
  readonly firstLine: number;
}

/** What a look-up in one column goes by. Empty cells are no keys. */
interface ColumnIndex {
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly repeated: ReadonlyMap<string, Repeated>;
}

/** What expressions know as `$xref(table, from, value, to, default)`. Throws MORTISE_STEP_XREF_… where it finds nothing. */
export function crossReference(tables: LookupTables): (...given: readonly unknown[]) => unknown {
  return (...given) => {
    const [table, from, value, to] = given;
    const found = tableOf(tables, table);
    const [fromIndex, toIndex] = [columnOf(found, from), columnOf(found, to)];
    const key = keyOf(value, found, fromIndex);
    const index = indexOf(found, fromIndex);
    const row = key === undefined ? undefined : index.rows.get(key);
    if (key !== undefined && index.repeated.has(key)) throw ambiguous(found, fromIndex, key);
    if (row) return row[toIndex];
    if (given.length > 4) return given[4];
    const said = key === undefined ? 'There is no value to look up' : `"${key.slice(0, 100)}" is not`;
    throw stepError('MORTISE_STEP_XREF_MISS', `${said} in column "${found.columns[fromIndex]}" of ${found.file}.`, {
      details: {
        table: found.name,
        column: found.columns[fromIndex],
        ...(key === undefined ? {} : { value: key.slice(0, 100) }),
      },
    });
  };
}

/** The values that stand more than once in a column, each with the first line where it does so again. */
export function repeatedIn(table: LookupTable, column: string): readonly Repeated[] {
  return [...indexOf(table, table.columns.indexOf(column)).repeated.values()];
}

function tableOf(tables: LookupTables, name: unknown): LookupTable {
  const found = typeof name === 'string' ? tables.get(name) : undefined;
  if (found) return found;
  throw unknown(`There is no table ${shown(name)}`, name, [...tables.keys()]);
}

function columnOf(table: LookupTable, name: unknown): number {
  const found = typeof name === 'string' ? table.columns.indexOf(name) : -1;
  if (found >= 0) return found;
  throw unknown(`${table.file} has no column ${shown(name)}`, name, table.columns);
}

function unknown(sentence: string, name: unknown, known: readonly string[]): Error {
  const near = typeof name === 'string' ? nearest(name, known) : undefined;
  const message = `${sentence}; there are: ${known.join(', ') || 'none'}.`;
  return stepError('MORTISE_STEP_XREF_UNKNOWN', message, near === undefined ? {} : { remedy: `Did you mean "${near}"?` });
}

/** Cells are text; a number or a boolean is looked up as it is written. */
function keyOf(value: unknown, table: LookupTable, column: number): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const message = `Looked up ${shown(value)} in column "${table.columns[column]}" of ${table.file}; expected text or a number.`;
  throw stepError('MORTISE_STEP_WRONG_TYPE', message);
}

function ambiguous(table: LookupTable, column: number, key: string): Error {
  const { line, firstLine } = indexOf(table, column).repeated.get(key) ?? { line: 0, firstLine: 0 };
  const where = `in lines ${firstLine} and ${line} of ${table.file}`;
  return stepError('MORTISE_STEP_XREF_AMBIGUOUS', `"${key.slice(0, 100)}" stands in column "${table.columns[column]}" ${where}.`);
}

const indexes = new WeakMap<LookupTable, Map<number, ColumnIndex>>();

/** Made when a column is first looked up in, and kept as long as its table. */
function indexOf(table: LookupTable, column: number): ColumnIndex {
  let ofTable = indexes.get(table);
  if (!ofTable) indexes.set(table, (ofTable = new Map()));
  let index = ofTable.get(column);
  if (!index) ofTable.set(column, (index = makeIndex(table, column)));
  return index;
}

function makeIndex(table: LookupTable, column: number): ColumnIndex {
  const rows = new Map<string, readonly string[]>();
  const lines = new Map<string, number>();
  const repeated = new Map<string, Repeated>();
  for (const { line, cells } of table.rows) {
    const value = cells[column] ?? '';
    const firstLine = lines.get(value);
    if (value === '') continue;
    if (firstLine === undefined) {
      rows.set(value, cells);
      lines.set(value, line);
    } else if (!repeated.has(value)) repeated.set(value, { value, line, firstLine });
  }
  return { rows, repeated };
}

function shown(value: unknown): string {
  return value === undefined ? 'without a name' : (JSON.stringify(value) ?? typeof value).slice(0, 100);
}
