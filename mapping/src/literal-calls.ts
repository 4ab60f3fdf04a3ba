// The calls of one function in an expression, with those arguments that are written as literal texts: what a checker can look at.

import { partsOf } from './generate/walk.ts';
import { parse } from './parse.ts';
import type { Syntax } from './syntax.ts';

export interface LiteralCall {
  /** The text where an argument is one; undefined where it is anything else. */
  readonly arguments: readonly (string | undefined)[];
  /** Characters from the start of the expression to the `$` of the name. */
  readonly position: number;
}

/** The calls of `$name(…)` in an expression that parses, in the order in which they stand. */
export function literalCalls(text: string, name: string): readonly LiteralCall[] {
  const calls: LiteralCall[] = [];
  const visit = (node: Syntax, before: readonly (string | undefined)[]): void => {
    const call = callOf(node, name, before);
    if (call) calls.push(call);
    // What stands before `~>` is the first argument of the call behind it.
    for (const part of partsOf(node)) visit(part, node.type === 'apply' && part === node.rhs ? [argumentOf(node.lhs)] : []);
  };
  visit(parse(text), []);
  return calls.toSorted((a, b) => a.position - b.position);
}

function callOf(node: Syntax, name: string, before: readonly (string | undefined)[]): LiteralCall | undefined {
  if (node.type !== 'function' || node.procedure.type !== 'variable' || node.procedure.value !== name) return undefined;
  const position = Math.max(0, node.procedure.position - name.length - 1);
  return { arguments: [...before, ...node.arguments.map(argumentOf)], position };
}

function argumentOf(node: Syntax): string | undefined {
  return node.type === 'string' && typeof node.value === 'string' ? node.value : undefined;
}
