// SQL that is made from the names of tables and columns, which are always quoted. The row travels as one parameter of JSON.

import { Rejected, writeJson } from '@mortise/sdk';
import type { Row } from './values.ts';

/** One statement with what is bound to its parameters. */
export interface Command {
  readonly sql: string;
  readonly values: readonly (string | null)[];
  /** What to say where it hits no row; absent where that is fine. */
  readonly missing?: string;
  /** How to find the column whose value the server could not read, which it does not say itself. */
  readonly trial?: { readonly table: string; readonly rows: readonly Row[]; readonly columns: readonly string[] };
}

export interface Table {
  readonly table: string;
  readonly schema: string;
}

interface Keyed extends Table {
  readonly key: readonly string[];
  readonly columns?: readonly string[];
}

/** A statement holds so many rows: so it stays small enough to be read at once by the server. */
const rowsPerInsert = 500;

/** The rows of a body: itself, or its elements. Throws `Rejected` where it is neither a mapping nor a list of mappings. */
export function rowsOf(body: unknown): readonly Row[] {
  const rows: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (rows.every(isRow)) return rows;
  throw new Rejected('The body is no mapping of columns to values, nor a list of such.');
}

/** Rows that follow each other and have the same columns are one statement. */
export function inserts(rows: readonly Row[], options: Table & { readonly columns?: readonly string[] }): readonly Command[] {
  const commands: Command[] = [];
  for (let from = 0; from < rows.length; ) {
    const names = columnsOf(rows[from] ?? {}, options.columns);
    let to = from + 1;
    while (to < rows.length && to - from < rowsPerInsert && equal(columnsOf(rows[to] ?? {}, options.columns), names)) to++;
    commands.push(...insert(options, rows.slice(from, to), names));
    from = to;
  }
  return commands;
}

export function upsert(row: Row, { key, columns, ...table }: Keyed): Command {
  const keys = keyOf(row, key);
  const others = columnsOf(row, columns).filter((name) => !key.includes(name));
  const [command] = insert(table, [row], [...Object.keys(keys), ...others]);
  const sets = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`);
  const action = sets.length > 0 ? `UPDATE SET ${sets.join(', ')}` : 'NOTHING';
  return { ...command, sql: `${command.sql} ON CONFLICT (${key.map(quoted).join(', ')}) DO ${action}` };
}

export function update(
  row: Row,
  { key, columns, missing, ...table }: Keyed & { readonly missing: 'reject' | 'ignore' },
): Command {
  const keys = keyOf(row, key);
  const others = columnsOf(row, columns).filter((name) => !key.includes(name));
  if (others.length === 0) throw new Rejected(`The body has nothing to update besides the key ${key.join(', ')}.`);
  const sets = others.map((name) => `${quoted(name)} = s.${quoted(name)}`).join(', ');
  const source = given(table, row, [...Object.keys(keys), ...others]);
  return {
    sql: `UPDATE ${tableName(table)} AS t SET ${sets} FROM ${source.from} WHERE ${where(key)}`,
    ...source.command,
    ...onMissing(table, keys, missing),
  };
}

export function remove(row: Row, { key, missing, ...table }: Keyed & { readonly missing: 'reject' | 'ignore' }): Command {
  const keys = keyOf(row, key);
  const source = given(table, row, Object.keys(keys));
  return {
    sql: `DELETE FROM ${tableName(table)} AS t USING ${source.from} WHERE ${where(key)}`,
    ...source.command,
    ...onMissing(table, keys, missing),
  };
}

/** A name as an identifier, whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** With its schema: a table may have the name of a type that the server brings along, as "line". */
export function tableName({ schema, table }: Table): string {
  return `${quoted(schema)}.${quoted(table)}`;
}

/** A text as a literal, whatever it holds; for commands that take no parameters. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Asks whether the server can read one column of a row; the column's name is the error's. */
export function trialOf(table: string, row: Row, column: string): Command {
  return { sql: `SELECT (${populated(table, 'json_populate_record')}).${quoted(column)}`, values: [written(row, [column])] };
}

function insert(table: Table, rows: readonly Row[], names: readonly string[]): readonly [Command, ...Command[]] {
  const target = tableName(table);
  if (names.length === 0) {
    const [first, ...rest] = rows.map(() => ({ sql: `INSERT INTO ${target} DEFAULT VALUES`, values: [] }));
    return [first ?? { sql: 'SELECT', values: [] }, ...rest];
  }
  const list = names.map(quoted).join(', ');
  const set = populated(target, 'json_populate_recordset');
  const values = `[${rows.map((row) => written(row, names)).join(',')}]`;
  return [
    {
      sql: `INSERT INTO ${target} (${list}) SELECT ${list} FROM ${set}`,
      values: [values],
      trial: { table: target, rows, columns: names },
    },
  ];
}

/** The row as a relation `s` whose columns have the types of the table's: the server reads the JSON, so no digit is lost. */
function given(table: Table, row: Row, names: readonly string[]) {
  const target = tableName(table);
  return {
    from: `${populated(target, 'json_populate_record')} AS s`,
    command: { values: [written(row, names)], trial: { table: target, rows: [row], columns: names } },
  };
}

function populated(target: string, reader: 'json_populate_record' | 'json_populate_recordset'): string {
  return `${reader}(NULL::${target}, $1::json)`;
}

function written(row: Row, names: readonly string[]): string {
  try {
    return writeJson(Object.fromEntries(names.map((name) => [name, row[name]])));
  } catch (error) {
    throw new Rejected(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function columnsOf(row: Row, columns?: readonly string[]): readonly string[] {
  return columns ? columns.filter((name) => Object.hasOwn(row, name)) : Object.keys(row);
}

/** In SQL, null equals nothing: such a key would hit no row, or make ever new ones. */
function keyOf(row: Row, key: readonly string[]): Row {
  for (const name of key) {
    if (!Object.hasOwn(row, name) || row[name] === null)
      throw new Rejected(`The body has no "${name}", which is part of the key.`);
  }
  return Object.fromEntries(key.map((name) => [name, row[name]]));
}

function where(key: readonly string[]): string {
  return key.map((name) => `t.${quoted(name)} = s.${quoted(name)}`).join(' AND ');
}

function onMissing({ table }: Table, keys: Row, missing: 'reject' | 'ignore'): { readonly missing?: string } {
  return missing === 'reject' ? { missing: `No row of ${table} has the key ${JSON.stringify(keys)}.` } : {};
}

function equal(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index]);
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
