// Reads the object that a module hands to `defineConnector` and its siblings, without running it.

import type { Node, ObjectExpression } from 'oxc-parser';
import type { TreeFile } from './tree.ts';

/** The objects that are first arguments of calls of the function `callee`. */
export function declaredObjects(file: TreeFile, callee: string): readonly ObjectExpression[] {
  const found: ObjectExpression[] = [];
  file.syntax.visit((node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== callee) return;
    const [argument] = node.arguments;
    if (argument?.type === 'ObjectExpression') found.push(argument);
  });
  return found;
}

/** The value behind `name: value`. */
export function propertyOf(object: ObjectExpression | undefined, name: string): Node | undefined {
  for (const part of object?.properties ?? []) if (part.type === 'Property' && keyOf(part) === name) return part.value;
  return undefined;
}

export function keyOf({ key }: { readonly key: Node }): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}
