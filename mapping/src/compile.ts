// Compiles an expression: parses it, writes JavaScript, and wraps that into an evaluation with a budget.

import { ExpressionError, expressionError } from './errors.ts';
import { natives } from './functions/natives.ts';
import { Generator } from './generate/generator.ts';
import { partsOf } from './generate/walk.ts';
import { parse } from './parse.ts';
import { located } from './runtime/calls.ts';
import { Context, defaultBudget } from './runtime/context.ts';
import type { Budget } from './runtime/context.ts';
import { mark, outerMark, sequence, unmarked } from './runtime/marks.ts';
import { runtime } from './runtime/runtime.ts';
import type { Syntax } from './syntax.ts';

type Code = (cx: Context, input: unknown) => unknown;

/** Code that is ready to run. */
export interface Compiled {
  readonly code: Code;
  /** Arrays of its result may be marked as constructed within a path: the marks end with the evaluation. */
  readonly constructs: boolean;
}

/** Compiles a syntax tree. */
export function compile(syntax: Syntax): Compiled {
  return { code: codeOf(syntax), constructs: constructs(syntax) };
}

function constructs(node: Syntax): boolean {
  return node.consarray === true || (node.type === 'variable' && node.value === 'eval') || partsOf(node).some(constructs);
}

function codeOf(syntax: Syntax): Code {
  const generator = new Generator(natives);
  const text = generator.generate(syntax);
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- what the generator writes holds no text of the expression but JSON literals
  const make = new Function('rt', 'k', text) as (rt: typeof withEval, k: readonly unknown[]) => Code;
  return make(withEval, generator.emitter.constants);
}

/** Evaluates code. `input`: an array is one value, whose items paths run over. Throws `ExpressionError`. */
export function run(
  { code, constructs: isMarked }: Compiled,
  input: unknown,
  bindings: Readonly<Record<string, unknown>>,
  nowMs: number,
  budget: Budget = defaultBudget,
): unknown {
  try {
    const result = code(new Context(input, bindings, nowMs, budget, evaluateAlone), wrapped(input));
    return isMarked ? unmarked(result) : result;
  } catch (error) {
    throw located(error, undefined, undefined);
  }
}

function wrapped(input: unknown): unknown {
  return Array.isArray(input) ? mark(sequence([input]), outerMark) : input;
}

/** `$eval`: compiles and runs a text; variables that are visible where it is called are bound for it. */
function evaluateText(
  cx: Context,
  text: unknown,
  focus: unknown,
  input: unknown,
  position: number,
  visible: Readonly<Record<string, unknown>>,
): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw expressionError('T0410', { position, token: 'eval', value: text, other: 1 });
  cx.spend(text.length);
  const code = attempt('D3120', position, () => codeOf(parse(text)));
  const bound = Object.fromEntries(Object.entries(visible).filter(([, value]) => value !== runtime.unbound));
  const context = focus === undefined ? input : wrapped(focus);
  return attempt('D3121', position, () => code(cx.with(bound), context));
}

function evaluateAlone(cx: Context, text: unknown, focus: unknown): unknown {
  return evaluateText(cx, text, focus, wrapped(cx.root), 0, {});
}

function attempt<T>(code: string, position: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ExpressionError && !/^D10(11|12)$/.test(error.code))
      throw expressionError(code, { position, token: 'eval', value: error.message });
    throw error;
  }
}

const withEval = { ...runtime, evaluateText };
