// The corpus: of right mappings nothing is told; of each wrong one what is wrong, at its place.

import { describe, expect, it } from 'vitest';
import { analyse, misfits, typeFrom } from '../index.ts';
import { order, right, target, wrong } from './corpus.fixture.ts';

/** What is told of a mapping between the two models, by the place. */
function toldOf(text: string): readonly { readonly fact: string; readonly at: number | undefined }[] {
  const { type, findings } = analyse(text, { input: typeFrom(order) });
  return [
    ...findings.map(({ kind, position }) => ({ fact: kind, at: position })),
    ...misfits(type, target).map(({ always, position }) => ({ fact: always ? 'misfit' : 'may-not-fit', at: position })),
  ];
}

describe('the corpus of mappings', () => {
  it('has at least 200, right and wrong', () => {
    expect(new Set([...right, ...wrong.map(({ text }) => text)]).size).toBeGreaterThanOrEqual(200);
    expect(right.length).toBeGreaterThanOrEqual(80);
  });

  it.each(right)('tells nothing of %s', (text) => {
    expect(toldOf(text)).toEqual([]);
  });

  it.each(wrong)('tells $fact of $text', ({ text, fact }) => {
    expect(toldOf(text.replace('§', ''))).toContainEqual({ fact, at: text.indexOf('§') });
  });
});
