// What generated code calls: one object, so that the code names nothing else.

import { expressionError } from '../errors.ts';
import { apply, call, callNative, callNativeWith, hole, hostFunction, nativeValue, partial, signed, tail } from './calls.ts';
import type { Context } from './context.ts';
import { group } from './grouping.ts';
import {
  constructedMark,
  finish,
  finishKept,
  isSequence,
  itemsOf,
  mark,
  marksOf,
  normalize,
  normalizeKept,
  outerMark,
  sequence,
} from './marks.ts';
import * as operators from './operators.ts';
import { chain, chainOn, collapsed, itemAt, kept, lastStep, pushFlat, pushItems, reread, selected, together } from './paths.ts';
import { matcher } from './regex.ts';
import { candidates, searched } from './indexes.ts';
import { sortStep } from './sorting.ts';
import { transform, transformerWith } from './transform.ts';
import type { Transform } from './transform.ts';
import { filterTuples, tuplePath, valuesOf } from './tuples.ts';
import { descendants, isFunction, isTrue, lookupStep, requireNoFunction, setOwn, wildcard } from './values.ts';
import type { FunctionValue } from './values.ts';

/** Stands in a variable that was not bound yet. */
const unbound: unique symbol = Symbol('unbound');
const none: Readonly<Record<string, unknown>> = Object.freeze({});

export const runtime = {
  ...operators,
  unbound,
  none,
  hole,
  apply,
  asSequence: (value: unknown) => (Array.isArray(value) ? value : sequence([value])),
  call,
  callNative,
  callNativeWith,
  candidates,
  chain,
  chainOn,
  collapsed,
  construct: (items: unknown[]) => mark(items, constructedMark),
  descendants,
  expressionError,
  finish,
  finishKept,
  filterTuples,
  /** What `$` is: the input of the whole expression comes wrapped where it is an array. */
  focus: (input: unknown) => (Array.isArray(input) && (marksOf(input) & outerMark) !== 0 ? (input as unknown[])[0] : input),
  group,
  /** What the host bound to a name. */
  bound: (cx: Context, name: string) => {
    const value = cx.bound(name);
    return isFunction(value) ? hostFunction(cx, value) : value;
  },
  isTrue,
  itemAt,
  itemsOf,
  kept,
  reread,
  lastStep,
  lookupStep,
  matcher,
  nativeValue,
  normalize,
  normalizeKept,
  /** The value of a path's first step: an array's items, unless an array constructor made it. */
  opened: (value: unknown) =>
    Array.isArray(value) && (marksOf(value) & constructedMark) !== 0 && !isSequence(value) ? [value] : value,
  /** The prototype of plain objects: what has another may inherit fields, and is read the careful way. */
  plain: Object.prototype,
  partial,
  pushFlat,
  pushItems,
  requireNoFunction,
  searched,
  selected,
  sequence,
  sequenced: (value: unknown) => (Array.isArray(value) ? sequence(value as unknown[]) : value),
  setOwn,
  signed,
  sortStep,
  tail,
  together,
  transformer: (cx: Context, what: Transform, clone: unknown, position: number): FunctionValue =>
    transformerWith(transform, cx, what, clone, position),
  tuplePath,
  valuesOf,
  wildcard,
};

export type Runtime = typeof runtime;
