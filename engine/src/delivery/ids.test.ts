// Ids: their form, their order, and that deriving again gives the same.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveId, idMaker, timeOfId } from './ids.ts';

const uuid = (version: number): RegExp =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);
const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, index) => (index * 37 + 11) % 256);

describe('ids', () => {
  it('are UUIDv7 with the time of accepting', () => {
    const id = idMaker(bytes)(1_700_000_000_123);
    expect(id).toMatch(uuid(7));
    expect(timeOfId(id)).toBe(1_700_000_000_123);
  });

  it('ascend, also within one millisecond and when the clock is set back', () => {
    const next = idMaker(bytes);
    const times = [5, 5, 5, 6, 4, 4, 7];
    const ids = times.map((time) => next(1_700_000_000_000 + time));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('derive to UUIDv8 with the time of the root, the same for the same parts and another for others', () => {
    const root = idMaker(bytes)(1_700_000_000_000);
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string(), { minLength: 1 }), (some, others) => {
        const id = deriveId(root, ...some);
        expect(id).toMatch(uuid(8));
        expect(timeOfId(id)).toBe(timeOfId(root));
        expect(deriveId(root, ...some)).toBe(id);
        expect(deriveId(root, ...others) === id).toBe(some.join('\0') === others.join('\0'));
      }),
    );
  });
});
