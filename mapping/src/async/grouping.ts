// Grouping where keys and values may have to wait.

import type { Context } from '../runtime/context.ts';
import { gatherInto, reduced } from '../runtime/grouping.ts';
import type { Group, Pair } from '../runtime/grouping.ts';
import { isTuples, itemsOf } from '../runtime/marks.ts';
import type { Tuple } from '../runtime/marks.ts';
import { setOwn } from '../runtime/values.ts';
import type { Dictionary } from '../runtime/values.ts';

export async function group(cx: Context, input: unknown, pairs: readonly Pair[], position: number): Promise<Dictionary> {
  const withTuples = isTuples(input);
  const items = itemsOf(input);
  const groups = new Map<string, Group>();
  for (const item of items.length === 0 && !withTuples ? [undefined] : items) {
    cx.spend(1);
    const tuple = withTuples ? (item as Tuple) : undefined;
    for (const [index, pair] of pairs.entries())
      gatherInto(cx, groups, item, index, await pair.key(tuple ? tuple['@'] : item, tuple), position);
  }
  const result: Dictionary = {};
  for (const [key, { data, pair }] of groups) {
    const tuple = withTuples ? reduced(data, cx) : undefined;
    const value = await (pairs[pair] as Pair).value(tuple ? tuple['@'] : data, tuple);
    if (value !== undefined) setOwn(result, key, value);
  }
  return result;
}
