// Paths that carry bindings along: `@`, `#` and the parent operator.

import type { Context } from './context.ts';
import { candidates } from './indexes.ts';
import { isTuples, itemsOf, mark, sequence, sequenceMark, tupleMark } from './marks.ts';
import type { Tuple } from './marks.ts';
import { itemAt, selected } from './paths.ts';
import { sortStep } from './sorting.ts';
import type { Term } from './sorting.ts';

export type InTuple = (context: unknown, tuple: Tuple | undefined) => unknown;

/** What follows a step: a filter (by a predicate or an index), or a binding of the position. */
export type TupleStage = { readonly test: InTuple } | { readonly at: number } | { readonly index: string };

export interface TupleStep {
  readonly run?: InTuple;
  readonly sort?: { readonly terms: readonly Term[]; readonly position: number };
  readonly stages: readonly TupleStage[];
  /** What the first stage asks of an item: that its names give this value. */
  readonly key?: { readonly names: readonly string[]; readonly of: InTuple };
  readonly focus?: string | undefined;
  readonly index?: string | undefined;
  readonly ancestor?: string | undefined;
}

/** Runs steps over the values of `input`; gives tuples. */
export function tuplePath(cx: Context, input: unknown, steps: readonly TupleStep[]): unknown[] {
  let tuples: readonly Tuple[] | undefined;
  for (const step of steps) {
    const made = step.sort ? sorted(cx, tuples, input, step, step.sort) : expanded(cx, tuples ?? itemsOf(input).map(alone), step);
    tuples = staged(cx, made, step.stages);
  }
  return mark([...(tuples ?? [])], sequenceMark | tupleMark);
}

export function alone(value: unknown): Tuple {
  return bound({}, '@', value);
}

export function bound(tuple: Tuple, name: string, value: unknown): Tuple {
  const next = Object.assign(Object.create(null) as Tuple, tuple);
  next[name] = value;
  return next;
}

function sorted(
  cx: Context,
  tuples: readonly Tuple[] | undefined,
  input: unknown,
  { index }: TupleStep,
  { terms, position }: NonNullable<TupleStep['sort']>,
): readonly Tuple[] {
  if (tuples) return sortStep(cx, mark([...tuples], tupleMark), terms, position) as Tuple[];
  const items = sortStep(cx, input, terms, position) as unknown[];
  return items.map((item, at) => (index === undefined ? alone(item) : bound(alone(item), index, at)));
}

function expanded(cx: Context, tuples: readonly Tuple[], step: TupleStep): readonly Tuple[] {
  const made: Tuple[] = [];
  for (const tuple of tuples) {
    cx.spend(1);
    const found = step.run?.(tuple['@'], tuple);
    if (found === undefined) continue;
    const inner = isTuples(found);
    const { key } = inner ? {} : step;
    const items = key ? candidates(cx, itemsOf(found), key.names, key.of(tuple['@'], tuple)) : itemsOf(found);
    cx.requireItems(made.length + items.length);
    cx.spend(items.length);
    for (const [at, value] of items.entries())
      made.push(inner ? Object.assign(bound(tuple, '@', undefined), value) : nextTuple(tuple, value, at, step));
  }
  return made;
}

export function nextTuple(tuple: Tuple, value: unknown, at: number, { focus, index, ancestor }: TupleStep): Tuple {
  const next = focus === undefined ? bound(tuple, '@', value) : bound(tuple, focus, value);
  if (index !== undefined) next[index] = at;
  if (ancestor !== undefined) next[ancestor] = tuple['@'];
  return next;
}

function staged(cx: Context, tuples: readonly Tuple[], stages: readonly TupleStage[]): readonly Tuple[] {
  let current = tuples;
  for (const stage of stages) {
    cx.spendItems(current.length);
    if ('index' in stage) current = current.map((tuple, at) => bound(tuple, stage.index, at));
    else if ('at' in stage) current = itemAt(mark([...current], tupleMark), stage.at) as Tuple[];
    else current = filtered(cx, current, stage.test);
  }
  return current;
}

function filtered(cx: Context, tuples: readonly Tuple[], test: InTuple): readonly Tuple[] {
  const kept: Tuple[] = [];
  for (const [at, tuple] of tuples.entries()) {
    cx.spend(1);
    for (let times = selected(cx, test(tuple['@'], tuple), at, tuples.length); times > 0; times -= 1) kept.push(tuple);
  }
  return kept;
}

/** What a predicate selects of a value that may be tuples. */
export function filterTuples(cx: Context, value: unknown, test: InTuple): unknown[] {
  if (isTuples(value)) return mark([...filtered(cx, value, test)], sequenceMark | tupleMark);
  const items = itemsOf(value);
  cx.spend(items.length);
  return sequence(
    items.flatMap((item, at) => Array.from({ length: selected(cx, test(item, undefined), at, items.length) }, () => item)),
  );
}

/** The values of tuples, as a sequence that is not collapsed yet. */
export function valuesOf(tuples: readonly Tuple[]): unknown[] {
  return sequence(tuples.map((tuple) => tuple['@']));
}
