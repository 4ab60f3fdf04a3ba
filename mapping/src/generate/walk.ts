// Looks through a syntax tree: what a frame binds, which bindings travel along a path.

import type { Syntax } from '../syntax.ts';

const knownParts = new WeakMap<Syntax, readonly Syntax[]>();

/** The parts of a node that are expressions themselves, whatever its type. Each walk through a tree asks for them. */
export function partsOf(node: Syntax): readonly Syntax[] {
  const parts = knownParts.get(node) ?? foundParts(node);
  knownParts.set(node, parts);
  return parts;
}

function foundParts(node: Syntax): readonly Syntax[] {
  const parts: Syntax[] = [];
  for (const [name, part] of Object.entries(node))
    if (name !== 'signature' && name !== 'slot' && name !== 'ancestor') collect(part, parts);
  return parts;
}

function collect(part: unknown, parts: Syntax[]): void {
  if (Array.isArray(part)) for (const one of part) collect(one, parts);
  else if (typeof part === 'object' && part !== null && !(part instanceof RegExp)) {
    const { type } = part as { readonly type?: unknown };
    if (typeof type === 'string' && type !== 'filter' && type !== 'index') parts.push(part as Syntax);
    else for (const one of Object.values(part)) collect(one, parts);
  }
}

/** The names that `:=` binds in the frame to which `nodes` belong: not those of blocks, functions and tuples within. */
export function bindsOf(nodes: readonly Syntax[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes) gatherBinds(node, names);
  return names;
}

function gatherBinds(node: Syntax, names: Set<string>): void {
  if (node.type === 'block' || (node.type === 'lambda' && !node.thunk)) return;
  if (node.type === 'bind') names.add(node.lhs.value);
  if (node.type === 'path' && node.steps.some(({ tuple }) => tuple)) {
    const from = node.steps.findIndex(({ tuple }) => tuple);
    for (const step of node.steps.slice(0, from)) gatherBinds(step, names);
    return;
  }
  for (const part of partsOf(node)) gatherBinds(part, names);
}

/** All names that may travel with the tuples of a path. */
export function tupleNames(node: Syntax, names = new Set<string>()): ReadonlySet<string> {
  if (node.focus !== undefined) names.add(node.focus);
  if (node.index !== undefined) names.add(node.index);
  if (node.ancestor) names.add(node.ancestor.label);
  for (const stage of node.stages ?? []) if (stage.type === 'index') names.add(stage.value);
  for (const part of partsOf(node)) tupleNames(part, names);
  return names;
}

/** Whether arrays may be constructed within a path: those are marked. */
export function constructs(node: Syntax): boolean {
  return node.consarray === true || isNamed(node, 'eval') || partsOf(node).some(constructs);
}

function isNamed(node: Syntax, name: string): boolean {
  return node.type === 'variable' && node.value === name;
}

/** So often a value may be put into another by straight code: what comes of it is no larger than a small power of the expression. */
const nestingsMax = 3;

/** Whether a result may be far larger or deeper than the expression and its input. */
export function isGrowing(root: Syntax, natives: ReadonlyMap<string, unknown>): boolean {
  let nestings = 0;
  const visit = (node: Syntax): boolean => {
    if (node.type === 'transform' || node.type === 'partial' || isNamed(node, 'eval') || isNamed(node, 'reduce')) return true;
    if (node.type === 'function' && (node.procedure.type !== 'variable' || !natives.has(node.procedure.value))) return true;
    if (node.type === 'apply' && node.rhs.type !== 'function') return true;
    if (node.type === 'bind' || node.group) nestings += 1;
    if (node.type === 'path')
      nestings += node.steps.filter(({ type }) => type === 'unary' || type === 'block' || type === 'condition').length;
    return nestings > nestingsMax || partsOf(node).some(visit);
  };
  return visit(root);
}
