// What JSONata knows of an array beyond its items: whether it is a sequence, and how it behaves in the next step.

/** Carries the marks. A symbol, so that neither JSON nor a look at the keys shows it. */
const marks: unique symbol = Symbol('jsonata');

/** A result of several values: it collapses to nothing or to its only value. */
export const sequenceMark = 1;
/** A sequence that stays an array when it holds one value. */
export const keepMark = 2;
/** Made by an array constructor within a path: the next step does not flatten it. */
export const constructedMark = 4;
/** Holds the input of the whole expression, which is an array itself. */
export const outerMark = 8;
/** Its items are tuples: values with the bindings that travel along a path. */
export const tupleMark = 16;

export type Items = unknown[] & { [marks]?: number };
/** A value with the bindings that travel along a path; the value stands under `@`. */
export type Tuple = Record<string, unknown>;

export function marksOf(items: readonly unknown[]): number {
  return (items as Items)[marks] ?? 0;
}

export function mark<T extends unknown[]>(items: T, which: number): T {
  const marked = items as Items;
  marked[marks] = (marked[marks] ?? 0) | which;
  return items;
}

export function isSequence(value: unknown): value is Items {
  return Array.isArray(value) && (marksOf(value) & sequenceMark) !== 0;
}

export function isTuples(value: unknown): value is Tuple[] {
  return Array.isArray(value) && (marksOf(value) & tupleMark) !== 0;
}

/** A new sequence of these items. */
export function sequence(items: unknown[]): Items {
  return mark(items, sequenceMark);
}

/** Collapses an array that was gathered as a sequence: nothing, its only value, or the array. */
export function finish(items: unknown[]): unknown {
  if (items.length > 1) return mark(items, sequenceMark);
  return items.length === 0 ? undefined : items[0];
}

/** The same where one value is to stay an array. */
export function finishKept(items: unknown[]): unknown {
  return items.length === 0 ? undefined : mark(items, sequenceMark | keepMark);
}

/** Collapses a value that may be a sequence. */
export function normalize(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const found = marksOf(value);
  if ((found & sequenceMark) === 0 || (found & tupleMark) !== 0) return value;
  if (value.length === 0) return undefined;
  return value.length === 1 && (found & keepMark) === 0 ? (value[0] as unknown) : value;
}

/** The same where the expression asks for an array. */
export function normalizeKept(value: unknown): unknown {
  if (isSequence(value) && (marksOf(value) & tupleMark) === 0) mark(value, keepMark);
  return normalize(value);
}

/** The values a step or a filter runs over. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
