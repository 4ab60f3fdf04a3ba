// Copies users, tokens and audit for a backup. Sessions stay out: a copy that is put back years later must let nobody in.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { accessName } from './database.ts';

/** Into a file that does not exist yet, while the engine goes on. False where there is nothing to copy. */
export function copyAccess(dataFolder: string, file: string): boolean {
  const path = join(dataFolder, accessName);
  if (!existsSync(path)) return false;
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    database.prepare('VACUUM INTO ?').run(file);
  } finally {
    database.close();
  }
  const copy = new DatabaseSync(file);
  try {
    copy.exec('PRAGMA secure_delete = ON; DELETE FROM sessions; VACUUM');
  } finally {
    copy.close();
  }
  return true;
}
