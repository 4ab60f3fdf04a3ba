// What the README says beyond its snippets, as far as other tests do not show it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileAsyncExpression, compileExpression, defaultBudget } from './index.ts';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const evaluate = (text: string, input: unknown = {}, nowMs = 0): unknown => compileExpression(text).evaluate(input, {}, nowMs);

describe('the package', () => {
  it('takes the parser of the reference package, and nothing else', () => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: object };
    expect(Object.keys(dependencies)).toEqual(['jsonata']);
    const code = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
      .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'utf8') }));
    expect(code.length).toBeGreaterThan(50);
    expect(code.filter(({ text }) => text.includes("'jsonata")).map(({ file }) => file)).toEqual(['parse.ts']);
    const outside = code.flatMap(({ text }) => [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name));
    expect(new Set(outside)).toEqual(new Set(['jsonata', 'node:crypto', 'node:module']));
  });

  it('says its default budget', () => {
    const row = (name: string): string => new RegExp(`^\\| \`${name}\` \\| ([^|]*?) \\|`, 'm').exec(readme)?.[1] ?? '';
    expect(row('steps')).toBe(defaultBudget.steps.toLocaleString('en'));
    expect(row('stepsPerValue')).toBe(String(defaultBudget.stepsPerValue));
    expect(row('depth')).toBe(defaultBudget.depth.toLocaleString('en'));
    expect(row('items')).toBe(`${defaultBudget.items / 1e6} million`);
    expect(row('characters')).toBe(`${defaultBudget.characters / 2 ** 20} Mi`);
  });
});

describe('an expression', () => {
  it('says whether the same input gives the same result, and which variables of the host it reads', () => {
    const facts = (text: string): readonly unknown[] => {
      const { deterministic, variables } = compileExpression(text);
      const waiting = compileAsyncExpression(text);
      expect([waiting.deterministic, waiting.variables]).toEqual([deterministic, variables]);
      return [deterministic, ...variables];
    };
    expect(facts('$sum(a) + $now()')).toEqual([true]);
    expect(facts('$random()')).toEqual([false]);
    expect(facts('$shuffle(a)')).toEqual([false]);
    expect(facts('$map(a, $random)')).toEqual([false]);
    expect(facts('$eval("1")')).toEqual([false]);
    expect(facts('($x := $given; function($y) { $x + $y + $other }; a@$l#$p.($l & $p))')).toEqual([true, 'given', 'other']);
  });

  it('has the time of the host, which stands still', () => {
    expect(evaluate('[$millis(), $now(), $toMillis($now())]', {}, 1_000)).toEqual([1000, '1970-01-01T00:00:01.000Z', 1000]);
    expect(evaluate('$distinct([1..5000].$millis())', {}, 7)).toBe(7);
  });

  it('evaluates items and pairs in their order: the first that fails is told', () => {
    expect(() => evaluate('[1 + "a", $number("x")]')).toThrow(expect.objectContaining({ code: 'T2002' }));
    expect(() => evaluate('{"a": $number("x"), "b": 1 + "a"}')).toThrow(expect.objectContaining({ code: 'D3030' }));
  });

  it('adds nothing to an empty array of its input that it groups, and leaves alone what a transform cannot update', () => {
    const input = { none: [], text: 'a' };
    expect(evaluate('none{"a": $count($)}', input)).toBeDefined();
    expect(evaluate('$ ~> |text|{"b": 1}|', input)).toEqual(input);
    expect(input).toEqual({ none: [], text: 'a' });
  });

  it('never shows what a getter or a method of a class gives, but what a field of the host computes', () => {
    const computed = Object.defineProperty({}, 'own', { get: () => 5, enumerable: true });
    expect(evaluate('own', computed)).toBe(5);
    class Kept {
      readonly own = 1;
      get hidden(): number {
        return 2;
      }
    }
    expect(evaluate('{"own": own, "hidden": hidden}', new Kept())).toEqual({ own: 1 });
  });
});
