// The transform operator: a copy of a value with parts updated and deleted.

import { expressionError } from '../errors.ts';
import { invoke } from './calls.ts';
import type { Context } from './context.ts';
import { itemsOf } from './marks.ts';
import { isFunction, isObject, setOwn, toText } from './values.ts';

export interface Transform {
  readonly pattern: (value: unknown) => unknown;
  readonly update: (value: unknown) => unknown;
  readonly remove: ((value: unknown) => unknown) | undefined;
  readonly updatePosition: number;
  readonly removePosition: number;
}

/** A function that makes a changed copy; `clone` is what a host may have put in the place of the copy. */
export function transform(cx: Context, what: Transform, clone: unknown): (value: unknown) => unknown {
  return (value) => {
    if (value === undefined) return undefined;
    const copy = isFunction(clone) ? invoke(cx, clone, [value]) : (JSON.parse(toText(value)) as unknown);
    const matches = what.pattern(copy);
    for (const match of matches === undefined ? [] : itemsOf(matches)) {
      cx.spend(1);
      update(match, what.update(match), what.updatePosition);
      if (what.remove) remove(match, what.remove(match), what.removePosition);
    }
    return copy;
  };
}

function update(match: unknown, changes: unknown, position: number): void {
  if (changes === undefined) return;
  if (!isObject(changes)) throw expressionError('T2011', { position, value: changes });
  if (typeof match !== 'object' || match === null) return;
  for (const [name, value] of Object.entries(changes)) setOwn(match as Record<string, unknown>, name, value);
}

function remove(match: unknown, names: unknown, position: number): void {
  if (names === undefined) return;
  const all = itemsOf(names);
  if (!all.every((name) => typeof name === 'string')) throw expressionError('T2012', { position, value: names });
  if (typeof match !== 'object' || match === null) return;
  for (const name of all) delete (match as Record<string, unknown>)[name];
}
