// The transform operator: a copy of a value with parts updated and deleted.

import { expressionError } from '../errors.ts';
import { invoke, signed } from './calls.ts';
import type { Context } from './context.ts';
import { itemsOf } from './marks.ts';
import { Signature } from './signature.ts';
import { isFunction, isObject, setOwn, toText } from './values.ts';
import type { FunctionValue } from './values.ts';

export interface Transform {
  readonly pattern: (value: unknown) => unknown;
  readonly update: (value: unknown) => unknown;
  readonly remove: ((value: unknown) => unknown) | undefined;
  readonly updatePosition: number;
  readonly removePosition: number;
}

const transformSignature = new Signature('<(oa):o>');

/** The transform as a function value. Throws T2013 where the host's `clone` is no function. */
export function transformerWith(
  make: (cx: Context, what: Transform, clone: unknown) => (value: unknown) => unknown,
  cx: Context,
  what: Transform,
  clone: unknown,
  position: number,
): FunctionValue {
  if (clone !== undefined && !isFunction(clone)) throw expressionError('T2013', { position, value: clone });
  return signed(make(cx, what, clone) as FunctionValue, transformSignature);
}

/** A function that makes a changed copy; `clone` is what a host may have put in the place of the copy. */
export function transform(cx: Context, what: Transform, clone: unknown): (value: unknown) => unknown {
  return (value) => {
    if (value === undefined) return undefined;
    const copy = isFunction(clone) ? invoke(cx, clone, [value]) : copyOf(cx, value);
    const matches = what.pattern(copy);
    for (const match of matches === undefined ? [] : itemsOf(matches)) {
      cx.spend(1);
      update(cx, match, what.update(match), what.updatePosition);
      if (what.remove) remove(cx, match, what.remove(match), what.removePosition);
    }
    return copy;
  };
}

export function copyOf(cx: Context, value: unknown): unknown {
  return JSON.parse(toText(cx, value));
}

export function update(cx: Context, match: unknown, changes: unknown, position: number): void {
  if (changes === undefined) return;
  if (!isObject(changes)) throw expressionError('T2011', { position, value: changes });
  if (typeof match !== 'object' || match === null) return;
  const changed = Object.entries(changes);
  cx.spend(changed.length);
  for (const [name, value] of changed) setOwn(match as Record<string, unknown>, name, value);
  forgetIndexes(cx);
}

export function remove(cx: Context, match: unknown, names: unknown, position: number): void {
  if (names === undefined) return;
  const all = itemsOf(names);
  cx.spend(all.length);
  if (!all.every((name) => typeof name === 'string')) throw expressionError('T2012', { position, value: names });
  if (typeof match !== 'object' || match === null) return;
  for (const name of all) delete (match as Record<string, unknown>)[name];
  forgetIndexes(cx);
}

/** Fields have changed: what was noted of arrays holds no longer. */
function forgetIndexes(cx: Context): void {
  cx.indexes?.clear();
}
