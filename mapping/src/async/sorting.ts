// Sorting where keys and comparisons may have to wait.

import type { Context } from '../runtime/context.ts';
import { isTuples, itemsOf, sequence } from '../runtime/marks.ts';
import type { Tuple } from '../runtime/marks.ts';
import { orderOf } from '../runtime/sorting.ts';
import type { Decorated, Term } from '../runtime/sorting.ts';

export async function sortStep(cx: Context, input: unknown, terms: readonly Term[], position: number): Promise<unknown> {
  const items = itemsOf(input);
  if (items.length <= 1) return sequence([...items]);
  const withTuples = isTuples(input);
  const keyOf = async (decorated: Decorated, at: number): Promise<unknown> => {
    if (at < decorated.keys.length) return decorated.keys[at];
    const tuple = withTuples ? (decorated.item as Tuple) : undefined;
    const key = await (terms[at] as Term).key(tuple ? tuple['@'] : decorated.item, tuple);
    decorated.keys.push(key);
    return key;
  };
  const decorated = items.map((item): Decorated => ({ item, keys: [] }));
  cx.spend(items.length * terms.length * Math.ceil(Math.log2(items.length)));
  const sorted = await mergeSort(decorated, async (left, right) => {
    for (let at = 0; at < terms.length; at += 1) {
      const order = orderOf(await keyOf(left, at), await keyOf(right, at), (terms[at] as Term).isDescending, position);
      if (order !== 0) return order > 0;
    }
    return false;
  });
  return sorted.map(({ item }) => item);
}

type IsAfter<T> = (left: T, right: T) => Promise<boolean>;

export async function mergeSort<T>(items: readonly T[], isAfter: IsAfter<T>): Promise<T[]> {
  if (items.length <= 1) return [...items];
  const middle = Math.floor(items.length / 2);
  const left = await mergeSort(items.slice(0, middle), isAfter);
  const right = await mergeSort(items.slice(middle), isAfter);
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length)
    merged.push((await isAfter(left[l] as T, right[r] as T)) ? (right[r++] as T) : (left[l++] as T));
  return [...merged, ...left.slice(l), ...right.slice(r)];
}
