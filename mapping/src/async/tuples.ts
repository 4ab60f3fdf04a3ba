// Paths that carry bindings along, where steps may have to wait.

import type { Context } from '../runtime/context.ts';
import { candidates } from '../runtime/indexes.ts';
import { isTuples, itemsOf, mark, sequence, sequenceMark, tupleMark } from '../runtime/marks.ts';
import type { Tuple } from '../runtime/marks.ts';
import { itemAt, selected } from '../runtime/paths.ts';
import { alone, bound, nextTuple } from '../runtime/tuples.ts';
import type { InTuple, TupleStage, TupleStep } from '../runtime/tuples.ts';
import { sortStep } from './sorting.ts';

export async function tuplePath(cx: Context, input: unknown, steps: readonly TupleStep[]): Promise<unknown[]> {
  let tuples: readonly Tuple[] | undefined;
  for (const step of steps) {
    const made = step.sort
      ? await sorted(cx, tuples, input, step, step.sort)
      : await expanded(cx, tuples ?? itemsOf(input).map(alone), step);
    tuples = await staged(cx, made, step.stages);
  }
  return mark([...(tuples ?? [])], sequenceMark | tupleMark);
}

async function sorted(
  cx: Context,
  tuples: readonly Tuple[] | undefined,
  input: unknown,
  { index }: TupleStep,
  { terms, position }: NonNullable<TupleStep['sort']>,
): Promise<readonly Tuple[]> {
  if (tuples) return (await sortStep(cx, mark([...tuples], tupleMark), terms, position)) as Tuple[];
  const items = (await sortStep(cx, input, terms, position)) as unknown[];
  return items.map((item, at) => (index === undefined ? alone(item) : bound(alone(item), index, at)));
}

async function expanded(cx: Context, tuples: readonly Tuple[], step: TupleStep): Promise<readonly Tuple[]> {
  const made: Tuple[] = [];
  for (const tuple of tuples) {
    cx.spend(1);
    const found = await step.run?.(tuple['@'], tuple);
    if (found === undefined) continue;
    const inner = isTuples(found);
    const { key } = inner ? {} : step;
    const items = key ? candidates(cx, itemsOf(found), key.names, await key.of(tuple['@'], tuple)) : itemsOf(found);
    cx.requireItems(made.length + items.length);
    cx.spend(items.length);
    for (const [at, value] of items.entries())
      made.push(inner ? Object.assign(bound(tuple, '@', undefined), value) : nextTuple(tuple, value, at, step));
  }
  return made;
}

async function staged(cx: Context, tuples: readonly Tuple[], stages: readonly TupleStage[]): Promise<readonly Tuple[]> {
  let current = tuples;
  for (const stage of stages) {
    cx.spendItems(current.length);
    if ('index' in stage) current = current.map((tuple, at) => bound(tuple, stage.index, at));
    else if ('at' in stage) current = itemAt(mark([...current], tupleMark), stage.at) as Tuple[];
    else current = await filtered(cx, current, stage.test);
  }
  return current;
}

async function filtered(cx: Context, tuples: readonly Tuple[], test: InTuple): Promise<readonly Tuple[]> {
  const kept: Tuple[] = [];
  for (const [at, tuple] of tuples.entries()) {
    cx.spend(1);
    const answer = await test(tuple['@'], tuple);
    for (let times = selected(cx, answer, at, tuples.length); times > 0; times -= 1) kept.push(tuple);
  }
  return kept;
}

export async function filterTuples(cx: Context, value: unknown, test: InTuple): Promise<unknown[]> {
  if (isTuples(value)) return mark([...(await filtered(cx, value, test))], sequenceMark | tupleMark);
  const items = itemsOf(value);
  const kept: unknown[] = [];
  for (const [at, item] of items.entries()) {
    cx.spend(1);
    for (let times = selected(cx, await test(item, undefined), at, items.length); times > 0; times -= 1) kept.push(item);
  }
  return sequence(kept);
}
