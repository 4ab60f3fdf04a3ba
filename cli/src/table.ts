// Tables for terminals: columns as wide as they need, the widest cut where the screen is narrower.

import { plain } from './terminal.ts';
import type { Style, Terminal } from './terminal.ts';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string | number | undefined;
  readonly style?: (row: Row) => Style | undefined;
  readonly align?: 'right';
  /** Never cut: an id that is not whole is worth nothing. */
  readonly whole?: true;
}

const gap = '  ';
/** A column is not cut below this: less tells nothing. */
const widthMin = 8;

/** Lines of text; the titles first. Columns that are empty in all rows are left out. */
export function tableText<Row>(rows: readonly Row[], columns: readonly Column<Row>[], terminal: Terminal): string {
  const filled = columns
    .map((column) => ({ column, cells: rows.map((row) => plain(String(column.text(row) ?? ''))) }))
    .filter(({ cells }) => cells.some(Boolean));
  const natural = filled.map(({ column, cells }) => Math.max(column.title.length, ...cells.map(widthOf)));
  const widths = fitting(
    natural,
    filled.map(({ column }) => column),
    terminal.columns,
  );
  const line = (cell: (index: number) => string, style: (index: number) => Style | undefined): string => {
    const cells = filled.map(({ column }, index) => {
      const text = fit(cell(index), widths[index] ?? 0, column.align, index === filled.length - 1);
      const wanted = style(index);
      return wanted ? terminal.style(wanted, text) : text;
    });
    return cells.join(gap).trimEnd();
  };
  const head = line(
    (index) => filled[index]?.column.title ?? '',
    () => 'dim',
  );
  const body = rows.map((row, at) =>
    line(
      (index) => filled[index]?.cells[at] ?? '',
      (index) => filled[index]?.column.style?.(row),
    ),
  );
  return [head, ...body].join('\n');
}

/** Takes from the widest that may be cut, one character at a time, until the line fits or nothing can give. */
function fitting(
  natural: readonly number[],
  columns: readonly Column<never>[],
  available: number | undefined,
): readonly number[] {
  const widths = [...natural];
  if (available === undefined) return widths;
  const total = (): number => widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1);
  while (total() > available) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      if (!columns[index]?.whole && width > Math.max(widthMin, widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function fit(text: string, width: number, align: 'right' | undefined, isLast: boolean): string {
  const cut = widthOf(text) > width ? `${cutTo(text, width - 1)}…` : text;
  const space = ' '.repeat(Math.max(0, width - widthOf(cut)));
  if (align === 'right') return space + cut;
  return isLast ? cut : cut + space;
}

function cutTo(text: string, width: number): string {
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) return cut;
    cut += segment;
  }
  return cut;
}

const graphemes = new Intl.Segmenter();
/** What takes two cells: East Asian scripts, their full-width forms, and emoji. */
const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]/u;
const ascii = /^[\x20-\x7e]*$/;

/** Cells of the screen that a text takes. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}
