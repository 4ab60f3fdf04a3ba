// Laws of walking along fields: looking changes nothing, and every value that a field holds is looked at once.

import { field } from '@mortise/sdk';
import type { Path } from '@mortise/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapFields, walkFields } from './walk.ts';

const text = field.text({ doc: 'A text.' });
const secret = field.secret({ doc: 'A secret.' });
const fields = {
  text,
  list: field.list(text, { doc: 'Texts.' }),
  record: field.record(field.list(secret, { doc: 'Secrets.' }), { doc: 'By name.' }),
  group: field.group({ inner: field.group({ text, secret }, { doc: 'Both.' }) }, { doc: 'Deeper.' }),
  either: field.oneOf(
    [
      text,
      field.group({ kind: field.choice(['a'], { doc: 'One.' }), text }, { doc: 'One.' }),
      field.group({ kind: field.choice(['b'], { doc: 'Two.' }), secret }, { doc: 'Two.' }),
      field.list(secret, { doc: 'Several.' }),
    ],
    { doc: 'One of four.' },
  ),
};

const word = fc.stringMatching(/^[a-z]{1,5}$/);
const values = fc.record(
  {
    text: word,
    list: fc.array(word),
    record: fc.dictionary(word, fc.array(word)),
    group: fc.record({ inner: fc.record({ text: word, secret: word }) }),
    either: fc.oneof(
      word,
      fc.record({ kind: fc.constant('a'), text: word }),
      fc.record({ kind: fc.constant('b'), secret: word }),
      fc.array(word),
    ),
    unknown: fc.anything(),
  },
  { requiredKeys: [] },
);

describe('walking along fields', () => {
  it('gives an equal copy where nothing is changed', () => {
    fc.assert(
      fc.property(values, (given) => {
        expect(mapFields(fields, given, (_spec, value) => value)).toEqual(given);
      }),
    );
  });

  it('looks at each value once, with the path that leads to it', () => {
    fc.assert(
      fc.property(values, (given) => {
        const seen: [Path, unknown][] = [];
        walkFields(fields, given, (_spec, value, path) => seen.push([path, value]));
        const { unknown: _unknown, ...known } = given;
        expect(seen.map(([, value]) => value)).toEqual(leavesOf(known));
        for (const [path, value] of seen)
          expect(path.reduce((inner, part) => (inner as Record<string, unknown>)[part], given as unknown)).toBe(value);
      }),
    );
  });

  it('knows which form of several is meant', () => {
    const kinds = (either: unknown): string[] => {
      const seen: string[] = [];
      walkFields(fields, { either }, (spec) => seen.push(spec.kind));
      return seen;
    };
    expect(kinds('a')).toEqual(['text']);
    expect(kinds({ kind: 'a', text: 'x' })).toEqual(['choice', 'text']);
    expect(kinds({ kind: 'b', secret: 'x' })).toEqual(['choice', 'secret']);
    expect(kinds(['x', 'y'])).toEqual(['secret', 'secret']);
    expect(kinds({ kind: 'c' })).toEqual(['oneOf']);
  });
});

function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}
