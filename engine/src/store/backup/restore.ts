// Makes a data folder of a backup: checked file by file, brought to this version, and paused.

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../delivery-state.ts';
import { storeError } from '../errors.ts';
import { readState } from '../sqlite/delivery-row.ts';
import { migrate, migrations } from '../sqlite/schema.ts';
import { openWriter } from '../sqlite/settings.ts';
import { Statements } from '../sqlite/statements.ts';
import { asNumber, asText } from '../sqlite/values.ts';
import { damaged, databaseName, measure, readManifest, syncFile } from './manifest.ts';
import type { BackupFile, Manifest } from './manifest.ts';
import { putInPlace, refuseTaken } from './write.ts';

export interface Restored {
  readonly manifest: Manifest;
  /** What was owed at the time of the backup: it may have been sent since. */
  readonly owed: readonly { readonly destination: string; readonly state: DeliveryState; readonly count: number }[];
}

/**
 * The engine that starts on the folder is paused until a person resumes it. The folder appears when it is whole. Throws
 * MORTISE_STORE_RESTORE_TAKEN, MORTISE_STORE_BACKUP_DAMAGED, MORTISE_STORE_NEWER.
 */
export async function restoreBackup(backup: string, dataFolder: string, nowMs: number): Promise<Restored> {
  const manifest = await readManifest(backup);
  refuseNewer(manifest, backup);
  await refuseTaken(dataFolder, 'MORTISE_STORE_RESTORE_TAKEN');
  const part = `${dataFolder}.part-${randomBytes(4).toString('hex')}`;
  await mkdir(part, { recursive: true, mode: 0o700 });
  try {
    for (const file of manifest.files) await copyChecked(backup, part, file);
    const owed = prepare(join(part, databaseName), manifest, nowMs);
    await putInPlace(part, dataFolder);
    return { manifest, owed };
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

function refuseNewer({ storeVersion, version }: Manifest, backup: string): void {
  if (storeVersion <= migrations.length) return;
  const known = `this one knows versions up to ${migrations.length}`;
  throw storeError('MORTISE_STORE_NEWER', `The backup ${backup} is of Mortise ${version}, store ${storeVersion}; ${known}.`);
}

/** What is measured is the copy, so that nothing can change between. */
async function copyChecked(backup: string, part: string, { path, bytes, sha256 }: BackupFile): Promise<void> {
  const copy = join(part, path);
  await mkdir(dirname(copy), { recursive: true });
  try {
    await copyFile(join(backup, path), copy, constants.COPYFILE_FICLONE);
  } catch (error) {
    throw damaged(`${join(backup, path)} cannot be read: ${String(error)}`);
  }
  const found = await measure(copy);
  if (found.bytes !== bytes) throw damaged(`${join(backup, path)} has ${found.bytes} bytes; expected ${bytes}`);
  if (found.sha256 !== sha256) throw damaged(`${join(backup, path)} has another checksum than the manifest says`);
  await syncFile(copy);
}

function prepare(file: string, { takenAt }: Manifest, nowMs: number): Restored['owed'] {
  const database = openWriter(file, 'here');
  try {
    migrate(database, file);
    const pause = 'INSERT OR REPLACE INTO pauses (kind, name, since, reason) VALUES (?, ?, ?, ?)';
    const reason = `Restored from a backup of ${takenAt}: what was owed then may have been sent since.`;
    database.prepare(pause).run('engine', '*', nowMs, reason);
    return owedIn(database);
  } finally {
    database.close();
  }
}

function owedIn(database: DatabaseSync): Restored['owed'] {
  const sql = `SELECT n.name, o.state, count(*) FROM open o CROSS JOIN names n ON n.id = o.destination GROUP BY 1, 2 ORDER BY 1, 2`;
  const rows = new Statements(database).rows(sql);
  return rows.map(([name, state, count]) => ({ destination: asText(name), state: readState(state), count: asNumber(count) }));
}
