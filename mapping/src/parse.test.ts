// What the parser loses, and what is put back.

import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { analyse, compileAsyncExpression, compileExpression, literalCalls } from './index.ts';
import { parse } from './parse.ts';

it.each([
  ['$contains(a, /b/) ?: "none"', true],
  ['$contains(a, /x/) ?: "none"', 'none'],
  ['$match(a, /b/).match ?? "none"', 'b'],
  ['$match(a, /x/).match ?? "none"', 'none'],
  ['(function($v) { $contains($v, /b/) ?: "none" })(a)', true],
])('a regular expression left of a default is looked for: %s', (text, expected) => {
  expect(compileExpression(text).evaluate({ a: 'abc' }, {}, 0)).toBe(expected);
});

it('nobody changes a tree: the same text gives it to others', () => {
  const order = readFileSync(new URL('../../bench/projects/intake/maps/order.jsonata', import.meta.url), 'utf8');
  const more = [
    'a.b[c > 1]^(d){e: $sum(f)}',
    '($f := function($x) { $x ? $f($x - 1) : /b/ }; $f(3))',
    'a@$x.b#$i.%.c ~> |d|{"e": 1}|',
  ];
  for (const text of [order, ...more]) {
    const tree = frozen(parse(text));
    expect(parse(text)).toBe(tree);
    compileExpression(text);
    compileAsyncExpression(text);
    analyse(text);
    literalCalls(text, 'sum');
  }
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
