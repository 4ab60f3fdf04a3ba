// Expressions that wait: functions of the host that give promises, wherever a function can be called.

import { setImmediate as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { compileAsyncExpression, compileExpression, ExpressionError } from './index.ts';

const later = async (value: unknown): Promise<unknown> => {
  await pause();
  return value;
};
const input = {
  list: [
    { k: 'b', n: 2 },
    { k: 'a', n: 1 },
    { k: 'b', n: 3 },
  ],
  text: 'a-b-c',
};
const evaluate = (text: string, bindings = {}): Promise<unknown> =>
  compileAsyncExpression(text).evaluate(input, { later, ...bindings }, 0);

describe('a function that gives a promise is waited for', () => {
  it.each([
    ['$later(1) + $later(2)', 3],
    ['list[$later(n) > 1].n', [2, 3]],
    ['list^($later(n)).n', [1, 2, 3]],
    ['list^(>$later(k), <n).n', [2, 3, 1]],
    ['list.$later(n)', [2, 1, 3]],
    ['list{$later(k): $sum($later(n))}', { b: 5, a: 1 }],
    ['list@$x#$i[$later($i) > 0].{"n": $later($x.n)}', [{ n: 1 }, { n: 3 }]],
    ['{"a": $later(1), "b": [$later(2)]}', { a: 1, b: [2] }],
    ['$map(list, function($v) { $later($v.n) })', [2, 1, 3]],
    ['$map(list.n, $later)', [2, 1, 3]],
    ['$filter(list, function($v) { $later($v.n = 1) })', { k: 'a', n: 1 }],
    ['$single(list, function($v) { $later($v.n = 1) }).k', 'a'],
    ['$reduce(list.n, function($a, $b) { $later($a + $b) })', 6],
    ['$each(list[0], function($v, $k) { $later($k) })', ['k', 'n']],
    ['$sift(list[0], function($v, $k) { $later($k = "n") })', { n: 2 }],
    ['$sort(list.n, function($l, $r) { $later($l > $r) })', [1, 2, 3]],
    ['$replace(text, /-/, function($m) { $later("+") })', 'a+b+c'],
    ['$split(text, /-/) ~> $map($later)', ['a', 'b', 'c']],
    ['$later(3) > 2 ? $later("yes") : $later("no")', 'yes'],
    ['($f := function($n) { $n = 0 ? $later("end") : $f($n - 1) }; $f(50))', 'end'],
    ['$eval("$later(4) + 1")', 5],
    [
      'list ~> |$|{"n": $later(n + 1)}|',
      [
        { k: 'b', n: 3 },
        { k: 'a', n: 2 },
        { k: 'b', n: 4 },
      ],
    ],
    ['3 ~> $later ~> $string', '3'],
    ['($twice := $later ~> $string; $twice(7))', '7'],
    ['$later(?)(8)', 8],
    ['$later(true) and $later(false)', false],
  ])('%s', async (text, expected) => {
    const result = await evaluate(text);
    expect(JSON.parse(JSON.stringify(result))).toEqual(expected);
  });

  it('one after the other, in the order of the expression', async () => {
    let [running, most] = [0, 0];
    const order: unknown[] = [];
    const watched = async (value: unknown): Promise<unknown> => {
      most = Math.max(most, (running += 1));
      await pause();
      running -= 1;
      order.push(value);
      return value;
    };
    await evaluate('[$map([1..5], $watched), {"x": $watched(6)}]', { watched });
    expect({ most, order }).toEqual({ most: 1, order: [1, 2, 3, 4, 5, 6] });
  });

  it('and what it rejects with comes out as it is; errors of the expression have their position', async () => {
    const failure = new Error('down');
    await expect(evaluate('1 + $fails()', { fails: () => Promise.reject(failure) })).rejects.toBe(failure);
    const error = await evaluate('1 + $map(list, function($v) { $later($v.k) + 1 })').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'T2001', position: 44 });
    expect(error).toBeInstanceOf(ExpressionError);
  });

  it('within the same budget, letting others run meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const endless = compileAsyncExpression('($f := function() { $f() & $f() }; $f())', {
      depth: 500,
      steps: 400_000,
      stepsPerValue: 0,
      items: 10,
      characters: 10,
    });
    const failure = await endless.evaluate({}, {}, 0).catch((error: unknown) => error);
    const loop = compileAsyncExpression('$reduce([1..40000], function($a, $b) { $b })').evaluate({}, {}, 0);
    expect(await loop).toBe(40_000);
    clearInterval(timer);
    expect((failure as ExpressionError).code).toMatch(/^D101[12]$/);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('where nobody waits', () => {
  it('a promise is an error that says so', () => {
    expect(() => compileExpression('$later(1)').evaluate({}, { later }, 0)).toThrow(expect.objectContaining({ code: 'D1015' }));
  });
});
