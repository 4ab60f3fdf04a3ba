// Predicates that begin with a key: `customerId = $c.id`, alone or followed by `and`.

import type { Syntax } from '../syntax.ts';

/** A chain of names of the item that is to equal a value that is the same for all items. */
export interface Key {
  readonly names: readonly string[];
  readonly value: Syntax;
}

/**
 * The key of a predicate. Its value is a literal, or a variable with a chain of names: to read it once, before the items, is
 * the same as to read it for each of them, since it neither fails nor does anything.
 */
export function keyOf(predicate: Syntax): Key | undefined {
  if (predicate.predicate || predicate.group || predicate.type !== 'binary') return undefined;
  if (predicate.value === 'and') return keyOf(predicate.lhs);
  if (predicate.value !== '=') return undefined;
  const { lhs, rhs } = predicate;
  return pair(lhs, rhs) ?? pair(rhs, lhs);
}

function pair(names: Syntax, value: Syntax): Key | undefined {
  const chain = chainOf(names);
  return chain && isFixed(value) ? { names: chain, value } : undefined;
}

/** A path of nothing but names. */
function chainOf(node: Syntax): readonly string[] | undefined {
  if (node.type !== 'path' || !isBare(node) || node.keepSingletonArray) return undefined;
  const names = node.steps.map((step) => (step.type === 'name' && isBare(step) ? step.value : undefined));
  return names.every((name) => name !== undefined) ? names : undefined;
}

function isFixed(node: Syntax): boolean {
  if (!isBare(node)) return false;
  if (node.type === 'string' || node.type === 'number') return true;
  if (node.type === 'variable') return node.value !== '';
  if (node.type !== 'path' || node.keepSingletonArray) return false;
  const [first, ...rest] = node.steps;
  return first?.type === 'variable' && isFixed(first) && rest.every((step) => step.type === 'name' && isBare(step));
}

function isBare({ predicate, stages, group, tuple, focus, index, keepArray, consarray }: Syntax): boolean {
  return !predicate && !stages && !group && !tuple && focus === undefined && index === undefined && !keepArray && !consarray;
}
