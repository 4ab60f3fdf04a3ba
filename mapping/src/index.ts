// JSONata expressions, compiled to synchronous JavaScript: compile once, evaluate often.

import { compile, run, runAsync } from './compile.ts';
import { natives } from './functions/natives.ts';
import { partsOf } from './generate/walk.ts';
import { parse } from './parse.ts';
import { defaultBudget } from './runtime/context.ts';
import type { Budget } from './runtime/context.ts';
import type { Syntax } from './syntax.ts';

export { ExpressionError } from './errors.ts';
export { literalCalls } from './literal-calls.ts';
export type { LiteralCall } from './literal-calls.ts';
export { analyse, inferSchema, lineage, lineageOf, typeFrom } from './types/analyse.ts';
export type { Analysis, Given, LineageEntry } from './types/analyse.ts';
export { misfits } from './types/fit.ts';
export type { Misfit } from './types/fit.ts';
export type { TypeFinding } from './types/findings.ts';
export type { ResolveSchema, Schema } from './types/from-schema.ts';
export { schemaOf } from './types/to-schema.ts';
export { oneOf } from './types/stream.ts';
export { soften } from './types/soften.ts';
export { asInput, integerType, join as joinTypes, listOf, surely, unknownType } from './types/type.ts';
export type { Type } from './types/type.ts';
export { describe as describeType } from './types/describe.ts';
export { defaultBudget } from './runtime/context.ts';
export type { Budget } from './runtime/context.ts';

/** Variables of an expression, without the `$`. Functions among them may be called by the expression. */
export type Bindings = Readonly<Record<string, unknown>>;

export interface CompiledExpression {
  readonly text: string;
  /** The same input and bindings give the same result: no `$random`, no `$eval`; `$now` and `$millis` are the host's. */
  readonly deterministic: boolean;
  /** The free variables it mentions, without the `$`, and without the built-in functions. */
  readonly variables: readonly string[];
  /**
   * The result; undefined for nothing. `nowMs` (milliseconds since 1970) is what `$now` and `$millis` tell. The input is not
   * changed, and may be part of the result. Throws `ExpressionError`.
   */
  evaluate(input: unknown, bindings: Bindings, nowMs: number): unknown;
}

/** The same, waiting for functions that give promises. */
export interface AsyncExpression extends Omit<CompiledExpression, 'evaluate'> {
  /** As `evaluate` of a `CompiledExpression`; functions are called one after the other, in the order of the expression. */
  evaluate(input: unknown, bindings: Bindings, nowMs: number): Promise<unknown>;
}

const undetermined: ReadonlySet<string> = new Set(['random', 'eval', 'shuffle']);

/** Compiles `text`. Throws `ExpressionError` with the position where it does not parse. */
export function compileExpression(text: string, budget: Budget = defaultBudget): CompiledExpression {
  const syntax = parse(text);
  const compiled = compile(syntax);
  return { ...factsOf(text, syntax), evaluate: (input, bindings, nowMs) => run(compiled, input, bindings, nowMs, budget) };
}

/** Compiles `text` so that it waits for functions that give promises. Slower where none does. Throws `ExpressionError`. */
export function compileAsyncExpression(text: string, budget: Budget = defaultBudget): AsyncExpression {
  const syntax = parse(text);
  const compiled = compile(syntax, true);
  return { ...factsOf(text, syntax), evaluate: (input, bindings, nowMs) => runAsync(compiled, input, bindings, nowMs, budget) };
}

function factsOf(text: string, syntax: Syntax): Omit<CompiledExpression, 'evaluate'> {
  const names = variableNames(syntax);
  return {
    text,
    deterministic: !names.some((name) => undetermined.has(name)),
    variables: names.filter((name) => !natives.has(name)),
  };
}

/** Names read but never bound in the expression itself: by assignment, as a parameter, or by `@` and `#`. */
function variableNames(root: Syntax): readonly string[] {
  const read = new Set<string>();
  const bound = new Set<string>();
  const visit = (node: Syntax): void => {
    if (node.type === 'variable' && node.value !== '' && node.value !== '$') read.add(node.value);
    if (node.type === 'bind') bound.add(node.lhs.value);
    if (node.type === 'lambda') for (const parameter of node.arguments) bound.add(parameter.value);
    if (node.focus !== undefined) bound.add(node.focus);
    if (node.index !== undefined) bound.add(node.index);
    for (const stage of node.stages ?? []) if (stage.type === 'index') bound.add(stage.value);
    for (const part of partsOf(node)) visit(part);
  };
  visit(root);
  return [...read].filter((name) => !bound.has(name));
}

/** The names of the built-in functions, without the `$`. */
export const builtInFunctions = (): readonly string[] => [...natives.keys()];
