// Functions of arrays and objects.

import { expressionError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';
import { isSequence, sequence } from '../runtime/marks.ts';
import {
  append as appended,
  isEqual,
  isFunction,
  isNumber,
  isObject,
  isTrue,
  lookup as looked,
  setOwn,
} from '../runtime/values.ts';
import type { Dictionary } from '../runtime/values.ts';

export function keys(cx: Context, value: unknown): unknown {
  const names = new Set<string>();
  gatherKeys(cx, value, names);
  return sequence([...names]);
}

function gatherKeys(cx: Context, value: unknown, names: Set<string>): void {
  cx.spend(1);
  cx.requireItems(names.size);
  if (Array.isArray(value)) for (const item of value) gatherKeys(cx, item, names);
  else if (isObject(value)) for (const name of keysOf(cx, value)) names.add(name);
}

/** The names of an object's fields; each is counted. */
function keysOf(cx: Context, value: object): readonly string[] {
  const names = Object.keys(value);
  cx.spend(names.length);
  return names;
}

export function lookup(cx: Context, value: unknown, name: string): unknown {
  const found = looked(cx, value, name);
  return Array.isArray(value) ? sequence(found as unknown[]) : found;
}

export function append(cx: Context, first: unknown, second: unknown): unknown {
  return appended(cx, first, second);
}

export function exists(_cx: Context, value: unknown): boolean {
  return value !== undefined;
}

/** An object with several fields as several objects of one field each. */
export function spread(cx: Context, value: unknown): unknown {
  if (!Array.isArray(value) && !isObject(value)) return value;
  const parts: unknown[] = [];
  spreadInto(cx, value, parts);
  return Array.isArray(value) && value.length > 0 ? parts : sequence(parts);
}

function spreadInto(cx: Context, value: unknown, parts: unknown[]): void {
  cx.spend(1);
  if (Array.isArray(value)) for (const item of value) spreadInto(cx, item, parts);
  else if (isObject(value)) for (const name of keysOf(cx, value)) parts.push(pair(name, value[name]));
  else if (value !== undefined) parts.push(value);
  cx.requireItems(parts.length);
}

function pair(name: string, value: unknown): Dictionary {
  const one: Dictionary = {};
  setOwn(one, name, value);
  return one;
}

export function merge(cx: Context, objects: readonly Dictionary[] | undefined): Dictionary | undefined {
  if (objects === undefined) return undefined;
  const result: Dictionary = {};
  for (const one of objects) if (isObject(one)) for (const name of keysOf(cx, one)) setOwn(result, name, one[name]);
  return result;
}

export function reverse(_cx: Context, values: readonly unknown[] | undefined): readonly unknown[] | undefined {
  return values === undefined || values.length <= 1 ? values : [...values].reverse();
}

export function shuffle(_cx: Context, values: readonly unknown[] | undefined): readonly unknown[] | undefined {
  if (values === undefined || values.length <= 1) return values;
  const result = [...values];
  for (let at = result.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [result[at], result[other]] = [result[other], result[at]];
  }
  return result;
}

/** The first of equal values. Scalars are found by a set, so that many do not take quadratic time. */
export function distinct(cx: Context, values: unknown): unknown {
  if (!Array.isArray(values) || values.length <= 1) return values;
  const scalars = new Set<unknown>();
  const compounds: unknown[] = [];
  const result = values.filter((value: unknown) => {
    if (typeof value !== 'object' || value === null) return isNew(scalars, value);
    cx.spend(compounds.length);
    if (compounds.some((known) => isEqual(cx, value, known))) return false;
    compounds.push(value);
    return true;
  });
  return isSequence(values) ? sequence(result) : result;
}

function isNew(known: Set<unknown>, value: unknown): boolean {
  if (known.has(value) && !Number.isNaN(value)) return false;
  known.add(value);
  return true;
}

export function zip(cx: Context, ...arrays: readonly unknown[]): unknown[] {
  const lengths = arrays.map((array) => (Array.isArray(array) ? array.length : 0));
  const length = lengths.length === 0 ? 0 : Math.min(...lengths);
  cx.spend(length * arrays.length);
  return Array.from({ length }, (_, at) => arrays.map((array) => (array as unknown[])[at]));
}

export function boolean(cx: Context, value: unknown): boolean | undefined {
  return value === undefined ? undefined : isTrue(cx, value);
}

export function not(cx: Context, value: unknown): boolean | undefined {
  return value === undefined ? undefined : !isTrue(cx, value);
}

export function type(_cx: Context, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (Array.isArray(value)) return 'array';
  if (isFunction(value)) return 'function';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : 'object';
}

export function error(_cx: Context, message?: string): never {
  throw expressionError('D3137', message ? { value: message } : {});
}

export function assert(_cx: Context, condition: unknown, message?: string): undefined {
  if (condition) return undefined;
  throw expressionError('D3141', message ? { value: message } : {});
}
