// What a checker sees of the calls in an expression.

import { describe, expect, it } from 'vitest';
import { literalCalls } from './literal-calls.ts';

describe('the calls of a function', () => {
  it.each([
    ['$f("a", b, "c")', [{ arguments: ['a', undefined, 'c'], position: 0 }]],
    [
      'x.$f("a") & $f("b")',
      [
        { arguments: ['a'], position: 2 },
        { arguments: ['b'], position: 12 },
      ],
    ],
    ['"v" ~> $f("a")', [{ arguments: ['v', 'a'], position: 7 }]],
    [
      '$f($f("in"))',
      [
        { arguments: [undefined], position: 0 },
        { arguments: ['in'], position: 3 },
      ],
    ],
    ['{ "$f(\\"no\\")": 1 } /* $f("no") */', []],
    ['$g("a")', []],
    ['$map(x, function($v) { $f("t", $v) })', [{ arguments: ['t', undefined], position: 23 }]],
  ])('in %s', (text, calls) => {
    expect(literalCalls(text, 'f')).toEqual(calls);
  });
});
