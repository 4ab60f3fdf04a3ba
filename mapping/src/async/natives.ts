// The built-in functions of expressions that may wait: those that take functions have a twin.

import { natives } from '../functions/natives.ts';
import type { Native } from '../runtime/calls.ts';
import * as higher from './higher-order.ts';
import * as matching from './matching.ts';

const twins: Readonly<Record<string, (...values: never[]) => Promise<unknown>>> = { ...higher, ...matching };

export const asyncNatives: ReadonlyMap<string, Native> = new Map(
  [...natives].map(([name, native]): [string, Native] => {
    const run = Object.hasOwn(twins, name) ? twins[name] : undefined;
    if (name === 'eval') return [name, { ...native, isAsync: true }];
    return [name, run ? { ...native, run: run as unknown as Native['run'], isAsync: true } : native];
  }),
);
