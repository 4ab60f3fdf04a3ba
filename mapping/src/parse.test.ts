// What the parser loses, and what is put back.

import { expect, it } from 'vitest';
import { compileExpression } from './index.ts';

it.each([
  ['$contains(a, /b/) ?: "none"', true],
  ['$contains(a, /x/) ?: "none"', 'none'],
  ['$match(a, /b/).match ?? "none"', 'b'],
  ['$match(a, /x/).match ?? "none"', 'none'],
  ['(function($v) { $contains($v, /b/) ?: "none" })(a)', true],
])('a regular expression left of a default is looked for: %s', (text, expected) => {
  expect(compileExpression(text).evaluate({ a: 'abc' }, {}, 0)).toBe(expected);
});
