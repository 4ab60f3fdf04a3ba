// Finds the items of an array whose field equals a key, without looking at all of them each time.

import type { Context, Indexes, KeyIndex } from './context.ts';
import { chain } from './paths.ts';

/** Shorter arrays are looked through. */
const indexedItemsMin = 8;

/**
 * Those of `items` for which the chain of names may give `key`, in their order. All of them where no index is worth it: on the
 * first look at an array, on a short one, and where the key is no scalar.
 */
export function candidates(cx: Context, items: readonly unknown[], names: readonly string[], key: unknown): readonly unknown[] {
  if (key === undefined) return [];
  if (items.length < indexedItemsMin || !isScalar(key)) return items;
  const arrays = known((cx.indexes ??= new Map()), names);
  const entry = arrays.get(items);
  if (!entry) {
    arrays.set(items, { items: undefined });
    return items;
  }
  entry.items ??= build(cx, items, names);
  return entry.items.get(key) ?? [];
}

/** The same for what a function looks through: anything but an array is left as it is. */
export function searched(cx: Context, value: unknown, names: readonly string[], key: unknown): unknown {
  return Array.isArray(value) ? candidates(cx, value, names, key) : value;
}

function known(indexes: Indexes, names: readonly string[]): WeakMap<readonly unknown[], KeyIndex> {
  let arrays = indexes.get(names);
  if (!arrays) indexes.set(names, (arrays = new WeakMap()));
  return arrays;
}

function build(cx: Context, items: readonly unknown[], names: readonly string[]): ReadonlyMap<unknown, readonly unknown[]> {
  const index = new Map<unknown, unknown[]>();
  cx.spend(items.length);
  for (const item of items) {
    const key = chain(item, names, 0, cx);
    if (!isScalar(key)) continue;
    const found = index.get(key);
    if (found) found.push(item);
    else index.set(key, [item]);
  }
  return index;
}

/** A value that is equal to nothing but the same value: NaN is equal to nothing at all. */
function isScalar(value: unknown): boolean {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && !Number.isNaN(value))
  );
}
