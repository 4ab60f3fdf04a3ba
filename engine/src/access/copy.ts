// Copies users, tokens, audit and alerts for a backup. Sessions and notices that wait stay out: a copy that is put back years later must let
// nobody in, and tell nobody of what is long over.

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
    copy.exec('PRAGMA secure_delete = ON; DELETE FROM sessions');
    // A file that no engine of this version has opened yet has none.
    const hasAlerts = copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'alert_notices'").get();
    if (hasAlerts) copy.exec("DELETE FROM alert_notices WHERE state = 'waiting'");
    copy.exec('VACUUM');
  } finally {
    copy.close();
  }
  return true;
}
