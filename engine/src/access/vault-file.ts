// The secrets of a data folder, without the rest of what lies beside them: for the start of an engine, and for the command line.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Audit } from './audit.ts';
import { accessName, openAccessDatabase } from './database.ts';
import { openSigningKey } from './signing-key.ts';
import { Vault } from './vault.ts';

/** Of a folder that has none, nothing; it is not made. */
export function secretOfFolder(folder: string): (name: string) => string | undefined {
  return (name) => {
    if (!existsSync(join(folder, accessName))) return undefined;
    const database = openAccessDatabase(folder);
    try {
      return new Vault(database, folder).text(name);
    } finally {
      database.close();
    }
  };
}

/** Stores a secret before there is an engine, or beside one; the audit tells it. */
export function setSecretOfFolder(folder: string, name: string, text: string, nowMs: number): void {
  const database = openAccessDatabase(folder);
  try {
    new Vault(database, folder).set(name, text, nowMs);
    const audit = new Audit(database, openSigningKey(folder), () => nowMs);
    audit.add({ who: 'local', by: 'data folder', action: 'setSecret', about: { name } }, { result: 'done' });
  } finally {
    database.close();
  }
}
