// Checks what expressions look up in tables, as far as it is written as literal text.

import { nearest } from '@mortise/sdk';
import type { Lookup } from '../step/expression.ts';
import { repeatedIn } from '../step/lookup-table.ts';
import type { LookupTable, LookupTables } from '../step/lookup-table.ts';
import type { Place, ProblemList } from './problems.ts';

/** Tells what is wrong with the look-ups of an expression; `placeOf` gives the place of each. */
export function checkLookups(
  lookups: readonly Lookup[],
  tables: LookupTables,
  problems: ProblemList,
  placeOf: (lookup: Lookup) => Place,
): void {
  for (const lookup of lookups) {
    const place = placeOf(lookup);
    const [table, from, , to] = lookup.arguments;
    if (lookup.arguments.length < 4 || lookup.arguments.length > 5) {
      const message = `$xref is given ${lookup.arguments.length} arguments; expected four, or five with a default.`;
      problems.addAt(
        'MORTISE_FLOW_EXPRESSION',
        place,
        message,
        'Write $xref(table, from, value, to) or $xref(table, from, value, to, default).',
      );
    } else if (table !== undefined) checkTable(table, [from, to], tables, problems, place);
  }
}

function checkTable(
  name: string,
  [from, to]: readonly (string | undefined)[],
  tables: LookupTables,
  problems: ProblemList,
  place: Place,
): void {
  const table = tables.get(name);
  if (!table) return unknown(`There is no table "${name}".`, name, [...tables.keys()], problems, place);
  for (const column of new Set([from, to])) {
    if (column !== undefined && !table.columns.includes(column))
      unknown(`${table.file} has no column "${column}".`, column, table.columns, problems, place);
  }
  if (from !== undefined) checkKeys(table, from, problems);
}

function checkKeys(table: LookupTable, column: string, problems: ProblemList): void {
  if (!table.columns.includes(column)) return;
  for (const { value, line, firstLine } of repeatedIn(table, column)) {
    const message = `"${value.slice(0, 100)}" stands in column "${column}" already, in line ${firstLine}, and a flow looks it up there.`;
    problems.addAt('MORTISE_FLOW_TABLE_KEY', { file: table.file, line, column: 1 }, message);
  }
}

function unknown(message: string, name: string, known: readonly string[], problems: ProblemList, place: Place): void {
  const near = nearest(name, known);
  const remedy = near ? `Did you mean "${near}"?` : `Known are: ${known.join(', ') || 'none'}.`;
  problems.addAt('MORTISE_FLOW_UNKNOWN_NAME', place, message, remedy);
}

/** The texts of the tables that look-ups go by: all of them where one is chosen by an expression. */
export function tablesOf(lookups: readonly Lookup[], tables: LookupTables): readonly LookupTable[] {
  const named = lookups.map(({ arguments: [table] }) => table);
  if (named.includes(undefined)) return [...tables.values()];
  return [...tables.values()].filter(({ name }) => named.includes(name));
}
