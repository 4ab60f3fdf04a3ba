// How SQLite is set: durable at every commit, a journal that does not grow without end; read back, because pragmas fail silently.

import { DatabaseSync } from 'node:sqlite';
import { storeError } from '../errors.ts';

const sqliteVersionMin = [3, 51, 3] as const;
const pageBytes = 4096;
/** What is written lies together, at the ends of the tables: four times as much did not make a store of millions of rows faster. */
const cacheKibibytes = 8192;
/** The write-ahead log is cut back to this when it begins anew. */
const logBytesMax = 64 * 1024 * 1024;
/** The log is copied into the database when it has this many pages: 16 MiB. */
export const checkpointPages = 4096;
/** Where another thread copies the log, the writer steps in only when that does not keep up. */
const checkpointPagesLate = 8 * checkpointPages;

/** Opens the connection that writes. `copies`: who copies the log into the database. */
export function openWriter(file: string, copies: 'here' | 'elsewhere'): DatabaseSync {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false, timeout: 5000 });
  requireVersion(versionOf(database));
  const inMemory = database.location() === null;
  set(database, 'page_size', pageBytes, undefined);
  set(database, 'journal_mode', 'wal', inMemory ? 'memory' : 'wal');
  set(database, 'synchronous', 2, 2);
  set(database, 'journal_size_limit', logBytesMax, logBytesMax);
  const pages = copies === 'here' ? checkpointPages : checkpointPagesLate;
  set(database, 'wal_autocheckpoint', pages, pages);
  set(database, 'cache_size', -cacheKibibytes, -cacheKibibytes);
  set(database, 'temp_store', 2, 2);
  // What is deleted within a page that is written anyway becomes zeros; pages that become free are when something is erased.
  set(database, 'secure_delete', 'FAST', 2);
  return database;
}

/** Opens a connection that only reads. */
export function openReader(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  set(database, 'query_only', 1, 1);
  set(database, 'cache_size', -cacheKibibytes, -cacheKibibytes);
  return database;
}

/** Opens the connection that copies the log into the database. */
export function openCheckpointer(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5000 });
  set(database, 'synchronous', 2, 2);
  set(database, 'cache_size', -256, -256);
  return database;
}

/** Sets a pragma and reads it back, because an unknown or refused one is silent; throws MORTISE_STORE_UNFIT where it did not take. `expected` undefined: not looked at. */
function set(database: DatabaseSync, name: string, value: string | number, expected: string | number | undefined): void {
  database.exec(`PRAGMA ${name} = ${value}`);
  const found = Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  if (expected === undefined || found === expected) return;
  throw storeError('MORTISE_STORE_UNFIT', `SQLite's setting ${name} is ${String(found)} after it was set; expected ${expected}.`);
}

/** Throws MORTISE_STORE_UNFIT where SQLite is older than the first version without the bug that damages files in WAL mode. */
export function requireVersion(version: string): void {
  const parts = version.split('.').map(Number);
  const difference = sqliteVersionMin.map((least, i) => (parts[i] ?? 0) - least).find((part) => part !== 0) ?? 0;
  if (difference < 0)
    throw storeError('MORTISE_STORE_UNFIT', `SQLite is ${version}; expected ${sqliteVersionMin.join('.')} or newer.`);
}

function versionOf(database: DatabaseSync): string {
  return String(database.prepare('SELECT sqlite_version() AS version').get()?.['version']);
}
