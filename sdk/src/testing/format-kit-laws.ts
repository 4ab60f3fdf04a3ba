// Laws inside the format kit: how bytes are cut, and how often a law is tried.

import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { everyByte } from './format-outcome.ts';

/** Some places at which to cut the bytes; every byte now and then. */
export function cutsOf(bytes: Uint8Array): Arbitrary<readonly number[]> {
  if (bytes.length < 2) return fc.constant([]);
  const some = fc
    .array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 })
    .map((places) => places.toSorted((one, other) => one - other));
  return fc.oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: fc.constant(everyByte(bytes)) });
}

/** Checks the law for generated values. */
export async function holdsFor<Value>(
  arbitrary: Arbitrary<Value>,
  law: (value: Value) => void | Promise<void>,
  runs = 100,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      await law(value);
    }),
    { numRuns: runs },
  );
}
