// Overwrites what is left in the file and in its log of rows that are gone.

import type { DatabaseSync } from 'node:sqlite';
import { storeError } from '../errors.ts';
import { Statements } from './statements.ts';
import { asNumber } from './values.ts';

/** So many pages are written in one transaction: 32 MiB, so that the log does not grow past its limit. */
const pagesAtOnce = 4096;
/** Commits wait meanwhile: readers get two seconds in all. */
const cutsMax = 4;
const cutTimeoutMs = 500;

/** Commits wait until it is done. */
export function scrub(database: DatabaseSync): void {
  const statements = new Statements(database);
  database.exec('PRAGMA secure_delete = ON');
  try {
    if (statements.row("SELECT value FROM facts WHERE name = 'remnants'")?.[0] === 1) {
      // Versions before overwrote nothing: what they left may lie in any page.
      database.exec('VACUUM');
      statements.run("UPDATE facts SET value = 0 WHERE name = 'remnants'");
    } else fillFreePages(database, statements);
  } finally {
    database.exec('PRAGMA secure_delete = FAST');
  }
  cutLog(statements);
}

/** Every free page is taken up by a table of zeros, which then goes: what is freed is zeros then. */
function fillFreePages(database: DatabaseSync, statements: Statements): void {
  const pragma = (name: string): number => asNumber(statements.row(`PRAGMA ${name}`)?.[0]);
  const pageBytes = pragma('page_size');
  database.exec('DROP TABLE IF EXISTS scrub; CREATE TABLE scrub (zeros)');
  for (let free = pragma('freelist_count'); free > 0; free = pragma('freelist_count'))
    database.exec(`INSERT INTO scrub VALUES (zeroblob(${Math.min(free, pagesAtOnce) * pageBytes}))`);
  database.exec('DROP TABLE scrub');
}

/** Throws MORTISE_STORE_LOG_IN_USE where readers hold on to it. */
function cutLog(statements: Statements): void {
  const [usualMs] = statements.row('PRAGMA busy_timeout') ?? [];
  statements.row(`PRAGMA busy_timeout = ${cutTimeoutMs}`);
  try {
    for (let cut = 0; cut < cutsMax; cut++) if (statements.row('PRAGMA wal_checkpoint(TRUNCATE)')?.[0] === 0) return;
  } finally {
    statements.row(`PRAGMA busy_timeout = ${asNumber(usualMs)}`);
  }
  throw storeError('MORTISE_STORE_LOG_IN_USE', 'The write-ahead log could not be emptied: somebody goes on reading it.');
}
