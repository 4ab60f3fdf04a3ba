// Functions of time, and those that format and parse by pictures.

import type { Context } from '../runtime/context.ts';
import { toText } from '../runtime/values.ts';

type Row = readonly [string, number, (...values: never[]) => unknown];

function millis(cx: Context): number {
  return cx.nowMs;
}

function clone(_cx: Context, value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(toText(value));
}

export const times: Readonly<Record<string, Row>> = {
  millis: ['<:n>', 0, millis],
  clone: ['<(oa)-:o>', 1, clone],
};
