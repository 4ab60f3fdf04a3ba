// Steps of a path over many values: names, filters, flattening.

import type { Context } from './context.ts';
import { constructedMark, isSequence, itemsOf, keepMark, mark, marksOf, sequence, sequenceMark, tupleMark } from './marks.ts';
import { addAll, isNumber, isTrue, lookupStep, ownReader } from './values.ts';

/**
 * The rest of a chain of names, from the name at `from`, over a value that is not a plain object. Gives what the path gives,
 * collapsed: an array of the input that is its only result stays as it is.
 */
export function chain(value: unknown, names: readonly string[], from: number, cx: Context): unknown {
  let current = value;
  for (let at = from; at < names.length; at += 1) {
    if (current === undefined || current === null) return undefined;
    const found = step(current, names[at] as string, cx);
    if (at === names.length - 1) return lastOf(cx, found);
    const flat = flattenOnce(cx, found);
    if (flat.length === 0) return undefined;
    current = flat;
  }
  return current;
}

/** The same where further steps follow: what is found is one value, or a sequence of several. */
export function chainOn(value: unknown, names: readonly string[], from: number, cx: Context): unknown {
  let current = value;
  for (let at = from; at < names.length; at += 1) {
    if (current === undefined || current === null) return undefined;
    const flat = flattenOnce(cx, step(current, names[at] as string, cx));
    current = flat.length === 0 ? undefined : flat;
  }
  return current;
}

function step(value: unknown, name: string, cx: Context): unknown[] {
  const found: unknown[] = [];
  const items = itemsOf(value);
  cx.spend(items.length);
  const read = ownReader(name);
  for (const item of items) {
    const one = Array.isArray(item) ? lookupStep(cx, item, name) : read(item, name);
    if (one !== undefined) found.push(one);
  }
  return found;
}

/** What the last step of a path gives: one array of the input is left alone, anything else becomes a sequence. Not collapsed. */
export function lastStep(cx: Context, found: unknown[]): unknown[] {
  const [only] = found;
  if (found.length === 1 && Array.isArray(only) && !isSequence(only)) return only as unknown[];
  return sequence(found.some(Array.isArray) ? flattenOnce(cx, found) : found);
}

/** The same, collapsed, for a reader that does not ask whether several values are a sequence: they need no marks then. */
export function collapsed(cx: Context, found: unknown[]): unknown {
  for (const one of found) if (Array.isArray(one)) return lastOf(cx, found);
  return found.length > 1 ? found : found[0];
}

function lastOf(cx: Context, found: unknown[]): unknown {
  const last = lastStep(cx, found);
  if (!isSequence(last)) return last;
  return last.length === 0 ? undefined : last.length === 1 && (marksOf(last) & keepMark) === 0 ? last[0] : last;
}

/** A sequence that an object has kept as a list of one is its item where a path reads it. */
export function reread(value: unknown, cx: Context): unknown {
  return Array.isArray(value) && isSequence(value) ? lastOf(cx, [value]) : value;
}

function flattenOnce(cx: Context, found: readonly unknown[]): unknown[] {
  const flat: unknown[] = [];
  for (const one of found) pushFlat(cx, flat, one);
  return flat;
}

/** Adds what a step gave for one item: the items of an array, unless an array constructor made it. */
export function pushFlat(cx: Context, into: unknown[], value: unknown): void {
  if (!Array.isArray(value) || (marksOf(value) & constructedMark) !== 0) into.push(value);
  else addAll(cx, into, value);
}

/** Adds the items of an array, or the value. Throws D2015 where there are too many then. */
export function pushItems(cx: Context, into: unknown[], value: unknown): void {
  if (Array.isArray(value)) addAll(cx, into, value);
  else into.push(value);
}

/** The item at an index, counted from the end where it is below zero; a sequence, or the item where it is an array itself. */
export function itemAt(value: unknown, index: number): unknown[] {
  const items = itemsOf(value);
  const whole = Math.floor(index);
  const item = items[whole < 0 ? items.length + whole : whole];
  if (Array.isArray(item)) return item as unknown[];
  const found = sequence(item === undefined ? [] : [item]);
  return Array.isArray(value) && (marksOf(value) & tupleMark) !== 0 ? mark(found, tupleMark) : found;
}

/** How often a predicate that gave `answer` selects the item at `index` of `length`. */
export function selected(cx: Context, answer: unknown, index: number, length: number): number {
  if (answer === true) return 1;
  if (answer === false || answer === undefined) return 0;
  if (typeof answer === 'number' && isNumber(answer)) return isIndex(answer, index, length) ? 1 : 0;
  if (Array.isArray(answer)) cx.spend(answer.length);
  if (Array.isArray(answer) && answer.every(isNumber))
    return (answer as number[]).filter((one) => isIndex(one, index, length)).length;
  return isTrue(cx, answer) ? 1 : 0;
}

function isIndex(answer: number, index: number, length: number): boolean {
  const whole = Math.floor(answer);
  return (whole < 0 ? length + whole : whole) === index;
}

/** The context of each pair of an object: a value as it is, the values of a sequence together. */
export function together(cx: Context, input: unknown): unknown {
  if (!Array.isArray(input)) return input;
  if (input.length <= 1) return (input as unknown[])[0];
  const all: unknown[] = [];
  for (const item of input) if (item !== undefined) pushItems(cx, all, item);
  return all;
}

/** Keeps a path's result an array, as `[]` asks for. */
export function kept(value: unknown): unknown {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return mark([value], sequenceMark | keepMark);
  if ((marksOf(value) & constructedMark) !== 0 && !isSequence(value)) return mark([value], sequenceMark | keepMark);
  return isSequence(value) ? (value.length === 0 ? undefined : mark(value, keepMark)) : value;
}
