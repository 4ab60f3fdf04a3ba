// Ids as bytes and back.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToUuid, requireUuid, uuidToBytes } from './uuid.ts';

describe('ids', () => {
  it('are the same after they were bytes', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        requireUuid(id);
        expect(bytesToUuid(uuidToBytes(id))).toBe(id);
        expect(Buffer.from(uuidToBytes(id)).toString('hex')).toBe(id.replaceAll('-', ''));
      }),
    );
  });

  it('keep their bytes, however many others there are', () => {
    const ids = Array.from({ length: 2000 }, () => randomUUID());
    const bytes = ids.map(uuidToBytes);
    expect(bytes.map(bytesToUuid)).toEqual(ids);
  });

  it('are in the same order as bytes', () => {
    const ids = Array.from({ length: 200 }, () => randomUUID()).sort();
    const bytes = ids.map((id) => Buffer.from(uuidToBytes(id)));
    expect(bytes.toSorted(Buffer.compare)).toEqual(bytes);
  });

  it('of any other form are refused', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(35), fc.constantFrom('g', 'A', ' ', '-', '\u0000', 'é', '０'), (id, at, wrong) => {
        fc.pre(id[at] !== wrong);
        const text = id.slice(0, at) + wrong + id.slice(at + 1);
        expect(() => requireUuid(text)).toThrow(expect.objectContaining({ code: 'MORTISE_STORE_VALUE' }));
      }),
    );
  });
});
