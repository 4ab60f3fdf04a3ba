// Times as text, against those of `Date`.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from './iso-time.ts';

it('says what `Date` says, whatever came before', () => {
  const latest = 8.64e15;
  const near = fc.tuple(fc.integer({ min: -latest + 5000, max: latest - 5000 }), fc.array(fc.integer({ min: -2500, max: 2500 })));
  fc.assert(
    fc.property(near, ([start, steps]) => {
      const times = [start, ...steps.map((step) => start + step)];
      expect(times.map(isoTime)).toEqual(times.map((ms) => new Date(ms).toISOString()));
    }),
  );
});

it('refuses what is no time', () => {
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
  expect(() => isoTime(8.64e15 + 1000)).toThrow(RangeError);
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
});
