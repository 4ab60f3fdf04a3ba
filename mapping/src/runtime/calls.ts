// Calling functions: lambdas, built-in functions, functions of the host; tail calls, partial application, composition.

import { expressionError, ExpressionError } from '../errors.ts';
import { callSteps } from './context.ts';
import type { Context } from './context.ts';
import type { Signature } from './signature.ts';
import { isFunction } from './values.ts';
import type { FunctionValue } from './values.ts';

/** A function of the language itself. `arity`: how many arguments a higher-order function hands to it. */
export interface Native {
  readonly name: string;
  readonly signature: Signature | undefined;
  readonly arity: number;
  /** It takes the same time whatever it is given, or counts by itself. */
  readonly isConstant: boolean;
  /** It gives a promise. */
  readonly isAsync?: boolean;
  run(cx: Context, ...values: unknown[]): unknown;
}

/** What a lambda gives in place of the result of its last call: the caller makes the call, so that the stack does not grow. */
export class TailCall {
  readonly target: unknown;
  readonly values: readonly unknown[];
  readonly position: number;
  readonly token: string | undefined;

  constructor(target: unknown, values: readonly unknown[], position: number, token: string | undefined) {
    this.target = target;
    this.values = values;
    this.position = position;
    this.token = token;
  }
}

type Callable = (...values: readonly unknown[]) => unknown;

/** What a function value carries besides its code. */
interface About {
  readonly arity: number;
  readonly signature: Signature | undefined;
}

/** Under which a function value carries it: no expression reads symbols. */
const about: unique symbol = Symbol('about');

interface Described {
  [about]?: About;
}

function describe(value: object, facts: About): void {
  (value as Described)[about] = facts;
}

export function tail(target: unknown, values: readonly unknown[], position: number, token?: string): TailCall {
  return new TailCall(target, values, position, token);
}

/** Notes the signature that a lambda was written with. */
export function signed(lambda: FunctionValue, signature: Signature): FunctionValue {
  describe(lambda, { arity: lambda.length, signature });
  return lambda;
}

/** A built-in function as a value. */
export function nativeValue(cx: Context, native: Native): FunctionValue {
  const value = (...values: readonly unknown[]): unknown => runNative(cx, native, values);
  describe(value, { arity: native.arity, signature: native.signature });
  return value;
}

/** How many arguments a higher-order function hands to it. */
export function arityOf(value: FunctionValue): number {
  return (value as Described)[about]?.arity ?? value.length;
}

/** Calls a function value. Throws T1006 where it is none; errors get the position of the call where they have none. */
export function call(
  cx: Context,
  target: unknown,
  values: readonly unknown[],
  input: unknown,
  position: number,
  token?: string,
): unknown {
  try {
    return invoke(cx, target, values, input);
  } catch (error) {
    throw located(error, position, token);
  }
}

/** Calls a function value, and the calls that it ends in. */
export function invoke(cx: Context, target: unknown, values: readonly unknown[], input: unknown = null): unknown {
  cx.enter();
  let result = once(target, values, input, undefined);
  while (result instanceof TailCall) {
    cx.spend(callSteps);
    try {
      result = once(result.target, result.values, input, result.token);
    } catch (error) {
      throw located(error, (result as TailCall).position, (result as TailCall).token);
    }
  }
  cx.leave();
  return result;
}

export function once(target: unknown, values: readonly unknown[], input: unknown, token: string | undefined): unknown {
  if (!isFunction(target)) throw expressionError('T1006', { token });
  const signature = (target as Described)[about]?.signature;
  return (target as Callable)(...(signature ? signature.check(values, input) : values));
}

/** Calls a built-in function that is named where it is called. */
export function callNative(cx: Context, native: Native, values: readonly unknown[], input: unknown, position: number): unknown {
  try {
    return runNative(cx, native, native.signature ? native.signature.check(values, input) : values);
  } catch (error) {
    throw located(error, position, native.name);
  }
}

