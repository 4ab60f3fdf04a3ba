// One suite for every implementation of the store: what `store.ts` promises, sentence by sentence, and random histories.

import { describe } from 'vitest';
import { committing } from './conformance/committing.ts';
import { keeping } from './conformance/keeping.ts';
import type { MakePlace } from './conformance/place.ts';
import { random } from './conformance/random.ts';
import { reading } from './conformance/reading.ts';
import { recovering } from './conformance/recovering.ts';
import { retaining } from './conformance/retaining.ts';

/** `makePlace` gives a new, empty place for a store each time; `randomRuns` is how many random histories are tried. */
export function storeConformance(name: string, makePlace: MakePlace, { randomRuns = 30 } = {}): void {
  describe(`${name}: store conformance`, () => {
    committing(makePlace);
    keeping(makePlace);
    recovering(makePlace);
    reading(makePlace);
    retaining(makePlace);
    random(makePlace, randomRuns);
  });
}
