// What JSONata knows of an array beyond its items: whether it is a sequence, and how it behaves in the next step.

/** A base whose constructor gives back what it was handed, so that a private field can be put on an array. */
class Handed {
  constructor(items: readonly unknown[]) {
    // oxlint-disable-next-line no-constructor-return -- the one way to put a private field on an object of another class
    return items as unknown as Handed;
  }
}

/** The marks of an array, in a private field: neither keys, nor JSON, nor comparison, nor copies see them. */
class Marks extends Handed {
  #bits = 0;

  static of(items: readonly unknown[]): number {
    return #bits in items ? (items as unknown as Marks).#bits : 0;
  }

  static set(items: readonly unknown[], bits: number): void {
    if (!(#bits in items)) new Marks(items);
    (items as unknown as Marks).#bits = bits;
  }
}

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

/** A value with the bindings that travel along a path; the value stands under `@`. */
export type Tuple = Record<string, unknown>;

export function marksOf(items: readonly unknown[]): number {
  return Marks.of(items);
}

export function mark<T extends unknown[]>(items: T, which: number): T {
  Marks.set(items, Marks.of(items) | which);
  return items;
}

export function isSequence(value: unknown): value is unknown[] {
  return Array.isArray(value) && (marksOf(value) & sequenceMark) !== 0;
}

export function isTuples(value: unknown): value is Tuple[] {
  return Array.isArray(value) && (marksOf(value) & tupleMark) !== 0;
}

/** A new sequence of these items. */
export function sequence(items: unknown[]): unknown[] {
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

/** Takes the marks away, at any depth: what they said is over when an evaluation ends. */
export function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value) && Marks.of(value) !== 0) Marks.set(value, 0);
  for (const one of Object.values(value)) unmarked(one);
  return value;
}
