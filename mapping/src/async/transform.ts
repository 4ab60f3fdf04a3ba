// The transform operator where its parts may have to wait.

import type { Context } from '../runtime/context.ts';
import { itemsOf } from '../runtime/marks.ts';
import { copyOf, remove, update } from '../runtime/transform.ts';
import type { Transform } from '../runtime/transform.ts';
import { isFunction } from '../runtime/values.ts';
import { invoke } from './calls.ts';

export function transform(cx: Context, what: Transform, clone: unknown): (value: unknown) => Promise<unknown> {
  return async (value) => {
    if (value === undefined) return undefined;
    const copy = isFunction(clone) ? await invoke(cx, clone, [value]) : copyOf(cx, value);
    const matches = await what.pattern(copy);
    for (const match of matches === undefined ? [] : itemsOf(matches)) {
      cx.spend(1);
      update(cx, match, await what.update(match), what.updatePosition);
      if (what.remove) remove(cx, match, await what.remove(match), what.removePosition);
    }
    return copy;
  };
}