/** The same with one argument, which most calls have: nothing is made for it where it is what the function takes. */
export function callNativeWith(cx: Context, native: Native, value: unknown, input: unknown, position: number): unknown {
  if (native.signature?.fitsAlone(value) !== true) return callNative(cx, native, [value], input, position);
  try {
    cx.spend(1);
    if (!native.isConstant) charge(cx, value);
    return native.run(cx, value);
  } catch (error) {
    throw located(error, position, native.name);
  }
}

export function runNative(cx: Context, native: Native, values: readonly unknown[]): unknown {
  cx.spend(1);
  for (const value of values) if (!native.isConstant) charge(cx, value);
  switch (values.length) {
    case 1:
      return native.run(cx, values[0]);
    case 2:
      return native.run(cx, values[0], values[1]);
    case 3:
      return native.run(cx, values[0], values[1], values[2]);
    default:
      return native.run(cx, ...values);
  }
}

/** A function reads and writes about as much as it is given. */
function charge(cx: Context, value: unknown): void {
  if (typeof value === 'string') cx.spendCharacters(value.length);
  else if (Array.isArray(value)) cx.spendItems(value.length);
}

/**
 * A function of the host, as expressions call it. Functions of the expression that it is handed are called like any other; one
 * that gives a promise where nobody waits is an error.
 */
export function hostFunction(cx: Context, target: FunctionValue): FunctionValue {
  const value = (...values: readonly unknown[]): unknown => {
    const result = (target as Callable)(...values.map((one) => (isFunction(one) ? callable(cx, one) : one)));
    if (result instanceof Promise && !cx.isAsync) throw expressionError('D1015');
    return result;
  };
  describe(value, { arity: arityOf(target), signature: (target as Described)[about]?.signature });
  return value;
}

function callable(cx: Context, target: FunctionValue): FunctionValue {
  return (...values: readonly unknown[]) => invoke(cx, target, values);
}

/** The error with the place of the call, where it has none of its own; a stack that overflowed becomes D1011. */
export function located(error: unknown, position: number | undefined, token: string | undefined): unknown {
  if (error instanceof RangeError) return hostLimit(error, position, token);
  if (!(error instanceof ExpressionError)) return error;
  error.position ??= position;
  error.token ??= token;
  return error;
}

/** What the host cannot hold: its stack, or one text or array that is too long. */
function hostLimit(error: RangeError, position: number | undefined, token: string | undefined): unknown {
  if (error.message.includes('call stack')) return expressionError('D1011', { position, token, value: 'the stack' });
  if (error.message.includes('string length')) return expressionError('D4000', { position, token, value: 'the host allows' });
  return error.message.includes('array length') ? expressionError('D2015', { position, token, value: 'the host allows' }) : error;
}

/** Stands for an argument that a partial application leaves open. */
export const hole: unique symbol = Symbol('hole');

/** A function of the arguments that were left open. Signatures are not looked at any more. */
export function partial(target: unknown, values: readonly unknown[], position: number, token: string): FunctionValue {
  if (!isFunction(target)) throw expressionError('T1008', { position, token });
  const arity = arityOf(target);
  const open = values.slice(0, arity).filter((value) => value === hole).length;
  const applied = (...rest: readonly unknown[]): unknown => {
    let next = 0;
    const filled = Array.from({ length: arity }, (_, at) => (values[at] === hole ? rest[next++] : values[at]));
    return (target as Callable)(...filled);
  };
  describe(applied, { arity: open, signature: undefined });
  return applied;
}

/** One function behind the other. */
export function compose(cx: Context, first: unknown, second: unknown): FunctionValue {
  return (value: unknown) => invoke(cx, second, [invoke(cx, first, [value])]);
}

/** `left ~> right` where the right side is no call. */
export function apply(cx: Context, left: unknown, right: unknown, position: number): unknown {
  if (!isFunction(right)) throw expressionError('T2006', { position, token: '~>', value: right });
  return isFunction(left) ? compose(cx, left, right) : call(cx, right, [left], null, position);
}

/** A function that is called once for each item: with the item, its index and all, as many as it takes. */
export function eachArguments(arity: number, item: unknown, index: unknown, all: unknown): readonly unknown[] {
  return arity >= 3 ? [item, index, all] : arity === 2 ? [item, index] : [item];
}
