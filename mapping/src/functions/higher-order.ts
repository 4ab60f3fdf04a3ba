// Functions that take functions.

import { expressionError } from '../errors.ts';
import { arityOf, eachArguments, invoke } from '../runtime/calls.ts';
import type { Context } from '../runtime/context.ts';
import { sequence } from '../runtime/marks.ts';
import { mergeSort } from '../runtime/sorting.ts';
import { isNumber, isObject, isTrue, setOwn } from '../runtime/values.ts';
import type { Dictionary, FunctionValue } from '../runtime/values.ts';

export type Values = readonly unknown[] | undefined;

export function map(cx: Context, values: Values, callback: FunctionValue): unknown {
  if (values === undefined) return undefined;
  const arity = arityOf(callback);
  const result: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const one = invoke(cx, callback, eachArguments(arity, value, index, values));
    if (one !== undefined) result.push(one);
  }
  return sequence(result);
}

export function filter(cx: Context, values: Values, callback: FunctionValue): unknown {
  if (values === undefined) return undefined;
  const arity = arityOf(callback);
  return sequence(values.filter((value, index) => isTrue(cx, invoke(cx, callback, eachArguments(arity, value, index, values)))));
}

export function single(cx: Context, values: Values, callback?: FunctionValue): unknown {
  if (values === undefined) return undefined;
  const arity = callback ? arityOf(callback) : 1;
  let found: { readonly value: unknown } | undefined;
  for (const [index, value] of values.entries()) {
    if (callback && !isTrue(cx, invoke(cx, callback, eachArguments(arity, value, index, values)))) continue;
    if (found) throw expressionError('D3138', { other: index });
    found = { value };
  }
  if (!found) throw expressionError('D3139');
  return found.value;
}

export function reduce(cx: Context, values: Values, callback: FunctionValue, start?: unknown): unknown {
  if (values === undefined) return undefined;
  const arity = arityOf(callback);
  if (arity < 2) throw expressionError('D3050', { other: 1 });
  const begins = start === undefined && values.length > 0;
  let result = begins ? values[0] : start;
  for (let index = begins ? 1 : 0; index < values.length; index += 1)
    result = invoke(cx, callback, [result, values[index], index, values].slice(0, Math.min(arity, 4)));
  return result;
}

export function each(cx: Context, object: Dictionary | undefined, callback: FunctionValue): unknown {
  const arity = arityOf(callback);
  const result: unknown[] = [];
  for (const name of namesOf(cx, object)) {
    const one = invoke(cx, callback, eachArguments(arity, object?.[name], name, object));
    if (one !== undefined) result.push(one);
  }
  return sequence(result);
}

export function sift(cx: Context, object: Dictionary | undefined, callback: FunctionValue): Dictionary | undefined {
  const arity = arityOf(callback);
  const result: Dictionary = {};
  for (const name of namesOf(cx, object)) {
    const value = object?.[name];
    if (isTrue(cx, invoke(cx, callback, eachArguments(arity, value, name, object)))) setOwn(result, name, value);
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

export function namesOf(cx: Context, object: unknown): readonly string[] {
  const names = isObject(object) ? Object.keys(object) : [];
  cx.spend(names.length);
  return names;
}

export function sort(cx: Context, values: Values, isAfter?: FunctionValue): unknown {
  if (values === undefined || values.length <= 1) return values;
  cx.spend(values.length * Math.ceil(Math.log2(values.length)));
  if (isAfter) return mergeSort(values, (left, right) => Boolean(invoke(cx, isAfter, [left, right])));
  return sorted(values);
}

/** Numbers or texts in their order. Throws D3070 for anything else. */
export function sorted(values: readonly unknown[]): unknown[] {
  if (!values.every(isNumber) && !values.every((value) => typeof value === 'string'))
    throw expressionError('D3070', { other: 1 });
  return mergeSort(values, (left, right) => (left as number) > (right as number));
}
