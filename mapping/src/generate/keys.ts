// Predicates that ask for a key: `customerId = $c.id`, alone or among what `and` joins.

import type { LambdaSyntax, Syntax } from '../syntax.ts';
import { bindsOf } from './walk.ts';

/** A chain of names of the item that is to equal a value that is the same for all items. */
export interface Key {
  readonly names: readonly string[];
  readonly value: Syntax;
}

/**
 * The key of a predicate. Its value is a literal, a variable or a chain of names: to read it once, before the items, is the same
 * as to read it for each of them, since it neither fails nor does anything. Before the key stand only comparisons of such values,
 * so an item with another key is refused whatever follows. A key that is no literal comes first: it is asked for again and again.
 *
 * `item`: the variable that holds the item; without it the item is the context.
 */
export function keyOf(predicate: Syntax, item?: string): Key | undefined {
  if (bindsOf([predicate]).size > 0) return undefined;
  const keys: Key[] = [];
  for (const part of joined(predicate)) {
    const key = comparison(part, item);
    if (!key) break;
    keys.push(key);
  }
  return keys.find(({ value }) => value.type === 'path' || value.type === 'variable') ?? keys[0];
}

/** The key of a function of one item. */
export function keyOfFunction({ arguments: parameters, signature, thunk, body }: LambdaSyntax): Key | undefined {
  const [item] = parameters;
  return item && parameters.length === 1 && !signature && !thunk ? keyOf(body, item.value) : undefined;
}

/** The key of what stands behind a step that binds; none where positions are bound, which count all items. */
export function keyOfStep({ type, stages, focus, index }: Syntax): Key | undefined {
  const [first] = stages ?? [];
  return first?.type === 'filter' && type !== 'sort' && index === undefined ? keyOf(first.expr, focus) : undefined;
}

/** The parts that `and` joins, in their order. */
function joined(node: Syntax): readonly Syntax[] {
  return node.type === 'binary' && node.value === 'and' && isBare(node) ? [...joined(node.lhs), ...joined(node.rhs)] : [node];
}

function comparison(node: Syntax, item: string | undefined): Key | undefined {
  if (node.type !== 'binary' || node.value !== '=' || !isBare(node)) return undefined;
  return pair(node.lhs, node.rhs, item) ?? pair(node.rhs, node.lhs, item);
}

function pair(names: Syntax, value: Syntax, item: string | undefined): Key | undefined {
  const chain = item === undefined ? namesOf(names) : namesBehind(names, item);
  const isSame = isFixed(value, item) || (item !== undefined && namesOf(value) !== undefined);
  return chain && isSame ? { names: chain, value } : undefined;
}

/** A path of nothing but names. */
function namesOf(node: Syntax): readonly string[] | undefined {
  return isPath(node) ? onlyNames(node.steps) : undefined;
}

/** The names behind a variable. */
function namesBehind(node: Syntax, variable: string): readonly string[] | undefined {
  const [first, ...rest] = isPath(node) ? node.steps : [];
  return first && isVariable(first) && first.value === variable ? onlyNames(rest) : undefined;
}

function isFixed(node: Syntax, item: string | undefined): boolean {
  if (node.type === 'string' || node.type === 'number' || node.type === 'value') return isBare(node);
  const [first, ...rest] = isPath(node) ? node.steps : [node];
  return first !== undefined && isVariable(first) && first.value !== '' && first.value !== item && onlyNames(rest) !== undefined;
}

function isPath(node: Syntax): node is Extract<Syntax, { type: 'path' }> {
  return node.type === 'path' && isBare(node) && !node.keepSingletonArray;
}

function isVariable(node: Syntax): node is Extract<Syntax, { type: 'variable' }> {
  return node.type === 'variable' && isBare(node);
}

function onlyNames(steps: readonly Syntax[]): readonly string[] | undefined {
  const names = steps.map((step) => (step.type === 'name' && isBare(step) ? step.value : undefined));
  return names.every((name) => name !== undefined) ? names : undefined;
}

function isBare({ predicate, stages, group, tuple, focus, index, keepArray, consarray }: Syntax): boolean {
  return !predicate && !stages && !group && !tuple && focus === undefined && index === undefined && !keepArray && !consarray;
}
