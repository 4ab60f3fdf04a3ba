// Places of cells: columns by their letters, and ranges.

export interface CellRange {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** 1 for A, 28 for AB; 0 for none. */
export function columnNumber(letters: string): number {
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

export function columnLetters(column: number): string {
  const rest = (column - 1) % 26;
  const last = String.fromCharCode(65 + rest);
  return column <= 26 ? last : columnLetters((column - 1 - rest) / 26) + last;
}

/** All cells where no range is given. */
export function rangeOf(range: string | undefined): CellRange {
  const [, from = 'A', top = '1', to, bottom] = /^([A-Z]+)(\d+):([A-Z]+)(\d*)$/.exec(range ?? '') ?? [];
  return {
    firstColumn: columnNumber(from),
    firstRow: Number(top),
    lastColumn: to === undefined ? Infinity : columnNumber(to),
    lastRow: bottom === undefined || bottom === '' ? Infinity : Number(bottom),
  };
}
