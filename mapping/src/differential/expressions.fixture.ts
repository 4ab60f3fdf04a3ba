// Expressions and documents by grammar: what the differential test compares both implementations on.

import * as fc from 'fast-check';

const names = ['a', 'b', 'c', 'd', 'order', 'lines'];
const texts = ['', 'x', 'a', 'ab c', 'A-12', '12', 'lines', 'ü€'];

const name = fc.constantFrom(...names);

/** A document: objects and arrays of few names, so that paths often hit. */
export const document: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(0, 1, 2, -1, 1.5, 10, 100, null, true, false),
    fc.constantFrom(...texts),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const literal = fc.oneof(
  fc.constantFrom('0', '1', '2', '-1', '1.5', 'true', 'false', 'null'),
  fc.constantFrom(...texts).map((text) => JSON.stringify(text)),
);

const binary = ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'in', 'and', 'or', '..', '?:', '??'];
const unaries =
  'sum count max min average string number length uppercase lowercase trim keys reverse distinct boolean not exists type spread merge sort abs floor ceil round'.split(
    ' ',
  );
const callbacks = ['map', 'filter', 'each', 'sift', 'single'];

/** An expression in text. Values of every type meet every operator: errors are compared as well. */
export const expression: fc.Arbitrary<string> = fc.letrec<{ expr: string; path: string; step: string; primary: string }>(
  (tie) => ({
    expr: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('path'),
      literal,
      fc
        .tuple(tie('expr'), fc.constantFrom(...binary), tie('expr'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(fc.constantFrom(...unaries), tie('expr')).map(([called, argument]) => `$${called}(${argument})`),
      fc.tuple(tie('expr'), tie('expr'), tie('expr')).map(([test, then, other]) => `(${test} ? ${then} : ${other})`),
      fc.array(tie('expr'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc
        .array(fc.tuple(name, tie('expr')), { maxLength: 3 })
        .map((pairs) => `{${pairs.map(([key, one]) => `"${key}": ${one}`).join(', ')}}`),
      fc
        .tuple(fc.constantFrom(...callbacks), tie('path'), tie('expr'))
        .map(([called, from, body]) => `$${called}(${from}, function($v) { ${body} })`),
      fc.tuple(tie('path'), tie('expr')).map(([from, start]) => `$reduce(${from}, function($i, $v) { $i & $v }, ${start})`),
      fc.tuple(tie('expr'), tie('expr')).map(([bound, body]) => `($v := ${bound}; ${body})`),
      fc.tuple(tie('path'), fc.constantFrom(...unaries)).map(([from, called]) => `(${from} ~> $${called})`),
      fc.tuple(tie('path'), name, tie('expr')).map(([from, key, update]) => `(${from} ~> |$|{"${key}": ${update}}|)`),
      fc.tuple(tie('expr'), tie('expr')).map(([first, second]) => `$append(${first}, ${second})`),
      fc.tuple(tie('expr'), name).map(([from, key]) => `$lookup(${from}, "${key}")`),
      fc.tuple(tie('expr'), fc.constantFrom('0', '1', '-1', '2')).map(([from, at]) => `$substring(${from}, ${at})`),
      fc.tuple(tie('expr'), fc.constantFrom('" "', '"a"', '/[a-c]/', '/b|x/')).map(([from, by]) => `$split(${from}, ${by})`),
      fc.tuple(tie('expr'), fc.constantFrom('""', '","')).map(([from, by]) => `$join(${from}, ${by})`),
    ),
    path: fc
      .tuple(
        tie('primary'),
        fc.array(tie('step'), { maxLength: 3 }),
        fc.constantFrom('', '', '', '[]', '^(a)', '^(>b)', '{a: $sum(b)}', '{"x": c}'),
      )
      .map(([first, steps, end]) => [first, ...steps].join('.') + end),
    primary: fc.oneof(
      name,
      name,
      fc.constantFrom('$', '$$', '$v', '*', '**'),
      tie('expr').map((inner) => `(${inner})`),
    ),
    step: fc.oneof(
      { withCrossShrink: true },
      name,
      name,
      fc.constantFrom('*', '**', '$', '%.a'),
      fc
        .tuple(name, fc.constantFrom('0', '1', '-1', 'a', 'b = 1', '$ > 1', '[0..1]', 'true', '$count(c) > 1'))
        .map(([key, test]) => `${key}[${test}]`),
      fc.tuple(name, fc.constantFrom('@$v', '#$v')).map(([key, binding]) => key + binding),
      tie('expr').map((inner) => `(${inner})`),
      fc.tuple(name, tie('expr')).map(([key, inner]) => `{"${key}": ${inner}}`),
      tie('expr').map((inner) => `[${inner}]`),
    ),
  }),
).expr;
