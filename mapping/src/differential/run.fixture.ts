// Evaluates an expression with both implementations, and says how they differ.

import jsonata from 'jsonata';
import { compileAsyncExpression, compileExpression } from '../index.ts';
import { compile, run } from '../compile.ts';
import { ExpressionError } from '../errors.ts';
import type { Syntax } from '../syntax.ts';

/** The same twice: a bug of the reference that is known by name. */
export function isKnown(text: string, input: unknown, reference: Outcome, mine: Outcome): boolean {
  // A regular expression left of `?:` or `??` is lost in its parser's copy: with it lost, ours gives what the reference gives.
  if (losesRegex(text) && isSame(reference, withRegexesLost(text, input))) return true;
  if ('error' in reference || 'error' in mine) return false;
  // Grouping an empty array within a transform's copy puts nothing into it, as an item.
  return text.includes('|$|') && reference.result?.replaceAll('[null', '[') === mine.result?.replaceAll('[null', '[');
}

function losesRegex(text: string): boolean {
  return JSON.stringify(jsonata(text).ast(), (_key, one: unknown) => (one instanceof RegExp ? 'kept' : one)).includes(
    '"value":{},"type":"regex"',
  );
}

/** As the reference evaluates its own syntax tree: an object in the place of a regular expression is read as its text. */
function withRegexesLost(text: string, input: unknown): Outcome {
  return outcomeOf(() => {
    const syntax = jsonata(text).ast() as unknown as Syntax;
    lose(syntax);
    return run(compile(syntax), structuredClone(input), {}, 0, budget);
  });
}

function lose(node: unknown): void {
  if (typeof node !== 'object' || node === null || node instanceof RegExp) return;
  const own = node as Record<string, unknown>;
  if (own['type'] === 'regex' && !(own['value'] instanceof RegExp)) own['value'] = /[object Object]/g;
  else for (const part of Object.values(own)) lose(part);
}

/** What came of an evaluation: a result as JSON, nothing, or the code of an error. */
export type Outcome = { readonly result: string | undefined } | { readonly error: string };

const stepsMax = 200_000;

export async function theirs(text: string, input: unknown): Promise<Outcome> {
  try {
    const expression = jsonata(text, { timeout: 2000, stack: 400, sequence: 10_000 } as never);
    return { result: json(await expression.evaluate(frozen(structuredClone(input)))) };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return { error: typeof code === 'string' ? code : `host: ${String(error)}` };
  }
}

const budget = { steps: stepsMax, stepsPerValue: 0, depth: 400, items: 10_000, characters: 1_000_000 };

export async function oursWaiting(text: string, input: unknown): Promise<Outcome> {
  try {
    return { result: json(await compileAsyncExpression(text, budget).evaluate(structuredClone(input), {}, 0)) };
  } catch (error) {
    return { error: error instanceof ExpressionError ? error.code : `host: ${String(error)}` };
  }
}

export function ours(text: string, input: unknown): Outcome {
  return outcomeOf(() => compileExpression(text, budget).evaluate(structuredClone(input), {}, 0));
}

function outcomeOf(evaluate: () => unknown): Outcome {
  try {
    return { result: json(evaluate()) };
  } catch (error) {
    return { error: error instanceof ExpressionError ? error.code : `host: ${String(error)}` };
  }
}

function json(value: unknown): string | undefined {
  if (typeof value === 'function') return '"a function"';
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'function' ? '' : Object.is(one, -0) ? 0 : one));
}

/**
 * Both fail, or both give the same. Which of several errors comes first is not compared: the reference evaluates the items of
 * an array and the pairs of an object at once, and throws what fails first in time.
 */
export function isSame(one: Outcome, other: Outcome): boolean {
  if ('error' in one || 'error' in other) return 'error' in one && 'error' in other && !other.error.startsWith('host:');
  return one.result === other.result;
}

/**
 * A bug of the reference: it grouped an empty array of its input, or updated a value that is no object, and the host's own error
 * came out. (Not frozen, it adds an item to the array of its input.)
 */
export function isBroken(outcome: Outcome): boolean {
  return 'error' in outcome && outcome.error.startsWith('host:');
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const one of Object.values(Object.freeze(value))) frozen(one);
  return value;
}
