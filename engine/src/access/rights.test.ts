// What grants come to, as a session tells it, is what the API decides by: for any grants, and anything that is asked about.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, reachOf, rights, roles } from './rights.ts';
import type { Grant } from './rights.ts';

const names = fc.subarray(['a', 'b', 'c']);
const grant: fc.Arbitrary<Grant> = fc.oneof(
  fc.record({ role: fc.constantFrom(...roles) }),
  fc.record({ role: fc.constantFrom(...roles), flows: names }),
  fc.record({ role: fc.constantFrom(...roles), systems: names }),
  fc.record({ role: fc.constantFrom(...roles), flows: names, systems: names }),
);

describe('reachOf', () => {
  it('covers what the grants cover, and nothing else', () => {
    const seen = { yes: 0, no: 0 };
    fc.assert(
      fc.property(
        fc.array(grant, { maxLength: 5 }),
        fc.constantFrom(...rights),
        fc.record({ flows: names, systems: names }),
        (grants, right, object) => {
          const reach = reachOf(grants).find((one) => one.right === right);
          const isTold =
            reach !== undefined &&
            (reach.everything ||
              object.flows.some((flow) => reach.flows.includes(flow)) ||
              object.systems.some((system) => reach.systems.includes(system)));
          seen[isTold ? 'yes' : 'no'] += 1;
          expect(isTold).toBe(covers({ kind: 'session', name: 'ann', grants }, right, object));
        },
      ),
      { numRuns: 2000 },
    );
    // Both happen often enough to mean something.
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(200);
  });
});
