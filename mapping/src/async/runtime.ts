// What generated code calls where it may have to wait: the runtime with the twins in their places.

import type { Context } from '../runtime/context.ts';
import { runtime } from '../runtime/runtime.ts';
import { transformerWith } from '../runtime/transform.ts';
import type { Transform } from '../runtime/transform.ts';
import type { FunctionValue } from '../runtime/values.ts';
import { apply, call, callAsyncNative } from './calls.ts';
import { group } from './grouping.ts';
import { sortStep } from './sorting.ts';
import { transform } from './transform.ts';
import { filterTuples, tuplePath } from './tuples.ts';

export const asyncRuntime = {
  ...runtime,
  apply,
  call,
  callAsyncNative,
  filterTuples,
  group,
  sortStep,
  transformer: (cx: Context, what: Transform, clone: unknown, position: number): FunctionValue =>
    transformerWith(transform, cx, what, clone, position),
  tuplePath,
};
