// Our engine finds what the host's finds, and takes bounded time where the host's does not.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../errors.ts';
import { stepsAtMost } from './cost.ts';
import { execute } from './engine.ts';
import { Pattern } from './pattern.ts';
import { programOf } from './program.ts';
import { readRegex } from './syntax.ts';

const atom = fc.constantFrom(
  'a',
  'b',
  'c',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '[ab]',
  '[^a]',
  '\\b',
  '^',
  '$',
  '[\\]\\d-]',
  '\\x61',
  '\\.',
);
const source = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    fc.tuple(tie('piece'), tie('piece')).map(([one, other]) => `(?:${one}|${other})`),
    tie('piece').map((inner) => `(${inner})`),
    fc
      .tuple(tie('piece'), fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{0,2}?', '{1,}'))
      .map(([inner, times]) => `(?:${inner})${times}`),
  ),
})).piece;
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '\n', '.', 'ü'), maxLength: 12 });

describe('our engine', () => {
  it('finds what the host finds: places, matches and groups', () => {
    fc.assert(
      fc.property(source, text, fc.constantFrom('', 'i', 'm', 'im'), (pattern, within, flags) => {
        const { root, groups } = readRegex(pattern);
        const program = programOf(root, groups, flags.includes('i'));
        fc.pre(program !== undefined);
        const slots = execute(program as never, within, 0, flags.includes('m'), () => undefined);
        const found = new RegExp(pattern, `${flags}d`).exec(within);
        const indices = found ? [...(found.indices ?? [])].map((pair) => pair ?? [-1, -1]) : undefined;
        const mine =
          slots &&
          Array.from({ length: groups + 1 }, (_, at) => {
            const pair = [slots[at * 2], slots[at * 2 + 1]];
            return pair[1] === -1 ? [-1, -1] : pair;
          });
        expect(mine).toEqual(indices);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});

describe('a pattern', () => {
  const long = 'a'.repeat(20_000);
  const spent = (pattern: string, within: string, flags = ''): number | string => {
    let steps = 0;
    try {
      new Pattern(pattern, flags).find(within, 0, (some) => {
        steps += some;
        if (steps > 10_000_000) throw new Error('budget');
      });
      return steps;
    } catch (error) {
      return error instanceof ExpressionError ? error.code : String(error);
    }
  };

  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(a|aa)+$',
    '(?:a+){10}b',
    '(.*)(.*)(.*)(.*)x',
    '\\s*a*\\s*b',
    '([a-z]+)*!',
    '(\\w+\\s?)+$!',
    'a*a*a*a*b',
  ])('that would stall the host takes linear time: %s', (pattern) => {
    const [half, whole] = [spent(pattern, long.slice(0, 10_000)), spent(pattern, long)];
    expect(whole).toBeLessThan(1_000_000);
    expect(Number(whole) / Number(half)).toBeLessThan(2.5);
  });

  it.each(['(a*)*b', '((a?)*)*b', '(a+)+\\1b', '(?=(a+)+b)a', '(?<=(a+)+)b', '(?i:(a+)+)b'])(
    'that no engine runs in bounded time ends in D4001: %s',
    (pattern) => {
      expect(spent(pattern, long)).toBe('D4001');
    },
  );

  it.each(['abc', '[a-z]{3}\\d+', '(foo|bar)-(\\d{4})', '^\\s+', '\\w+@\\w+'])(
    'of daily work goes to the host: %s',
    (pattern) => {
      expect(stepsAtMost(readRegex(pattern).root, 60)).toBeLessThan(20_000);
    },
  );
});
