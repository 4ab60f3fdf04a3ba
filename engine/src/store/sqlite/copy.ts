// Copies a database that is in use into a new file: one read transaction, so that the copy is of one moment.

import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** The copy has no free pages, and is on disk when this returns. What is committed meanwhile is not in it. */
export function copyDatabase(database: DatabaseSync, target: string): void {
  database.prepare('VACUUM INTO ?').run(target);
  const copied = openSync(target, 'r+');
  try {
    fsyncSync(copied);
  } finally {
    closeSync(copied);
  }
}
