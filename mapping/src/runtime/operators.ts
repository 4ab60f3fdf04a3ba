// The operators: arithmetic, comparison, concatenation, ranges.

import { expressionError } from '../errors.ts';
import type { Context } from './context.ts';
import { sequence } from './marks.ts';
import { isEqual, isNumber, toText } from './values.ts';

const rangeMax = 10_000_000;

/** Both operands as numbers, or undefined where one is nothing. Throws T2001, T2002 where one is something else. */
function operands(left: unknown, right: unknown, position: number, token: string): readonly [number, number] | undefined {
  if (left !== undefined && !numberAt(left, position, token)) throw expressionError('T2001', { position, token, value: left });
  if (right !== undefined && !numberAt(right, position, token)) throw expressionError('T2002', { position, token, value: right });
  return left === undefined || right === undefined ? undefined : [left as number, right as number];
}

function numberAt(value: unknown, position: number, token: string): value is number {
  if (typeof value === 'number' && !Number.isNaN(value) && !Number.isFinite(value))
    throw expressionError('D1001', { position, token, value });
  return isNumber(value);
}

export function add(left: unknown, right: unknown, position: number): unknown {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isFinite(sum)) return sum;
  }
  const both = operands(left, right, position, '+');
  return both && both[0] + both[1];
}

export function subtract(left: unknown, right: unknown, position: number): unknown {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isFinite(difference)) return difference;
  }
  const both = operands(left, right, position, '-');
  return both && both[0] - both[1];
}

export function multiply(left: unknown, right: unknown, position: number): unknown {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (Number.isFinite(product)) return product;
  }
  const both = operands(left, right, position, '*');
  return both && both[0] * both[1];
}

export function divide(left: unknown, right: unknown, position: number): unknown {
  const both = operands(left, right, position, '/');
  return both && both[0] / both[1];
}

export function remainder(left: unknown, right: unknown, position: number): unknown {
  const both = operands(left, right, position, '%');
  return both && both[0] % both[1];
}

export function negate(value: unknown, position: number): unknown {
  if (value === undefined) return undefined;
  if (!numberAt(value, position, '-')) throw expressionError('D1002', { position, token: '-', value });
  return -value;
}

export function equals(cx: Context, left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  return typeof left === 'object' || typeof left === 'string' ? isEqual(cx, left, right) : left === right;
}

export function differs(cx: Context, left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  return !equals(cx, left, right);
}

/** Whether the two can be put in order; false where one is nothing. Throws T2010, T2009 where they cannot. */
function areOrdered(left: unknown, right: unknown, position: number, token: string): boolean {
  if (!isOrdered(left) || !isOrdered(right)) {
    const value = left !== undefined && isOrdered(left) ? right : left;
    throw expressionError('T2010', { position, token, value });
  }
  if (left === undefined || right === undefined) return false;
  if (typeof left !== typeof right) throw expressionError('T2009', { position, token, value: left, other: right });
  return true;
}

function isOrdered(value: unknown): boolean {
  return value === undefined || typeof value === 'string' || typeof value === 'number';
}

export function less(left: unknown, right: unknown, position: number): unknown {
  return areOrdered(left, right, position, '<') ? (left as number) < (right as number) : undefined;
}

export function lessOrEqual(left: unknown, right: unknown, position: number): unknown {
  return areOrdered(left, right, position, '<=') ? (left as number) <= (right as number) : undefined;
}

export function greater(left: unknown, right: unknown, position: number): unknown {
  return areOrdered(left, right, position, '>') ? (left as number) > (right as number) : undefined;
}

export function greaterOrEqual(left: unknown, right: unknown, position: number): unknown {
  return areOrdered(left, right, position, '>=') ? (left as number) >= (right as number) : undefined;
}

export function isIn(cx: Context, left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  if (Array.isArray(right)) cx.spendItems(right.length);
  return Array.isArray(right) ? right.includes(left) && !Number.isNaN(left) : right === left;
}

/** Joins two values as text; nothing is no text. */
export function concatenate(cx: Context, left: unknown, right: unknown): string {
  const first = typeof left === 'string' ? left : left === undefined ? '' : toText(cx, left);
  const second = typeof right === 'string' ? right : right === undefined ? '' : toText(cx, right);
  cx.requireCharacters(first.length + second.length);
  return first + second;
}

/** The integers from one to the other, in one sequence; not collapsed. */
export function range(cx: Context, from: unknown, to: unknown, position: number): unknown {
  if (from !== undefined && !Number.isInteger(from)) throw expressionError('T2003', { position, token: '..', value: from });
  if (to !== undefined && !Number.isInteger(to)) throw expressionError('T2004', { position, token: '..', value: to });
  if (from === undefined || to === undefined) return undefined;
  const size = (to as number) - (from as number) + 1;
  if (size <= 0) return undefined;
  if (size > rangeMax) throw expressionError('D2014', { position, token: '..', value: size });
  if (size > cx.itemsMax) throw expressionError('D2015', { position, token: '..', value: cx.itemsMax });
  cx.spend(size >> 1);
  const items: unknown[] = [];
  for (let at = 0; at < size; at += 1) items.push((from as number) + at);
  return sequence(items);
}
