// What values are and how they are read: own properties only, truth, equality, text.

import { expressionError } from '../errors.ts';
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

/** Sets an own property, whatever its name: also `__proto__`. */
export function setOwn(target: Dictionary, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

/** The field of that name: of an object its own, of an array those of its items in one sequence. */
export function lookup(value: unknown, name: string): unknown {
  if (!Array.isArray(value)) return own(value, name);
  const found: unknown[] = [];
  gather(value, name, found);
  return found;
}

function gather(items: readonly unknown[], name: string, found: unknown[]): void {
  for (const item of items) {
    if (Array.isArray(item)) {
      gather(item, name, found);
      continue;
    }
    const value = own(item, name);
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const one of value) found.push(one);
    else found.push(value);
  }
}

/** What a step by name gives for one item: a sequence that was made here collapses, an array of the input stays. */
export function lookupStep(value: unknown, name: string): unknown {
  if (!Array.isArray(value)) return own(value, name);
  const found = lookup(value, name) as unknown[];
  return found.length === 0 ? undefined : found.length === 1 ? found[0] : found;
}

/** A finite number. Throws D1001 for one that is infinite. */
export function isNumber(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw expressionError('D1001', { value });
  return true;
}

/** What counts as true: see `$boolean` of JSONata. Undefined counts as false. */
export function isTrue(value: unknown): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return isNumber(value) && value !== 0;
    case 'object':
      if (value === null) return false;
      if (Array.isArray(value)) return value.some(isTrue);
      return hasKeys(value);
    default:
      return false;
  }
}

function hasKeys(value: object): boolean {
  for (const name in value) if (Object.hasOwn(value, name)) return true;
  return false;
}

/** Equal in depth; the order of keys does not matter. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
  const names = namesOf(left);
  return (
    names.length === namesOf(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isEqual(own(left, name), own(right, name)))
  );
}

/** An array beside an object that looks alike is told apart by its length. */
function namesOf(value: object): readonly string[] {
  return Array.isArray(value) ? [...Object.keys(value), 'length'] : Object.keys(value);
}

/** A value as text: text as it is, anything else as JSON with numbers of 15 digits. */
export function toText(value: unknown, isPretty = false): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return '';
  if (typeof value === 'number') return numberText(value);
  const inner = Array.isArray(value) && (marksOf(value) & outerMark) !== 0 ? (value as unknown[])[0] : value;
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
export function append(first: unknown, second: unknown, itemsMax: number): unknown {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const size = (Array.isArray(first) ? first.length : 1) + (Array.isArray(second) ? second.length : 1);
  if (size > itemsMax) throw expressionError('D2015', { value: itemsMax });
  // Copies the items one by one: marks of the arrays do not carry over.
  return [
    ...(Array.isArray(first) ? (first as unknown[]) : [first]),
    ...(Array.isArray(second) ? (second as unknown[]) : [second]),
  ];
}

/** The items of all arrays within, at any depth. */
export function flatten(value: unknown, into: unknown[] = []): unknown[] {
  if (Array.isArray(value)) for (const item of value) flatten(item, into);
  else into.push(value);
  return into;
}

/**
 * All values of an object; arrays among them are flattened. A sequence, but where an array was among them: then it does not
 * collapse, as in the reference.
 */
export function wildcard(input: unknown): unknown[] {
  const value = Array.isArray(input) && (marksOf(input) & outerMark) !== 0 && input.length > 0 ? (input as unknown[])[0] : input;
  const found: unknown[] = [];
  if (typeof value !== 'object' || value === null) return sequence(found);
  const values = Object.values(value);
  for (const one of values) flatten(one, found);
  return values.some(Array.isArray) ? found : sequence(found);
}

/** The value and everything within it, but arrays as such. */
export function descendants(input: unknown): unknown {
  if (input === undefined) return undefined;
  const found: unknown[] = [];
  descend(input, found);
  return found.length === 1 ? found[0] : found;
}

function descend(value: unknown, found: unknown[]): void {
  if (!Array.isArray(value)) found.push(value);
  if (typeof value !== 'object' || value === null) return;
  for (const one of Object.values(value)) descend(one, found);
}
