// Named parameters in statements of one's own: found where they are, left alone where they are not.

import { Rejected } from '@mortise/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executions, own, parse } from './parameters.ts';

const pieces = fc.constantFrom(
  "'it''s :no'",
  "E'a\\':no'",
  '"a :no "" b"',
  '$$ :no $$',
  '$tag$ $$ :no ; $tag$',
  '-- :no ; $1\n',
  '/* :no /* :no */ ; */',
  'a::text',
  'f(x := 1)',
  'b[1:2]',
  'SELECT',
  ',',
  '1.5',
);

describe('a statement', () => {
  it.each([
    ['SELECT :a, :b, :a', 'SELECT $1, $2, $1', ['a', 'b']],
    ["SELECT ':a', :b::int, now()::date", "SELECT ':a', $1::int, now()::date", ['b']],
    ['SELECT x[1:2], f(y := :a)', 'SELECT x[1:2], f(y := $1)', ['a']],
    ['SELECT /* :x /* :y */ :z */ :a -- :b', 'SELECT /* :x /* :y */ :z */ $1 -- :b', ['a']],
    ['DO $$ BEGIN x := :a; END $$', 'DO $$ BEGIN x := :a; END $$', []],
    ['SELECT 1; -- end', 'SELECT 1; -- end', []],
    ['SELECT :ids::int[], :ids', 'SELECT $1::int[], $2', ['ids', 'ids']],
  ])('%j has its parameters where they are', (statement, sql, names) => {
    const parsed = parse(statement);
    expect(parsed.sql).toBe(sql);
    expect(parsed.parameters.map(({ name }) => name)).toEqual(names);
  });

  it('keeps everything but its parameters, wherever they stand', () => {
    const parameter = fc.constantFrom(' :first ', ' :second ');
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, parameter), { maxLength: 12 }), (parts) => {
        const known = new Map<string, number>();
        const expected = parts.map((part) => {
          if (!part.startsWith(' :')) return part;
          if (!known.has(part)) known.set(part, known.size + 1);
          return ` $${known.get(part)} `;
        });
        const { sql, parameters } = parse(['SELECT', ...parts].join(' '));
        expect(sql).toBe(['SELECT', ...expected].join(' '));
        expect(parameters).toHaveLength(known.size);
      }),
    );
  });

  it.each([
    ['SELECT 1; DROP TABLE t', 'second one'],
    ['SELECT $1', 'without a name'],
    ['commit', 'must not begin with commit'],
    ['/* x */ ROLLBACK', 'must not begin with ROLLBACK'],
    ['SELECT :missing', '"missing" is not given: there is id'],
  ])('%j is Rejected', (statement, words) => {
    expect(() => own(statement, { id: 1 })).toThrow(Rejected);
    expect(() => own(statement, { id: 1 })).toThrow(words);
  });

  it('binds values as the text that the server reads, lists as arrays where they are cast to such', () => {
    const row = { a: 'x', b: 1.5, c: true, d: null, e: ['x,"y"', null, ['z\\']], f: { g: 1 }, h: 12345678901234567890n };
    expect(own('SELECT :a, :b, :c, :d, :e::text[], :e, :f, :h', row).values).toEqual([
      'x',
      '1.5',
      'true',
      null,
      '{"x,\\"y\\"",NULL,{"z\\\\"}}',
      '["x,\\"y\\"",null,["z\\\\"]]',
      '{"g":1}',
      '12345678901234567890',
    ]);
    expect(own('SELECT :e::"my type"[]', row).values).toEqual(['{"x,\\"y\\"",NULL,{"z\\\\"}}']);
  });

  it('runs once for each row, or once where it takes nothing from it', () => {
    const rows = () => [{ a: 1 }, { a: 2 }];
    expect(executions(rows, { statement: 'SELECT :a' }).map(({ values }) => values)).toEqual([['1'], ['2']]);
    expect(executions(rows, { statement: 'SELECT 1' })).toHaveLength(1);
    expect(executions(rows, { statement: 'SELECT :a', parameters: { a: 3 } }).map(({ values }) => values)).toEqual([['3']]);
  });
});
