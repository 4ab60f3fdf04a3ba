// What values are and how they are read: own properties only, truth, equality, text.

import { expressionError } from '../errors.ts';
import type { Context } from './context.ts';
import { extentOf } from './extent.ts';
import { marksOf, outerMark, sequence } from './marks.ts';

export type Dictionary = Record<string, unknown>;
export type FunctionValue = ((...values: never[]) => unknown) & { readonly arity?: number };

export function isFunction(value: unknown): value is FunctionValue {
  return typeof value === 'function';
}

/** An object with names and values: no array, no function, not null. */
export function isObject(value: unknown): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property. What is inherited does not exist for an expression. */
export function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Dictionary)[name] : undefined;
}

/** The same for a value of which a plain object has all it shows itself: a name that no plain object inherits. */
function ownOfPlain(value: unknown, name: string): unknown {
  return (value as { readonly __proto__?: unknown } | null | undefined)?.__proto__ === Object.prototype
    ? (value as Dictionary)[name]
    : own(value, name);
}

/** How an own property of that name is read soonest. */
export function ownReader(name: string): (value: unknown, name: string) => unknown {
  return name in Object.prototype ? own : ownOfPlain;
}

/** Sets an own property, whatever its name: also `__proto__`. */
export function setOwn(target: Dictionary, name: string, value: unknown): void {
  if (hostCalled.has(name)) requireNoFunction(value);
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

/**
 * Functions of these names are called by the host: what has a `then` is a promise to it, and would be waited for, maybe for ever; a
 * `toJSON` is called where the result is written, when the budget is over.
 */
export const hostCalled: ReadonlySet<string> = new Set(['then', 'toJSON']);

/** Throws D1016. */
export function requireNoFunction(value: unknown): void {
  if (typeof value === 'function') throw expressionError('D1016');
}

/** The field of that name: of an object its own, of an array those of its items in one sequence. */
export function lookup(cx: Context, value: unknown, name: string): unknown {
  if (!Array.isArray(value)) return own(value, name);
  const found: unknown[] = [];
  gather(cx, value, name, found);
  return found;
}

function gather(cx: Context, items: readonly unknown[], name: string, found: unknown[]): void {
  cx.spend(items.length);
  const read = ownReader(name);
  for (const item of items) {
    if (Array.isArray(item)) {
      gather(cx, item, name, found);
      continue;
    }
    const value = read(item, name);
    if (value === undefined) continue;
    if (Array.isArray(value)) addAll(cx, found, value);
    else found.push(value);
  }
}

/** Adds the items of an array to another. Throws D2015 where that becomes too long. */
export function addAll(cx: Context, into: unknown[], items: readonly unknown[]): void {
  cx.requireItems(into.length + items.length);
  cx.spendItems(items.length);
  for (const one of items) into.push(one);
}

/** What a step by name gives for one item: a sequence that was made here collapses, an array of the input stays. */
export function lookupStep(cx: Context, value: unknown, name: string): unknown {
  if (!Array.isArray(value)) return own(value, name);
  const found = lookup(cx, value, name) as unknown[];
  return found.length === 0 ? undefined : found.length === 1 ? found[0] : found;
}

/** A finite number. Throws D1001 for one that is infinite. */
export function isNumber(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw expressionError('D1001', { value });
  return true;
}

/** What counts as true: see `$boolean` of JSONata. Undefined counts as false. */
export function isTrue(cx: Context, value: unknown): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return isNumber(value) && value !== 0;
    case 'object':
      if (value === null) return false;
      if (Array.isArray(value)) return isAnyTrue(cx, value);
      return hasKeys(value);
    default:
      return false;
  }
}

function isAnyTrue(cx: Context, values: readonly unknown[]): boolean {
  cx.spend(1);
  return values.some((value) => {
    cx.spend(1);
    return isTrue(cx, value);
  });
}

