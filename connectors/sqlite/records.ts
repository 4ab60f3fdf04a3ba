// Rows as JSON.

import type { Rows } from './protocol.ts';
import { fromSql } from './values.ts';

/** Each row by the names of its columns, the first `skip` of which are left out. */
export function recordsOf({ columns, rows }: Rows, skip = 0): Record<string, unknown>[] {
  const names = columns.slice(skip);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, fromSql(row[skip + index] ?? null)])));
}
