// The user's own statements: their named parameters become numbered ones, with values that are always bound.

import { Rejected, writeJson } from '@mortise/sdk';
import type { Command } from './statements.ts';
import type { Row } from './values.ts';

/**
 * What must be told apart to read SQL (PostgreSQL documentation, section 4.1): strings, with escapes and in dollars, names in
 * quotes, comments, casts, parameters, the end of a statement, words.
 */
const tokens =
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|(?<dollar>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<dollar>|"(?:[^"]|"")*"|--[^\n]*|(?<comment>\/\*)|::|:=|:(?<parameter>[A-Za-z_]\w*)(?=(?<array>\s*::\s*[\w." ]+\[)?)|(?<positional>\$\d+)|(?<end>;)|(?<word>[A-Za-z_][\w$]*)|\d+|\S/g;

/** Transactions are begun and ended for the statements, never by them. */
const transactionWords = 'BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE PREPARE'.split(' ');

interface Parsed {
  readonly sql: string;
  /** The parameters in the order of their numbers. `array`: a list goes as an array of SQL, since it is cast to one. */
  readonly parameters: readonly { readonly name: string; readonly array: boolean }[];
}

/** The statement with its named parameters bound from `row`. Throws `Rejected` where one is missing there. */
export function own(statement: string, row: Row): Command {
  const { sql, parameters } = parse(statement);
  const lacking = parameters.find(({ name }) => !Object.hasOwn(row, name));
  if (lacking)
    throw new Rejected(
      `The statement's parameter "${lacking.name}" is not given: there is ${Object.keys(row).join(', ') || 'none'}.`,
    );
  return { sql, values: parameters.map(({ name, array }) => toParameter(row[name], array)) };
}

/** Once for each element of a list, unless the statement takes nothing from the body. */
export function executions(
  rows: () => readonly Row[],
  { statement, parameters }: { readonly statement: string; readonly parameters?: Row },
): readonly Command[] {
  if (parameters) return [own(statement, parameters)];
  return parse(statement).parameters.length === 0 ? [own(statement, {})] : rows().map((row) => own(statement, row));
}

/** Throws `Rejected` where it is not one statement, has parameters without a name, or ends transactions. */
export function parse(statement: string): Parsed {
  const parameters: { name: string; array: boolean }[] = [];
  let [sql, at, word, ended]: [string, number, string | undefined, boolean] = ['', 0, undefined, false];
  for (const { text, index, groups } of tokensOf(statement)) {
    if (ended && groups['end'] === undefined) throw new Rejected('The statement holds a second one behind ";".');
    if (groups['positional'] !== undefined)
      throw new Rejected(`The statement has a parameter without a name: write :name instead of ${text}.`);
    if (groups['parameter'] !== undefined) {
      sql += `${statement.slice(at, index)}$${numberOf(parameters, groups['parameter'], groups['array'] !== undefined)}`;
      at = index + text.length;
    }
    word ??= text;
    ended ||= groups['end'] !== undefined;
  }
  if (transactionWords.includes(word?.toUpperCase() ?? ''))
    throw new Rejected(`The statement must not begin with ${word}: it is part of a transaction.`);
  return { sql: sql + statement.slice(at), parameters };
}

interface Token {
  readonly text: string;
  readonly index: number;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** All but comments. */
function* tokensOf(statement: string): Generator<Token> {
  const scanner = new RegExp(tokens);
  for (let match = scanner.exec(statement); match; match = scanner.exec(statement)) {
    const { 0: text, index, groups = {} } = match;
    if (groups['comment'] !== undefined) scanner.lastIndex = endOfComment(statement, index);
    else if (!text.startsWith('--')) yield { text, index, groups };
  }
}

/** Comments may hold others (section 4.1.5). */
function endOfComment(statement: string, start: number): number {
  let depth = 0;
  const edges = /\/\*|\*\//g;
  edges.lastIndex = start;
  for (let edge = edges.exec(statement); edge; edge = edges.exec(statement)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return edges.lastIndex;
  }
  return statement.length;
}

/** A list that is used as an array and as JSON is two parameters. */
function numberOf(parameters: { name: string; array: boolean }[], name: string, array: boolean): number {
  const known = parameters.findIndex((one) => one.name === name && one.array === array);
  return known >= 0 ? known + 1 : parameters.push({ name, array });
}

function toParameter(value: unknown, array: boolean): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (array && Array.isArray(value)) return toArray(value);
  return writeJson(value);
}

/** An array of SQL: every element in quotes, so that none of it can be taken for something else. */
function toArray(list: readonly unknown[]): string {
  const parts = list.map((value) => {
    if (Array.isArray(value)) return toArray(value);
    const text = toParameter(value, false);
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${parts.join(',')}}`;
}
