// A backup of a data folder that no engine works on.

import { copyAccess } from './access/copy.ts';
import type { Manifest } from './store/backup/manifest.ts';
import { backupFolder as backupStore } from './store/backup/write.ts';
import type { BackupOptions } from './store/backup/write.ts';

/** Throws MORTISE_STORE_LOCKED where an engine does, MORTISE_STORE_BACKUP_TARGET. */
export function backupFolder(target: string, dataFolder: string, facts: BackupOptions['facts']): Promise<Manifest> {
  return backupStore(target, dataFolder, facts, (file) => copyAccess(dataFolder, file));
}
