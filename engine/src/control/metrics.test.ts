// The text format of figures.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelText } from './metrics.ts';

describe('labels', () => {
  it('are written with backslash, quote and line feed escaped', () => {
    expect(labelText({ a: 'x', b: 'a\\b"c\nd' })).toBe('{a="x",b="a\\\\b\\"c\\nd"}');
    expect(labelText({})).toBe('');
  });

  it('come back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const text = labelText({ name: value });
        expect(text).not.toContain('\n');
        const inner = /^\{name="((?:[^"\\]|\\[\\"n])*)"\}$/.exec(text)?.[1] ?? 'not a label';
        expect(inner.replace(/\\([\\"n])/g, (_whole, escaped: string) => (escaped === 'n' ? '\n' : escaped))).toBe(value);
      }),
    );
  });
});
