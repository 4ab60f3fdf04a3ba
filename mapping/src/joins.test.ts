// Look-ups and joins by key: they give what the reference gives, and take time that grows with the data, not with its square.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ours, oursWaiting, theirs } from './differential/run.fixture.ts';
import { compileExpression, defaultBudget } from './index.ts';

const evaluate = (text: string, input: unknown, budget = {}): unknown =>
  compileExpression(text, { ...defaultBudget, stepsPerValue: 0, ...budget }).evaluate(input, {}, 0);

describe('look-ups by key', () => {
  const stepsOf = (text: string, input: unknown): number => {
    let [low, high] = [1, 1 << 24];
    while (low < high) {
      const middle = (low + high) >> 1;
      try {
        evaluate(text, input, { steps: middle });
        high = middle;
      } catch {
        low = middle + 1;
      }
    }
    return low;
  };
  const data = (size: number) => ({
    customers: Array.from({ length: size }, (_, id) => ({ id })),
    orders: Array.from({ length: size }, (_, at) => ({ customer: { id: (at * 7) % size }, no: at, kind: 'a' })),
  });

  it.each([
    'customers.($c := $; $$.orders[customer.id = $c.id].no)',
    'customers.($c := id; $$.orders[$c = customer.id].no)',
    '($all := orders; $map(customers, function($c) { $all[customer.id = $c.id and no >= 0].no }))',
    'customers.($c := $; $$.orders[kind = "a" and $c.id = customer.id].no)',
    'customers@$c.$$.orders@$o[$o.customer.id = $c.id].{"id": $c.id, "no": $o.no}',
    'customers@$c.$$.orders@$o[$c.id = $o.customer.id and $o.no > 3][0].{"id": $c.id, "no": $o.no}',
    'orders@$o.$$.customers[id = $o.customer.id].{"id": id, "no": $o.no}',
    'customers.($c := $; $filter($$.orders, function($o) { $o.customer.id = $c.id and $o.no > 3 }).no)',
    '($all := orders; customers.($all ~> $filter(function($o) { $o.customer.id = id })).no)',
    '($all := customers; orders.$single($all, function($c) { $c.id = customer.id }).id)',
  ])('take time that grows with the data, not with its square: %s', (text) => {
    const [small, large] = [stepsOf(text, data(100)), stepsOf(text, data(400))];
    expect(large / small).toBeLessThan(5);
  });

  const key = fc.oneof(
    fc.constantFrom(0, 1, '1', 'a', null, true, false),
    fc.constant(undefined),
    fc.constantFrom([1], [1, 2], { a: 1 }, [], [[1], [1]]),
  );
  const joins = [
    'wanted.($x := $; {"at": [$$.items[k = $x.k and at > 0].at]})',
    'wanted.($x := k; {"at": [$$.items[$x = k].at]})',
    'wanted.($x := k; {"at": [$$.items[k = $x][0].at]})',
    'wanted.($x := k; $$.items[at > 1 and k = $x].at)',
    'wanted.($x := k; $$.items[k = 1 and k = $x].at)',
    'wanted.($x := k; $$.items[k = $x and $number(at) < 9]#$i.[$i, at])',
    'wanted@$w.$$.items@$i[$i.k = $w.k].{"w": $w.n, "i": $i.at}',
    'wanted@$w.$$.items@$i[$w.k = $i.k and $i.at > 3].{"w": $w.n, "i": $i.at}',
    'wanted@$w.$$.items@$i[$i.k = $w.k][0].{"w": $w.n, "i": $i.at}',
    'wanted@$w.$$.items@$i#$p[$i.k = $w.k].{"w": $w.n, "i": $i.at, "p": $p}',
    'wanted@$w.$$.items@$i[$i.k = $w.k]#$p.{"w": $w.n, "i": $i.at, "p": $p}',
    'wanted@$w.$$.items@$i[$i.k = 1].{"w": $w.n, "i": $i.at}',
    'wanted@$w.items@$i[$i.k = k].{"w": $w.n, "i": $i.at}',
    'wanted@$w.$$.items[k = $w.k].{"w": $w.n, "i": at}',
    'wanted#$p.$$.items[k = $p].at',
    'wanted@$w.$$.items[$w.k = k and at > 2]^(>at).{"w": $w.n, "i": at}',
    'wanted@$w.$$.items@$i[$i.k = $w.k]{$string($w.k): $sum($i.at)}',
    'wanted@$w.(items@$i)[$i.k = $w.k].at',
    'wanted.($w := $; $filter($$.items, function($i) { $i.k = $w.k and $i.at > 0 }).at)',
    '($all := items; wanted.($all ~> $filter(function($i) { $i.k = k })).at)',
    'wanted.($w := $; $filter($$.items, function($i, $p) { $i.k = $w.k and $p > 1 }).at)',
    'wanted.($w := $; $filter($$.items, function($w) { $w.k = $w.k }).at)',
    'wanted.($w := $; $filter($$.items.k, function($i) { $i.a = $w.k.a }))',
    'wanted.($w := $; $filter($$.nothing, function($i) { $i.k = $w.k }).at)',
    'wanted.($w := $; $single($$.items, function($i) { $i.k = $w.k and $i.at = 7 }).at)',
    'wanted.($w := $; $$.items.k[a = $w.k.a])',
  ];
  it.each(joins)('give what the reference gives: %s', async (text) => {
    const lists = fc.tuple(fc.array(key, { minLength: 8, maxLength: 16 }), fc.array(key, { minLength: 3, maxLength: 6 }));
    for (const [keys, wanted] of fc.sample(lists, { numRuns: 60, seed: 3 })) {
      const items = keys.map((k, at) => ({ k, at }));
      const input = { items, wanted: wanted.map((k, n) => ({ k, n, items })) };
      expect(ours(text, input)).toEqual(await theirs(text, input));
      expect(await oursWaiting(text, input)).toEqual(ours(text, input));
    }
  });

  it('see what a transform has changed', () => {
    const items = Array.from({ length: 10 }, (_, at) => ({ k: at, n: 0 }));
    const text = '$ ~> |all|{"first": [list[k = 1].n, list[k = 1].n], "list": [list.{"k": k + 1, "n": 5}]}|';
    const again = `(${text}) ~> |all|{"second": [list[k = 1].n, list[k = 1].n]}|`;
    expect(evaluate(`(${again}).all.[first, second]`, { all: { list: items } })).toEqual([0, 0, 5, 5]);
  });
});
