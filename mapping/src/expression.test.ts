// What the official suite does not pin: positions and tokens of errors, budgets, marks, frozen inputs, functions of the host.

import { describe, expect, it } from 'vitest';
import { compileExpression, defaultBudget, ExpressionError } from './index.ts';
import type { Bindings } from './index.ts';

const evaluate = (text: string, input: unknown = {}, bindings: Bindings = {}, budget = {}): unknown =>
  compileExpression(text, { ...defaultBudget, stepsPerValue: 0, ...budget }).evaluate(input, bindings, 0);

function failureOf(text: string, input: unknown = {}, bindings: Bindings = {}, budget = {}): ExpressionError {
  try {
    evaluate(text, input, bindings, budget);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${text} did not fail.`);
}

describe('an error says where it is, and of what', () => {
  it.each([
    ['1 +', 'S0207', 3, '(end)'],
    ['"a" + 1', 'T2001', 5, '+'],
    ['{"x": 1 - "b"}', 'T2002', 9, '-'],
    ['a.b[c > "x"]', 'T2009', 7, '>'],
    ['$sum("a")', 'T0412', 5, 'sum'],
    ['$substring("abc", "x")', 'T0410', 11, 'substring'],
    ['$nothing()', 'T1006', 9, 'nothing'],
    ['$map([1], function($x) { $x & $uppercase(1) })', 'T0410', 41, 'uppercase'],
    ['[1..1e9]', 'D2014', 4, '..'],
    ['$error("stop")', 'D3137', 7, 'error'],
  ])('%s: %s at %i, %s', (text, code, position, token) => {
    const { code: found, position: at, token: of } = failureOf(text, { a: { b: { c: 1 } } });
    expect({ found, at, of }).toEqual({ found: code, at: position, of: token });
  });

  it('and shows no more than a short excerpt of a value', () => {
    expect(failureOf(`$number("${'secret '.repeat(100)}")`).message.length).toBeLessThan(150);
    expect(failureOf('{"a": 1} + 1').message).not.toContain('"a"');
  });
});

describe('a budget', () => {
  it.each([
    ['steps', { steps: 100 }, '[1..50].[1..50].$', 'D1012'],
    ['depth of calls', { depth: 50 }, '($f := function($n) { 1 + $f($n) }; $f(1))', 'D1011'],
    ['depth of values', { depth: 50 }, '$reduce([1..100], function($a, $i) { [[$a]] }, 1)', 'D1014'],
    ['items', { items: 50 }, '[1..30].$append($, $)', 'D2015'],
    ['characters', { characters: 50 }, '$reduce([1..10], function($a, $i) { $a & $a }, "ab")', 'D4000'],
    ['pictures', {}, '$formatInteger(1, $pad("0", 2000, "0"))', 'D3142'],
    ['regular expressions', {}, '$contains($pad("", 30000, "a"), /(a+)+\\1b/)', 'D4001'],
    ['values that hold themselves', {}, '$ ~> |$|{"self": $}|', 'D1014'],
    ['functions that look like promises', {}, '{"then": function() { 1 }}', 'D1016'],
    ['functions that the host would call later', {}, '{"a": {"toJSON": function() { 1 }}}', 'D1016'],
    ['such functions that are merged in', {}, '$merge([{"a": 1}, {("to" & "JSON"): $sum}])', 'D1016'],
    ['transforms that make a value hold itself', {}, '$ ~> |$|{"b": [$$, $]}| ~> |b|{"c": $}|', 'D1014'],
    ['two values that hold each other', {}, '($x := {"n": {"m": {}}} ~> |n|{"up": $}|; $x)', 'D1014'],
  ])('of %s ends in a defined error', (_, budget, text, code) => {
    expect(failureOf(text, { a: 1 }, {}, budget).code).toBe(code);
  });

  it('grows with what the host gave: the input and the bindings, and not with what the expression made', () => {
    const list = Array.from({ length: 2000 }, (_, at) => ({ at }));
    const grows = { steps: 1000, stepsPerValue: 5 };
    expect(evaluate('$sum(list.($string(at); at + 1))', { list }, {}, grows)).toBe(2_001_000);
    expect(evaluate('$sum($list.($string(at); at + 1))', {}, { list }, grows)).toBe(2_001_000);
    expect(evaluate('$length(text.$uppercase($) & $lowercase(text))', { text: 'ab'.repeat(20_000) }, {}, grows)).toBe(80_000);
    expect(failureOf('$sum([1..2000].($string($); $ + 1))', { list: [] }, {}, grows).code).toBe('D1012');
    expect(failureOf('($l := [1..1000]; $eval("$sum($l.($string($); $ + 1))"))', {}, {}, grows).code).toBe('D1012');
    expect(failureOf('list.($$.list.(at + 1))', { list }, {}, grows).code).toBe('D1012');
  });

  it('is new for each evaluation', () => {
    const compiled = compileExpression('$count([1..1000].($ + 1))', { ...defaultBudget, steps: 5000, stepsPerValue: 0 });
    for (let times = 0; times < 10; times += 1) expect(compiled.evaluate({}, {}, 0)).toBe(1000);
  });
});

/** A value that nobody can change. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const one of Object.values(Object.freeze(value))) frozen(one);
  return value;
}

describe('the input', () => {
  it.each([
    '$',
    'list',
    'list[]',
    'list ~> |$|{"n": 9}|',
    '[list, list]',
    'list{k: n}',
    '$append(list, 1)',
    'list^(n)',
    '$sort(list.n)',
    '**',
    '$reverse(list)',
    'list.[n]',
  ])('is not changed by %s', (text) => {
    const input = {
      list: [
        { k: 'a', n: 2 },
        { k: 'b', n: 1 },
      ],
    };
    const before = structuredClone(input);
    expect(() => evaluate(text, frozen(input))).not.toThrow();
    expect(input).toEqual(before);
  });

  it('gets no marks from an evaluation that would show in the next', () => {
    const input = { list: [[1, 2], [3]], one: [1] };
    const texts = [
      'one',
      'one[]',
      'list.$',
      'list[0]',
      '[one]',
      '[one].$',
      '$$.one',
      '{"a": one}.a',
      '(one; list)',
      'list.[$]',
      '$[0].one',
    ];
    const alone = texts.map((text) => JSON.stringify(evaluate(text, structuredClone(input))));
    for (const order of [texts, texts.toReversed()]) for (const text of order) evaluate(text, input);
    expect(texts.map((text) => JSON.stringify(evaluate(text, input)))).toEqual(alone);
  });

  it('and a result put in again behaves as the same JSON does', () => {
    const makers = ['a[]', 'a.b', '[a.b]', 'a.[b]', '**', 'a{"x": [b]}', '$map(a, function($v) { [$v.b] })', '$spread(a)'];
    const input = { a: [{ b: 1 }] };
    for (const maker of makers) {
      const result = evaluate(maker, input);
      const copy: unknown = result === undefined ? undefined : JSON.parse(JSON.stringify(result));
      for (const text of ['$', '$[0]', '$.x', '[$]', '$.b', '$count($)', '{"v": $}.v', 'x.$'])
        expect(JSON.stringify(evaluate(text, result))).toBe(JSON.stringify(evaluate(text, copy)));
    }
  });
});

describe('an object of the host', () => {
  const inherited = Object.create({ secret: 1, inner: { deep: 2 } }) as Record<string, unknown>;
  inherited['own'] = 3;
  it.each([
    ['a prototype of its own', inherited],
    [
      'a class',
      new (class extends (Object.assign(class {}, {}) as new () => object) {
        own = 3;
        get secret() {
          return 1;
        }
      })(),
    ],
    ['no prototype', Object.assign(Object.create(null) as object, { own: 3 })],
    [
      'a field that is named as what leads to a prototype',
      JSON.parse('{ "__proto__": { "secret": 1, "inner": { "deep": 2 } }, "own": 3 }'),
    ],
    ['a field that is named as its class', { constructor: Object, own: 3 }],
  ])('shows its own fields only: %s', (_, object: unknown) => {
    const text =
      '{"own": [own], "of": [$o.own, o.own], "not": [secret, inner.deep, $o.secret, o.inner.deep, list.secret, list.own]}';
    expect(evaluate(text, { o: object, list: [object] }, { o: object })).toEqual({ own: [], of: [3, 3], not: [3] });
    expect(evaluate('[own, secret, inner.deep, $.secret, $lookup($, "secret")]', object)).toEqual([3]);
  });
});

describe('a function of the host', () => {
  it('is called with values, and calls back functions that it is handed', () => {
    const twice = (run: (value: number) => unknown): readonly unknown[] => [run(1), run(2)];
    expect(evaluate('$twice(function($x) { $string($x + 1) })', {}, { twice })).toEqual(['2', '3']);
    expect(evaluate('($f := function($n) { $n > 3 ? $n : $f($n + 1) }; $twice($f))', {}, { twice })).toEqual([4, 4]);
  });

  it('never stands in the place of a built-in function where that is called', () => {
    expect(evaluate('$sum([1, 2])', {}, { sum: () => 99 })).toBe(3);
    expect(evaluate('$map([[1, 2]], $sum)', {}, { sum: () => 99 })).toBe(99);
  });

  it('throws its own errors through', () => {
    const failure = new Error('of the host');
    expect(() =>
      evaluate(
        '1 + $fails()',
        {},
        {
          fails: () => {
            throw failure;
          },
        },
      ),
    ).toThrow(failure);
  });

  it('shows nothing of itself but that it can be called', () => {
    const secret = Object.assign(() => 1, { secret: 2 });
    expect(evaluate('[$f.secret, $keys($f), $lookup($f, "secret"), $f()]', {}, { f: secret })).toEqual([1]);
  });
});
