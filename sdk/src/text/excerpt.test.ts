// What messages quote of values: recognisable, in one line, and bounded.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { excerpt } from './excerpt.ts';

it.each<[unknown, string]>([
  ['a "b"\n', '"a \\"b\\"\\n"'],
  ['x'.repeat(40), `"${'x'.repeat(40)}"`],
  ['x'.repeat(41), `"${'x'.repeat(40)}…"`],
  [12.5, '12.5'],
  [-1n, '-1'],
  [true, 'true'],
  [null, 'a value of type object'],
  [['secret'], 'a value of type object'],
  [undefined, 'a value of type undefined'],
])('of %s', (value, text) => expect(excerpt(value)).toBe(text));

it('is short and one line, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(excerpt(text).length).toBeLessThanOrEqual(2 + 6 * 40 + 1);
      expect(excerpt(text)).not.toMatch(/[\n\r]/);
    }),
  );
});