function hasKeys(value: object): boolean {
  for (const name in value) if (Object.hasOwn(value, name)) return true;
  return false;
}

/** Equal in depth; the order of keys does not matter. */
export function isEqual(cx: Context, left: unknown, right: unknown, depth = 0): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length === right.length) cx.spendCharacters(left.length);
    return left === right;
  }
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  cx.spend(1);
  if (depth > cx.nestingMax) throw expressionError('D1014', { value: cx.nestingMax });
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isEqual(cx, item, right[index], depth + 1));
  const names = namesOf(left);
  cx.spend(names.length);
  return (
    names.length === namesOf(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isEqual(cx, own(left, name), own(right, name), depth + 1))
  );
}

/** An array beside an object that looks alike is told apart by its length. */
function namesOf(value: object): readonly string[] {
  return Array.isArray(value) ? [...Object.keys(value), 'length'] : Object.keys(value);
}

/** A value as text: text as it is, anything else as JSON with numbers of 15 digits. */
export function toText(cx: Context, value: unknown, isPretty = false): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return '';
  if (typeof value === 'number') return numberText(value);
  const inner = Array.isArray(value) && (marksOf(value) & outerMark) !== 0 ? (value as unknown[])[0] : value;
  cx.spendCharacters(extentOf(cx, inner, isPretty ? 2 : 0));
  return JSON.stringify(inner, plainly, isPretty ? 2 : 0);
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return Object.is(value, -0) ? '0' : String(value);
  if (!Number.isFinite(value)) throw expressionError('D3001', { value });
  return String(Number(value.toPrecision(15)));
}

function plainly(_name: string, value: unknown): unknown {
  if (typeof value === 'function') return '';
  return typeof value === 'number' && isNumber(value) && !Number.isInteger(value) ? Number(value.toPrecision(15)) : value;
}

/** Two values in one array; undefined adds nothing. The items of arrays are taken. */
export function append(cx: Context, first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const size = (Array.isArray(first) ? first.length : 1) + (Array.isArray(second) ? second.length : 1);
  cx.requireItems(size);
  cx.spendItems(size);
  // Copies the items one by one: marks of the arrays do not carry over.
  return [
    ...(Array.isArray(first) ? (first as unknown[]) : [first]),
    ...(Array.isArray(second) ? (second as unknown[]) : [second]),
  ];
}

/** The items of all arrays within, at any depth. */
function flatten(cx: Context, value: unknown, into: unknown[]): unknown[] {
  cx.spend(1);
  if (Array.isArray(value)) for (const item of value) flatten(cx, item, into);
  else into.push(value);
  cx.requireItems(into.length);
  return into;
}

/**
 * All values of an object; arrays among them are flattened. A sequence, but where an array was among them: then it does not
 * collapse, as in the reference.
 */
export function wildcard(cx: Context, input: unknown): unknown[] {
  const value = Array.isArray(input) && (marksOf(input) & outerMark) !== 0 && input.length > 0 ? (input as unknown[])[0] : input;
  const found: unknown[] = [];
  if (typeof value !== 'object' || value === null) return sequence(found);
  const values = Object.values(value);
  for (const one of values) flatten(cx, one, found);
  return values.some(Array.isArray) ? found : sequence(found);
}

/** The value and everything within it, but arrays as such. */
export function descendants(cx: Context, input: unknown): unknown {
  if (input === undefined) return undefined;
  const found: unknown[] = [];
  descend(cx, input, found, 0);
  return found.length === 1 ? found[0] : found;
}

function descend(cx: Context, value: unknown, found: unknown[], depth: number): void {
  cx.spend(1);
  cx.requireItems(found.length);
  if (depth > cx.nestingMax) throw expressionError('D1014', { value: cx.nestingMax });
  if (!Array.isArray(value)) found.push(value);
  if (typeof value !== 'object' || value === null) return;
  for (const one of Object.values(value)) descend(cx, one, found, depth + 1);
}
