// Objects whose keys are computed, and grouping: values that share a key come together.

import { expressionError } from '../errors.ts';
import type { Context } from './context.ts';
import { isTuples, itemsOf } from './marks.ts';
import type { Tuple } from './marks.ts';
import { addAll, append, setOwn } from './values.ts';
import type { Dictionary } from './values.ts';

/** One pair: the key and the value for a context, and for the bindings of a tuple. */
export interface Pair {
  readonly key: (context: unknown, tuple: Tuple | undefined) => unknown;
  readonly value: (context: unknown, tuple: Tuple | undefined) => unknown;
}

export interface Group {
  data: unknown;
  readonly pair: number;
}

const reserved = new Set(['_jsonata_lambda', '_jsonata_function']);

/** Groups the items of `input` by the keys that the pairs give for them, and makes one object of the groups' values. */
export function group(cx: Context, input: unknown, pairs: readonly Pair[], position: number): Dictionary {
  const withTuples = isTuples(input);
  const items = itemsOf(input);
  const groups = new Map<string, Group>();
  for (const item of items.length === 0 && !withTuples ? [undefined] : items) {
    cx.spend(1);
    const tuple = withTuples ? (item as Tuple) : undefined;
    for (const [index, pair] of pairs.entries())
      gatherInto(cx, groups, item, index, pair.key(tuple ? tuple['@'] : item, tuple), position);
  }
  const result: Dictionary = {};
  for (const [key, { data, pair }] of groups) {
    const tuple = withTuples ? reduced(data, cx) : undefined;
    const value = (pairs[pair] as Pair).value(tuple ? tuple['@'] : data, tuple);
    if (value !== undefined) setOwn(result, key, value);
  }
  return result;
}

/** Puts an item into the group of its key. Throws T1003, D1013, D1009. */
export function gatherInto(
  cx: Context,
  groups: Map<string, Group>,
  item: unknown,
  index: number,
  key: unknown,
  position: number,
): void {
  if (key === undefined) return;
  if (typeof key !== 'string') throw expressionError('T1003', { position, value: key });
  if (reserved.has(key)) throw expressionError('D1013', { position, value: key });
  const known = groups.get(key);
  if (!known) groups.set(key, { data: item, pair: index });
  else if (known.pair === index) known.data = joined(cx, known.data, item);
  else throw expressionError('D1009', { position, value: key });
}

/** Arrays that were made here grow in place: a group of many does not copy itself again and again. */
const grown = new WeakSet<unknown[]>();

function joined(cx: Context, data: unknown, item: unknown): unknown {
  if (Array.isArray(data) && grown.has(data) && item !== undefined) {
    cx.requireItems(data.length + 1);
    if (Array.isArray(item)) addAll(cx, data, item);
    else data.push(item);
    return data;
  }
  const both = append(cx, data, item);
  if (Array.isArray(both) && both !== data) grown.add(both);
  return both;
}

/** The tuples of a group as one: of each binding all values. */
export function reduced(data: unknown, cx: Context): Tuple {
  if (!Array.isArray(data)) return data as Tuple;
  const columns: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [index, tuple] of (data as Tuple[]).entries()) {
    for (const name of Object.keys(tuple)) columns[name] = index === 0 ? tuple[name] : joined(cx, columns[name], tuple[name]);
  }
  return columns;
}
