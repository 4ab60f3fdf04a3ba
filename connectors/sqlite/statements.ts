// SQL: made from the names of tables and columns, which are always quoted, with values that are always bound; or written by the user.

import { Rejected } from '@mortise/sdk';
import type { Command } from './protocol.ts';
import { toSql } from './values.ts';

/** A row to be written: column names to JSON values. */
export type Row = Readonly<Record<string, unknown>>;

/** Strings and names in quotes, comments, parameters, the end of a statement, words: what must be told apart to read SQL. */
const tokens =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[:@$](?<parameter>[A-Za-z_]\w*)|(?<positional>\?)|(?<end>;)|(?<word>\w[\w$]*)|\S/g;

/** Transactions are begun and ended for the statements, never by them. */
const transactionWords = ['BEGIN', 'COMMIT', 'END', 'ROLLBACK', 'SAVEPOINT', 'RELEASE'];

/** The rows of a body: itself, or its elements. Throws `Rejected` where it is neither a mapping nor a list of mappings. */
export function rowsOf(body: unknown): readonly Row[] {
  const rows: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (rows.every(isRow)) return rows;
  throw new Rejected('The body is no mapping of columns to values, nor a list of such.');
}

export function insert(table: string, row: Row, columns?: readonly string[]): Command {
  const names = columnsOf(row, columns);
  if (names.length === 0) return { sql: `INSERT INTO ${quoted(table)} DEFAULT VALUES`, values: [] };
  const sql = `INSERT INTO ${quoted(table)} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  return { sql, values: names.map((name) => toSql(row[name])) };
}

export function upsert(table: string, row: Row, key: readonly string[], columns?: readonly string[]): Command {
  const keys = keyOf(row, key);
  const others = columnsOf(row, columns).filter((name) => !key.includes(name));
  const { sql, values } = insert(table, { ...Object.fromEntries(others.map((name) => [name, row[name]])), ...keys });
  const sets = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`);
  const action = sets.length > 0 ? `UPDATE SET ${sets.join(', ')}` : 'NOTHING';
  return { sql: `${sql} ON CONFLICT (${key.map(quoted).join(', ')}) DO ${action}`, values };
}

export function update(
  table: string,
  row: Row,
  key: readonly string[],
  missing: 'reject' | 'ignore',
  columns?: readonly string[],
): Command {
  const keys = keyOf(row, key);
  const others = columnsOf(row, columns).filter((name) => !key.includes(name));
  if (others.length === 0) throw new Rejected(`The body has nothing to update besides the key ${key.join(', ')}.`);
  const sql = `UPDATE ${quoted(table)} SET ${others.map((name) => `${quoted(name)} = ?`).join(', ')} WHERE ${where(key)}`;
  return {
    sql,
    values: [...others.map((name) => toSql(row[name])), ...Object.values(keys).map(toSql)],
    ...onMissing(table, keys, missing),
  };
}

export function remove(table: string, row: Row, key: readonly string[], missing: 'reject' | 'ignore'): Command {
  const keys = keyOf(row, key);
  return {
    sql: `DELETE FROM ${quoted(table)} WHERE ${where(key)}`,
    values: Object.values(keys).map(toSql),
    ...onMissing(table, keys, missing),
  };
}

/** The user's own statement, with its named parameters bound from `row`. Throws `Rejected` where one is missing there. */
export function own(sql: string, row: Row): Command {
  const names = parametersOf(sql);
  const lacking = names.find((name) => !Object.hasOwn(row, name));
  if (lacking !== undefined)
    throw new Rejected(`The statement's parameter "${lacking}" is not given: there is ${listed(Object.keys(row))}.`);
  return { sql, values: Object.fromEntries(names.map((name) => [name, toSql(row[name])])) };
}

/** The names of the parameters. Throws `Rejected` where it is not one statement, has parameters without a name, or ends transactions. */
export function parametersOf(sql: string): readonly string[] {
  const names = new Set<string>();
  let [word, ended]: [string | undefined, boolean] = [undefined, false];
  for (const { 0: text, groups = {} } of sql.matchAll(tokens)) {
    if (isComment(text)) continue;
    if (ended && groups['end'] === undefined) throw new Rejected('The statement holds a second one behind ";".');
    if (groups['positional'] !== undefined)
      throw new Rejected('The statement has a parameter without a name: write :name instead of "?".');
    if (groups['parameter'] !== undefined) names.add(groups['parameter']);
    word ??= text;
    ended ||= groups['end'] !== undefined;
  }
  if (transactionWords.includes(word?.toUpperCase() ?? ''))
    throw new Rejected(`The statement must not begin with ${word}: it is part of a transaction.`);
  return [...names];
}

/** A name as an identifier, whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
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
  return key.map((name) => `${quoted(name)} = ?`).join(' AND ');
}

function onMissing(table: string, keys: Row, missing: 'reject' | 'ignore'): { readonly missing?: string } {
  return missing === 'reject' ? { missing: `No row of ${table} has the key ${JSON.stringify(keys)}.` } : {};
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function isComment(text: string): boolean {
  return text.startsWith('--') || text.startsWith('/*');
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'none';
}
