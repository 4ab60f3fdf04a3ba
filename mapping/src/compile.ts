// Compiles an expression: parses it, writes JavaScript, and wraps that into an evaluation with a budget.

import { asyncNatives } from './async/natives.ts';
import { asyncRuntime } from './async/runtime.ts';
import { ExpressionError, expressionError } from './errors.ts';
import { natives } from './functions/natives.ts';
import { Generator } from './generate/generator.ts';
import { constructs, isGrowing } from './generate/walk.ts';
import { parse } from './parse.ts';
import { located } from './runtime/calls.ts';
import { Context, defaultBudget } from './runtime/context.ts';
import type { Budget } from './runtime/context.ts';
import { extentOf } from './runtime/extent.ts';
import { mark, outerMark, sequence, unmarked } from './runtime/marks.ts';
import { runtime } from './runtime/runtime.ts';
import type { Syntax } from './syntax.ts';

type Code = (cx: Context, input: unknown) => unknown;

/** Code that is ready to run. */
export interface Compiled {
  readonly code: Code;
  /** The code gives a promise, and waits for functions that do. */
  readonly isAsync: boolean;
  /** Arrays of its result may be marked as constructed within a path: the marks end with the evaluation. */
  readonly constructs: boolean;
  /** Its result may be far larger or deeper than the expression and its input, or hold itself: it is looked through. */
  readonly isGrowing: boolean;
}

/** Compiles a syntax tree. Throws D1011 where it is nested too deep. */
export function compile(syntax: Syntax, isAsync = false): Compiled {
  try {
    return { code: codeOf(syntax, isAsync), isAsync, constructs: constructs(syntax), isGrowing: isGrowing(syntax, natives) };
  } catch (error) {
    throw located(error, undefined, undefined);
  }
}

function codeOf(syntax: Syntax, isAsync: boolean): Code {
  const { text, constants } = generate(syntax, isAsync);
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- what the generator writes holds no text of the expression but JSON literals
  const make = new Function('rt', 'k', text) as (rt: unknown, k: readonly unknown[]) => Code;
  return make(isAsync ? asyncWithEval : withEval, constants);
}

/** The code, and the values that it refers to. */
export function generate(syntax: Syntax, isAsync = false): { readonly text: string; readonly constants: readonly unknown[] } {
  const generator = new Generator(isAsync ? asyncNatives : natives, isAsync);
  const text = generator.generate(syntax);
  return { text, constants: generator.emitter.constants };
}

type Bindings = Readonly<Record<string, unknown>>;

/** Evaluates code. `input`: an array is one value, whose items paths run over. Throws `ExpressionError`. */
export function run(
  compiled: Compiled,
  input: unknown,
  bindings: Bindings,
  nowMs: number,
  budget: Budget = defaultBudget,
): unknown {
  try {
    const cx = new Context(input, bindings, nowMs, budget, evaluateAlone);
    return finished(cx, compiled, compiled.code(cx, wrapped(input)));
  } catch (error) {
    throw located(error, undefined, undefined);
  }
}

/** The same for code that may wait. */
export async function runAsync(
  compiled: Compiled,
  input: unknown,
  bindings: Bindings,
  nowMs: number,
  budget: Budget = defaultBudget,
): Promise<unknown> {
  try {
    const cx = new Context(input, bindings, nowMs, budget, evaluateAloneAsync, true);
    return finished(cx, compiled, await compiled.code(cx, wrapped(input)));
  } catch (error) {
    throw located(error, undefined, undefined);
  }
}

function finished(cx: Context, compiled: Compiled, result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  if (compiled.isGrowing) extentOf(cx, result);
  return compiled.constructs ? unmarked(result) : result;
}

function wrapped(input: unknown): unknown {
  return Array.isArray(input) ? mark(sequence([input]), outerMark) : input;
}

type Visible = Readonly<Record<string, unknown>>;

/** Compiling takes about so many steps, and so many for a character. */
const [stepsPerText, stepsPerCharacter] = [4000, 16];

/** `$eval`: compiles and runs a text; variables that are visible where it is called are bound for it. */
function evaluateText(cx: Context, text: unknown, focus: unknown, input: unknown, position: number, visible: Visible): unknown {
  const code = codeOfText(cx, text, position);
  if (!code) return undefined;
  const context = focus === undefined ? input : wrapped(focus);
  try {
    return code(cx.with(bound(visible)), context);
  } catch (error) {
    throw evaluationFailed('D3121', position, error);
  }
}

async function evaluateTextAsync(
  cx: Context,
  text: unknown,
  focus: unknown,
  input: unknown,
  position: number,
  visible: Visible,
): Promise<unknown> {
  const code = codeOfText(cx, text, position);
  if (!code) return undefined;
  const context = focus === undefined ? input : wrapped(focus);
  try {
    return await code(cx.with(bound(visible)), context);
  } catch (error) {
    throw evaluationFailed('D3121', position, error);
  }
}

function codeOfText(cx: Context, text: unknown, position: number): Code | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw expressionError('T0410', { position, token: 'eval', value: text, other: 1 });
  cx.spend(stepsPerText + text.length * stepsPerCharacter);
  try {
    return codeOf(parse(text), cx.isAsync);
  } catch (error) {
    throw evaluationFailed('D3120', position, error);
  }
}

function bound(visible: Visible): Visible {
  return Object.fromEntries(Object.entries(visible).filter(([, value]) => value !== runtime.unbound));
}

function evaluateAlone(cx: Context, text: unknown, focus: unknown): unknown {
  return evaluateText(cx, text, focus, wrapped(cx.root), 0, {});
}

function evaluateAloneAsync(cx: Context, text: unknown, focus: unknown): Promise<unknown> {
  return evaluateTextAsync(cx, text, focus, wrapped(cx.root), 0, {});
}

/** An error within a text, as one of the text; but a budget that is used up stays what it is. */
function evaluationFailed(code: string, position: number, error: unknown): unknown {
  return error instanceof ExpressionError && !/^D10(11|12)$/.test(error.code)
    ? expressionError(code, { position, token: 'eval', value: error.message })
    : error;
}

const withEval = { ...runtime, evaluateText };
const asyncWithEval = { ...asyncRuntime, evaluateText: evaluateTextAsync };
