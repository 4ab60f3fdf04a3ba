// Reads the audit of a data folder as it lies there, without an engine: to verify it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { auditLines } from './audit.ts';
import { accessName, prepared } from './database.ts';
import { accessError } from './errors.ts';

/** The texts of its entries, oldest first. Throws MORTISE_ACCESS_DAMAGED where there is none to be read. */
export function* auditOfFolder(dataFolder: string): Generator<string> {
  const file = join(dataFolder, accessName);
  if (!existsSync(file)) throw accessError('MORTISE_ACCESS_DAMAGED', `${dataFolder} has no ${accessName}.`);
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    yield* auditLines(prepared(database));
  } catch (error) {
    throw accessError('MORTISE_ACCESS_DAMAGED', `${file} cannot be read: ${String(error)}.`, { cause: error });
  } finally {
    database.close();
  }
}
