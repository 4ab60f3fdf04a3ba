// CSV for spreadsheets (RFC 4180): what came from outside is never taken for a formula.

export type Cell = string | number | boolean | undefined;

export function csvText(titles: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [titles, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** A spreadsheet runs a text that begins like a formula; an apostrophe before it makes it a text. */
function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
