// A list of one that `[]` has kept, read again out of the object that an expression put it into: as the reference reads it.

import jsonata from 'jsonata';
import { expect, it } from 'vitest';
import { compileExpression } from './index.ts';

it.each([
  '{"c": a[]}{"x": c}',
  '$$.{"c": $.({}).{"order": 1}[]}{"x": c}',
  '{"c": a[]}{"x": c[]}',
  '{"c": {"d": a[]}}{"x": c.d}',
  '{"c": c[]}{"x": c}',
  '{"c": a[]}.{"x": $count(c), "y": $type(c)}',
  '($v := {"c": a[]}; $v.c)',
])('%s', async (text) => {
  const input = { c: [1.5], a: 'u' };
  const theirs: unknown = await jsonata(text).evaluate(input);
  expect(theirs).toBeDefined();
  expect(JSON.stringify(compileExpression(text).evaluate(input, {}, 0))).toBe(JSON.stringify(theirs));
});
