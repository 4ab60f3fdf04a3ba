// Calling functions where they may give promises: the twins of what stands in `runtime/calls.ts`.

import { expressionError } from '../errors.ts';
import { located, once, runNative, TailCall } from '../runtime/calls.ts';
import type { Native } from '../runtime/calls.ts';
import { callSteps } from '../runtime/context.ts';
import type { Context } from '../runtime/context.ts';
import { isFunction } from '../runtime/values.ts';
import type { FunctionValue } from '../runtime/values.ts';

export async function call(
  cx: Context,
  target: unknown,
  values: readonly unknown[],
  input: unknown,
  position: number,
  token?: string,
): Promise<unknown> {
  try {
    return await invoke(cx, target, values, input);
  } catch (error) {
    throw located(error, position, token);
  }
}

export async function invoke(cx: Context, target: unknown, values: readonly unknown[], input: unknown = null): Promise<unknown> {
  cx.enter();
  if (cx.isPauseDue()) await new Promise((resolve) => setImmediate(resolve));
  let result = await once(target, values, input, undefined);
  while (result instanceof TailCall) {
    cx.spend(callSteps);
    try {
      result = await once(result.target, result.values, input, result.token);
    } catch (error) {
      throw located(error, (result as TailCall).position, (result as TailCall).token);
    }
  }
  cx.leave();
  return result;
}

export async function callAsyncNative(
  cx: Context,
  native: Native,
  values: readonly unknown[],
  input: unknown,
  position: number,
): Promise<unknown> {
  try {
    return await runNative(cx, native, native.signature ? native.signature.check(values, input) : values);
  } catch (error) {
    throw located(error, position, native.name);
  }
}

export async function apply(cx: Context, left: unknown, right: unknown, position: number): Promise<unknown> {
  if (!isFunction(right)) throw expressionError('T2006', { position, token: '~>', value: right });
  return isFunction(left) ? compose(cx, left, right) : call(cx, right, [left], null, position);
}

function compose(cx: Context, first: unknown, second: unknown): FunctionValue {
  return async (value: unknown) => invoke(cx, second, [await invoke(cx, first, [value])]);
}
