// Reads tables/*.csv: code lists and cross-references, in which expressions look up with $xref.

import type { LookupTable, LookupTables } from '../step/lookup-table.ts';
import type { ProjectFolder } from './folder.ts';
import { nameOfFile } from './names.ts';
import { startOf } from './problems.ts';
import type { ProblemList } from './problems.ts';
import { readRows } from './table-rows.ts';
import type { TableRow } from './table-rows.ts';

export function readTables(folder: ProjectFolder, problems: ProblemList): LookupTables {
  const tables = folder.filesIn('tables', /^[^/]+\.csv$/).flatMap((file) => readTable(folder, file, problems) ?? []);
  return new Map(tables.map((table) => [table.name, table]));
}

/** A table is one even where it has problems: expressions that name it are not to blame. */
function readTable(folder: ProjectFolder, file: string, problems: ProblemList): LookupTable | undefined {
  const text = folder.readText(file);
  if (text === undefined) return undefined;
  const name = nameOfFile(file, problems);
  const { rows, fault } = readRows(text);
  if (fault) problems.error('MORTISE_PROJECT_TABLE', { file, line: fault.line, column: 1 }, fault.message);
  const [head, ...body] = rows;
  if (!head) {
    if (!fault) problems.error('MORTISE_PROJECT_TABLE', startOf(file), `${file} is empty; its first line names the columns.`);
    return { name, file, columns: [], rows: [] };
  }
  reportColumns(file, head, problems);
  for (const { line, cells } of body.filter((row) => row.cells.length !== head.cells.length)) {
    const message = `The row has ${cells.length} cells; expected ${head.cells.length}, as the first line has.`;
    problems.error('MORTISE_PROJECT_TABLE', { file, line, column: 1 }, message);
  }
  return { name, file, columns: head.cells, rows: body };
}

function reportColumns(file: string, { line, cells }: TableRow, problems: ProblemList): void {
  const [first = ''] = cells;
  const place = { file, line, column: 1 };
  if (cells.length === 1 && /[;\t|]/.test(first))
    problems.error(
      'MORTISE_PROJECT_TABLE',
      place,
      `The only column is "${first}".`,
      'Separate cells by commas, not by anything else.',
    );
  for (const [index, name] of cells.entries()) {
    if (name.trim() === '') problems.error('MORTISE_PROJECT_TABLE', place, `Column ${index + 1} has no name.`);
    else if (cells.indexOf(name) < index) problems.error('MORTISE_PROJECT_TABLE', place, `Two columns are called "${name}".`);
  }
}
