// One process a data folder: an exclusive lock of SQLite's on a small file, which the system lets go of however the process ends.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeError } from '../errors.ts';
import { primaryCode } from './sqlite-error.ts';

/** SQLITE_BUSY. */
const busyCode = 5;

/** Takes the folder's lock; throws MORTISE_STORE_LOCKED where another has it. */
export function lockFolder(folder: string): { release(): void } {
  const pidFile = join(folder, 'lock.pid');
  const database = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = delete; BEGIN EXCLUSIVE');
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    database.close();
    if (primaryCode(error) !== busyCode) throw error;
    throw storeError('MORTISE_STORE_LOCKED', `Process ${readPid(pidFile)} works on the data folder ${folder}.`, { cause: error });
  }
  return { release: () => database.close() };
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '(unknown)';
  }
}
