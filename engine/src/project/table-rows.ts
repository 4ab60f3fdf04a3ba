// The rows of a table's text: comma-separated values (RFC 4180), with the line where each row begins.

export interface TableRow {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface Rows {
  readonly rows: readonly TableRow[];
  /** What leaves the rest unread. */
  readonly fault?: { readonly line: number; readonly message: string };
}

/** Quoted: anything, with quotes doubled. Plain: anything but commas, line ends and quotes. */
const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;

/** All rows up to the first fault. Lines without anything are left out. */
export function readRows(text: string): Rows {
  const rows: TableRow[] = [];
  let [at, line, firstLine] = [0, 1, 1];
  let cells: string[] = [];
  while (at < text.length || cells.length > 0) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (!found) return { rows, fault: { line, message: 'A quote stands within a cell, or is not closed.' } };
    const [whole, quoted, plain = '', end = ''] = found;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    line += lineEndsIn(whole);
    at += whole.length;
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: firstLine, cells });
    [cells, firstLine] = [[], line];
  }
  return { rows };
}

function lineEndsIn(text: string): number {
  return text.match(/\r?\n|\r/g)?.length ?? 0;
}
