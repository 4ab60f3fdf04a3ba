// One expression, tried: evaluated on an input, and looked at without one.

import { readFileSync } from 'node:fs';
import { cliError } from '../errors.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

export interface TryInput {
  /** Undefined where there is none. */
  readonly input: unknown;
  readonly schema: unknown;
}

/** What cannot be right, in a sentence, with its place. Lines and columns count from 1. */
interface Found {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

export interface Tried {
  /** Absent where it is nothing. */
  readonly result?: unknown;
  readonly type: unknown;
  readonly optional: boolean;
  readonly lineage: readonly { readonly output: string; readonly inputs: readonly string[] }[];
  readonly findings: readonly Found[];
  readonly tookMs: number;
}

/** Rejects with MORTISE_CLI_EXPRESSION, after the place is shown with a caret. */
export async function tryExpression(text: string, { input, schema }: TryInput, terminal: Terminal): Promise<Tried> {
  const { analyse, compileExpression, ExpressionError, findingText, inferSchema, lineage, typeFrom } = await import(
    '@mortise/engine'
  );
  try {
    const expression = compileExpression(text);
    const given = schema === undefined ? {} : { input: typeFrom(schema as never) };
    const inferred = inferSchema(text, given);
    const startedMs = performance.now();
    const result = expression.evaluate(input, {}, Date.now());
    const tookMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
    const { findings } = analyse(text, given);
    return {
      ...(result === undefined ? {} : { result }),
      type: inferred.schema,
      optional: inferred.optional,
      lineage: lineage(text, given),
      findings: findings.map((finding) => ({ ...finding, ...placeIn(text, finding.position), ...findingText(finding) })),
      tookMs,
    };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if (error.position !== undefined) terminal.printError(caretText(text, error.position));
    throw cliError('MORTISE_CLI_EXPRESSION', `${error.message} (${error.code})`, { cause: error });
  }
}

/** The line of the text in which the place lies, and a caret below it. JSONata counts to behind the token. */
export function caretText(text: string, position: number): string {
  const at = Math.min(Math.max(0, position - 1), text.length);
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  const line = text.slice(from, end < 0 ? text.length : end).replaceAll('\t', ' ');
  return `  ${plain(line)}\n  ${' '.repeat(at - from)}^`;
}

function placeIn(text: string, position: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** The line of a text that is shown with a caret below one of its columns. */
function marked(text: string, { line, column }: Found): string {
  const written = (text.split('\n')[line - 1] ?? '').replaceAll('\t', ' ');
  return `  ${plain(written)}\n  ${' '.repeat(column - 1)}^`;
}

/** `text`: the expression. */
export function triedText(tried: Tried, text: string, terminal: Terminal): string {
  const { result, type, optional, lineage, findings, tookMs } = tried;
  const value = result === undefined ? terminal.style('dim', 'nothing') : plainLines(result);
  const made = lineage.map(({ output, inputs }) => `  ${plain(output)} <- ${plain(inputs.join(', ')) || 'no input'}`);
  return [
    value,
    `${terminal.style('dim', 'type')} ${plain(JSON.stringify(type))}${optional ? ' or nothing' : ''}`,
    ...(made.length > 0 ? [terminal.style('dim', 'made of'), ...made] : []),
    ...findings.map((found) => {
      const { line, column, message, remedy } = found;
      const place = `${terminal.style('yellow', 'finding')} ${line}:${column}`;
      return `${place} ${plain(message)} ${plain(remedy)}\n${marked(text, found)}`;
    }),
    `${terminal.style('dim', 'took')} ${tookMs} ms`,
  ].join('\n');
}

function plainLines(value: unknown): string {
  const text = typeof value === 'function' ? '"a function"' : JSON.stringify(value, null, 2);
  return text.split('\n').map(plain).join('\n');
}

export function readJson(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw cliError('MORTISE_CLI_FILE', `${file} is not valid JSON.`, { cause: error });
  }
}
