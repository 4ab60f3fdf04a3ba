// How large and how deep a value is: whatever walks through a whole value asks first, so that none goes on for ever.

import { expressionError } from '../errors.ts';
import type { Context } from './context.ts';

/**
 * Characters that the value takes as JSON, about. Spends a step for each value within, as often as it occurs. Throws D1014 for
 * one that lies too deep or within itself, D4000 for one that is too long. `indent`: spaces for each level.
 */
export function extentOf(cx: Context, value: unknown, indent = 0, depth = 0): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  if (depth > cx.nestingMax) throw expressionError('D1014', { value: cx.nestingMax });
  const isArray = Array.isArray(value);
  const names = isArray ? undefined : Object.keys(value);
  const length = isArray ? value.length : (names as readonly string[]).length;
  cx.spend(1 + length);
  let characters = 2 + length * (indent * (depth + 1) + 1);
  for (let at = 0; at < length; at += 1) {
    const name = names?.[at];
    const inner = name === undefined ? (value as unknown[])[at] : (value as Record<string, unknown>)[name];
    characters += (name === undefined ? 0 : name.length + 3) + extentOf(cx, inner, indent, depth + 1);
    cx.requireCharacters(characters);
  }
  return characters;
}
