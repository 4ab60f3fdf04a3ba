// Tables: as wide as they need, and never wider than the screen.

import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableText, widthOf } from './table.ts';
import type { Column } from './table.ts';
import { plain } from './terminal.ts';
import type { Terminal } from './terminal.ts';

function terminal(columns?: number, coloured = false): Terminal {
  return {
    columns,
    coloured,
    print: () => undefined,
    printError: () => undefined,
    style: (style, text) => (coloured ? `\u001b[1m<${style}>${text}\u001b[0m` : text),
  };
}

interface Row {
  readonly id: string;
  readonly count: number;
  readonly text?: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id, whole: true },
  { title: 'COUNT', text: ({ count }) => count, align: 'right' },
  { title: 'TEXT', text: ({ text }) => text },
];

describe('a table', () => {
  it('is aligned, and has no space at the end of its lines', () => {
    const rows = [
      { id: 'a', count: 1, text: 'one' },
      { id: 'long-one', count: 1000 },
    ];
    expect(tableText(rows, columns, terminal())).toBe(
      ['ID        COUNT  TEXT', 'a             1  one', 'long-one   1000'].join('\n'),
    );
  });

  it('leaves out columns that are empty in all rows', () => {
    expect(tableText([{ id: 'a', count: 1 }], columns, terminal())).toBe('ID  COUNT\na       1');
  });

  it('cuts the widest column where the screen is narrower, and never what must be whole', () => {
    const rows = [{ id: '0123456789', count: 1, text: 'a text that is far too long for this' }];
    expect(tableText(rows, columns, terminal(32))).toBe('ID          COUNT  TEXT\n0123456789      1  a text that …');
    expect(tableText(rows, columns, terminal(5))).toContain('0123456789');
  });

  it('shows control characters of data, and does not send them to the screen', () => {
    const text = tableText([{ id: 'a', count: 1, text: 'x\u001b[31m\ny\u202e' }], columns, terminal());
    for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character);
    expect(text.split('\n')).toHaveLength(2);
  });

  it('is cut by what is seen: wide characters count twice, joined ones once', () => {
    expect(widthOf('注文')).toBe(4);
    expect(widthOf('e\u0301')).toBe(1);
    expect(widthOf('👩‍💻')).toBe(2);
    const cut = tableText([{ id: 'a', count: 1, text: '注文注文注文注文注文' }], columns, terminal(22)).split('\n')[1] ?? '';
    expect(widthOf(cut)).toBeLessThanOrEqual(22);
    expect(cut).toContain('…');
  });

  it('is never wider than the screen, unless what must be whole is', () => {
    const row = fc.record({
      id: fc.string({ maxLength: 10 }),
      count: fc.nat(),
      text: fc.string({ unit: 'grapheme', maxLength: 200 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 40, max: 200 }), (rows, width) => {
        for (const line of tableText(rows, columns, terminal(width)).split('\n'))
          expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('has the same text with colours as without', () => {
    const styled: readonly Column<Row>[] = [{ title: 'ID', text: ({ id }) => id, style: () => 'red' }, ...columns.slice(1)];
    const rows = [
      { id: 'a', count: 1, text: 'x' },
      { id: 'bbb', count: 22, text: 'y' },
    ];
    const coloured = stripVTControlCharacters(tableText(rows, styled, terminal(80, true))).replace(/<\w+>/g, '');
    expect(coloured.split('\n').map((line) => line.trimEnd())).toEqual(tableText(rows, styled, terminal(80)).split('\n'));
  });
});

describe('text from elsewhere', () => {
  it('stays on its line, and cannot steer the terminal', () => {
    expect(plain('a\r\nb\tc')).toBe('a b c');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plain(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      }),
    );
  });
});
