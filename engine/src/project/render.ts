// Problems for people and for programs: as text for a terminal, with the line they are about, and as JSON.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { Problem } from '../flow/definitions.ts';

export interface RenderOptions {
  /** The project's folder, from which the lines are shown. */
  readonly folder: string;
  /** Default false. */
  readonly colors?: boolean;
}

/** So much of a line is shown, around the place that it is about. */
const lineCharactersMax = 140;
/** How the SDK's messages show a secret that was written into the file: its line is not shown either. */
const hidden = '(hidden)';

/** Each problem with file, line, column, what it is, what to do, and the line with a mark; then how many there are. */
export function renderProblems(problems: readonly Problem[], options: RenderOptions): string {
  const lineOf = lineReader(options.folder);
  const blocks = problems.map((problem) => renderProblem(problem, lineOf(problem), options.colors ?? false));
  return `${[...blocks, summaryOf(problems)].join('\n\n')}\n`;
}

/** `{ "errors": 1, "warnings": 0, "problems": [ … ] }`. */
export function renderProblemsAsJson(problems: readonly Problem[]): string {
  const { errors, warnings } = countProblems(problems);
  return `${JSON.stringify({ errors, warnings, problems }, null, 2)}\n`;
}

export function countProblems(problems: readonly Problem[]): { readonly errors: number; readonly warnings: number } {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: problems.length - errors };
}

function renderProblem(
  { file, line, column, severity, code, message, remedy }: Problem,
  text: string | undefined,
  colors: boolean,
): string {
  const paint = (style: 'red' | 'yellow' | 'bold' | 'dim', shown: string): string =>
    colors ? styleText(style, shown, { validateStream: false }) : shown;
  const head = `${paint('bold', `${file}:${line}:${column}`)} ${paint(severity === 'error' ? 'red' : 'yellow', severity)} ${paint('dim', code)}`;
  const excerpt = text === undefined ? [] : excerptOf(text, line, column).map((row) => paint('dim', row));
  return [head, `  ${message}`, `  ${remedy}`, ...excerpt].join('\n');
}

/** The line with its number, and a mark below its column. */
function excerptOf(text: string, line: number, column: number): readonly string[] {
  const from = Math.max(0, Math.min(column - lineCharactersMax / 2, text.length - lineCharactersMax));
  const shown = text.slice(from, from + lineCharactersMax).replaceAll('\t', ' ');
  const number = String(line).padStart(6);
  return [`${number} | ${shown}`, `${' '.repeat(number.length)} | ${' '.repeat(Math.max(0, column - 1 - from))}^`];
}

function summaryOf(problems: readonly Problem[]): string {
  if (problems.length === 0) return 'No problems.';
  const { errors, warnings } = countProblems(problems);
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}

function lineReader(folder: string): (problem: Problem) => string | undefined {
  const files = new Map<string, readonly string[]>();
  return ({ file, line, message }) => {
    if (message.includes(hidden)) return undefined;
    if (!files.has(file)) files.set(file, linesOf(join(folder, file)));
    return files.get(file)?.[line - 1] || undefined;
  };
}

/** Nothing where the file is not there, or is a folder: some problems are about just that. */
function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
