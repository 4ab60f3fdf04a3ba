// The calls of one function in an expression, with those arguments that are written as literal texts: what a checker can look at.

import jsonata from 'jsonata';

export interface LiteralCall {
  /** The text where an argument is one; undefined where it is anything else. */
  readonly arguments: readonly (string | undefined)[];
  /** Characters from the start of the expression to the `$` of the name. */
  readonly position: number;
}

interface SyntaxNode {
  readonly type?: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly [part: string]: unknown;
}

/** The calls of `$name(…)` in an expression that parses, in the order in which they stand. */
export function literalCalls(text: string, name: string): readonly LiteralCall[] {
  const calls: LiteralCall[] = [];
  if (text.includes(`$${name}`)) visit(jsonata(text).ast(), name, calls, new Set());
  return calls.toSorted((a, b) => a.position - b.position);
}

function visit(node: unknown, name: string, calls: LiteralCall[], seen: Set<unknown>): void {
  if (typeof node !== 'object' || node === null || seen.has(node)) return;
  seen.add(node);
  const { type, lhs, rhs } = node as SyntaxNode;
  // What stands before `~>` is the first argument of the call behind it.
  const piped = type === 'apply' ? callOf(rhs, name, [argumentOf(lhs)]) : undefined;
  if (piped) {
    calls.push(piped);
    seen.add(rhs);
    visit((rhs as SyntaxNode)['arguments'], name, calls, seen);
  }
  const call = Array.isArray(node) ? undefined : callOf(node, name, []);
  if (call) calls.push(call);
  for (const part of Object.values(node)) visit(part, name, calls, seen);
}

function callOf(node: unknown, name: string, before: readonly (string | undefined)[]): LiteralCall | undefined {
  const { type, procedure, arguments: given } = node as SyntaxNode;
  const { type: kind, value, position = 0 } = (procedure ?? {}) as SyntaxNode;
  if (type !== 'function' || kind !== 'variable' || value !== name) return undefined;
  const texts = (given as readonly unknown[]).map(argumentOf);
  return { arguments: [...before, ...texts], position: Math.max(0, position - name.length - 1) };
}

function argumentOf(node: unknown): string | undefined {
  const { type, value } = node as SyntaxNode;
  return type === 'string' && typeof value === 'string' ? value : undefined;
}
