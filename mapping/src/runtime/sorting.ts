// Sorting: by the terms of a sort step, or by a function.

import { expressionError } from '../errors.ts';
import type { Context } from './context.ts';
import { isTuples, itemsOf, sequence } from './marks.ts';
import type { Tuple } from './marks.ts';

/** One term of a sort step. */
export interface Term {
  readonly isDescending: boolean;
  readonly key: (context: unknown, tuple: Tuple | undefined) => unknown;
}

export interface Decorated {
  readonly item: unknown;
  readonly keys: unknown[];
}

/** The items in order of the terms; stable. Fewer than two stay as they are, also as a sequence. */
export function sortStep(cx: Context, input: unknown, terms: readonly Term[], position: number): unknown {
  const items = itemsOf(input);
  if (items.length <= 1) return sequence([...items]);
  const withTuples = isTuples(input);
  const keyOf = (decorated: Decorated, at: number): unknown => {
    if (at < decorated.keys.length) return decorated.keys[at];
    const tuple = withTuples ? (decorated.item as Tuple) : undefined;
    const key = (terms[at] as Term).key(tuple ? tuple['@'] : decorated.item, tuple);
    decorated.keys.push(key);
    return key;
  };
  const decorated = items.map((item): Decorated => ({ item, keys: [] }));
  cx.spend(items.length * terms.length * Math.ceil(Math.log2(items.length)));
  decorated.sort((left, right) => {
    for (let at = 0; at < terms.length; at += 1) {
      const order = orderOf(keyOf(left, at), keyOf(right, at), (terms[at] as Term).isDescending, position);
      if (order !== 0) return order;
    }
    return 0;
  });
  return decorated.map(({ item }) => item);
}

/** Below zero, zero or above, as the two keys of a term go. */
export function orderOf(left: unknown, right: unknown, isDescending: boolean, position: number): number {
  const order = compareKeys(left, right, position);
  return isDescending && !isLast(left, right) ? -order : order;
}

/** Nothing comes last, whichever way the term goes. */
function isLast(left: unknown, right: unknown): boolean {
  return left === undefined || right === undefined;
}

function compareKeys(left: unknown, right: unknown, position: number): number {
  if (left === undefined) return right === undefined ? 0 : 1;
  if (right === undefined) return -1;
  if (!isSortable(left) || !isSortable(right))
    throw expressionError('T2008', { position, token: '^', value: isSortable(left) ? right : left });
  if (typeof left !== typeof right) throw expressionError('T2007', { position, token: '^', value: left, other: right });
  return left === right ? 0 : left < right ? -1 : 1;
}

function isSortable(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Sorts by halves; `isAfter` says whether the first belongs behind the second. Asks for the same pairs in the same order always. */
export function mergeSort(items: readonly unknown[], isAfter: (left: unknown, right: unknown) => boolean): unknown[] {
  if (items.length <= 1) return [...items];
  const middle = Math.floor(items.length / 2);
  return merge(mergeSort(items.slice(0, middle), isAfter), mergeSort(items.slice(middle), isAfter), isAfter);
}

function merge(
  left: readonly unknown[],
  right: readonly unknown[],
  isAfter: (left: unknown, right: unknown) => boolean,
): unknown[] {
  const merged: unknown[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    if (isAfter(left[l], right[r])) merged.push(right[r++]);
    else merged.push(left[l++]);
  }
  while (l < left.length) merged.push(left[l++]);
  while (r < right.length) merged.push(right[r++]);
  return merged;
}
