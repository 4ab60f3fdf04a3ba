// Cutting lines: the same however the bytes come, bounded, and without keeping a chunk.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCutter } from './cut-lines.ts';

describe('lines', () => {
  it('are cut the same however the bytes come, and add up to all bytes', () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '\r', '\n', '\r\n', ' '), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(40), { maxLength: 5 }), fc.integer({ min: 0, max: 6 }), (given, places, lineBytesMax) => {
        expect(cut(given, places, lineBytesMax)).toEqual(linesOf(given, lineBytesMax));
      }),
      { numRuns: 1000 },
    );
  });

  it('hold no more than the bound of a line that never ends', () => {
    const cutter = new LineCutter(10);
    const chunk = new Uint8Array(1000).fill(0x61);
    for (let count = 0; count < 1000; count++) expect([...cutter.push(chunk)]).toEqual([]);
    expect([...cutter.end()]).toEqual([
      { bytes: new Uint8Array(10).fill(0x61), lengthBytes: 1_000_000, offsetBytes: 0, line: 1 },
    ]);
  });

  it('keep nothing of a chunk that is used again', () => {
    const cutter = new LineCutter(100);
    const chunk = Buffer.from('ab');
    expect([...cutter.push(chunk)]).toEqual([]);
    chunk.fill('!');
    expect(Array.from(cutter.push(Buffer.from('c\n')), plain)).toEqual([
      { text: 'abc', lengthBytes: 3, offsetBytes: 0, line: 1 },
    ]);
  });

  it('end with a CR and an LF of different chunks', () => {
    const cutter = new LineCutter(100);
    expect([...cutter.push(Buffer.from('a\r'))]).toEqual([]);
    expect(Array.from(cutter.push(Buffer.from('\nb')), plain)).toEqual([{ text: 'a', lengthBytes: 1, offsetBytes: 0, line: 1 }]);
    expect(Array.from(cutter.end(), plain)).toEqual([{ text: 'b', lengthBytes: 1, offsetBytes: 3, line: 2 }]);
  });
});

interface PlainLine {
  readonly text: string;
  readonly lengthBytes: number;
  readonly offsetBytes: number;
  readonly line: number;
}

function cut(text: string, places: readonly number[], lineBytesMax: number): PlainLine[] {
  const cutter = new LineCutter(lineBytesMax);
  const cuts = [...places.filter((place) => place < text.length).toSorted((one, other) => one - other), text.length];
  const chunks = cuts.map((to, index) => Buffer.from(text.slice(cuts[index - 1] ?? 0, to)));
  return [...chunks.flatMap((chunk) => Array.from(cutter.push(chunk), plain)), ...Array.from(cutter.end(), plain)];
}

function plain({ bytes, ...rest }: { readonly bytes: Uint8Array } & Omit<PlainLine, 'text'>): PlainLine {
  return { text: Buffer.from(bytes).toString(), ...rest };
}

/** What lines are, said another way: all text in memory, split by its ends. */
function linesOf(text: string, lineBytesMax: number): PlainLine[] {
  const matches = [...text.matchAll(/([^\n]*?)(\r?\n|\r?$)/g)].filter((match) => match[0] !== '');
  return matches.map(({ 1: content = '', index }, position) => ({
    text: content.slice(0, lineBytesMax),
    lengthBytes: content.length,
    offsetBytes: index,
    line: position + 1,
  }));
}
