// Functions that take functions, where those may give promises: one after the other, in order.

import { expressionError } from '../errors.ts';
import { namesOf, sorted } from '../functions/higher-order.ts';
import type { Values } from '../functions/higher-order.ts';
import { arityOf, eachArguments } from '../runtime/calls.ts';
import type { Context } from '../runtime/context.ts';
import { sequence } from '../runtime/marks.ts';
import { isTrue, setOwn } from '../runtime/values.ts';
import type { Dictionary, FunctionValue } from '../runtime/values.ts';
import { invoke } from './calls.ts';
import { mergeSort } from './sorting.ts';

export async function map(cx: Context, values: Values, callback: FunctionValue): Promise<unknown> {
  if (values === undefined) return undefined;
  const arity = arityOf(callback);
  const result: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const one = await invoke(cx, callback, eachArguments(arity, value, index, values));
    if (one !== undefined) result.push(one);
  }
  return sequence(result);
}

export async function filter(cx: Context, values: Values, callback: FunctionValue): Promise<unknown> {
  if (values === undefined) return undefined;
  const arity = arityOf(callback);
  const result: unknown[] = [];
  for (const [index, value] of values.entries())
    if (isTrue(cx, await invoke(cx, callback, eachArguments(arity, value, index, values)))) result.push(value);
  return sequence(result);
}

export async function single(cx: Context, values: Values, callback?: FunctionValue): Promise<unknown> {
  if (values === undefined) return undefined;
  const arity = callback ? arityOf(callback) : 1;
  let found: { readonly value: unknown } | undefined;
  for (const [index, value] of values.entries()) {
    if (callback && !isTrue(cx, await invoke(cx, callback, eachArguments(arity, value, index, values)))) continue;
    if (found) throw expressionError('D3138', { other: index });
    found = { value };
  }
  if (!found) throw expressionError('D3139');
  return found.value;
}

export async function reduce(cx: Context, values: Values, callback: FunctionValue, start?: unknown): Promise<unknown> {
  if (values === undefined) return undefined;
  const arity = arityOf(callback);
  if (arity < 2) throw expressionError('D3050', { other: 1 });
  const begins = start === undefined && values.length > 0;
  let result = begins ? values[0] : start;
  for (let index = begins ? 1 : 0; index < values.length; index += 1)
    result = await invoke(cx, callback, [result, values[index], index, values].slice(0, Math.min(arity, 4)));
  return result;
}

export async function each(cx: Context, object: Dictionary | undefined, callback: FunctionValue): Promise<unknown> {
  const arity = arityOf(callback);
  const result: unknown[] = [];
  for (const name of namesOf(cx, object)) {
    const one = await invoke(cx, callback, eachArguments(arity, object?.[name], name, object));
    if (one !== undefined) result.push(one);
  }
  return sequence(result);
}

export async function sift(
  cx: Context,
  object: Dictionary | undefined,
  callback: FunctionValue,
): Promise<Dictionary | undefined> {
  const arity = arityOf(callback);
  const result: Dictionary = {};
  for (const name of namesOf(cx, object)) {
    const value = object?.[name];
    if (isTrue(cx, await invoke(cx, callback, eachArguments(arity, value, name, object)))) setOwn(result, name, value);
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

export async function sort(cx: Context, values: Values, isAfter?: FunctionValue): Promise<unknown> {
  if (values === undefined || values.length <= 1) return values;
  cx.spend(values.length * Math.ceil(Math.log2(values.length)));
  if (isAfter) return mergeSort(values, async (left, right) => Boolean(await invoke(cx, isAfter, [left, right])));
  return sorted(values);
}
