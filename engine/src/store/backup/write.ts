// Writes a backup: the database as it is at one moment, then the blob files that it refers to, then the manifest.

import { randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeError } from '../errors.ts';
import { blobFolder } from '../blobs.ts';
import { copyDatabase } from '../sqlite/copy.ts';
import { lockFolder } from '../sqlite/lock.ts';
import { accessName, databaseName, manifestName, measure, newManifest, syncFile, syncFolder } from './manifest.ts';
import type { BackupFile, Manifest } from './manifest.ts';

export interface BackupOptions {
  /** A folder that does not exist yet, or is empty. */
  readonly target: string;
  readonly dataFolder: string;
  /** Writes a copy of the database into a new file. */
  copyTo(file: string): Promise<void> | void;
  /** The same of users, tokens and audit; false where there are none. */
  readonly copyAccess?: (file: string) => boolean;
  /** What the manifest says besides. */
  readonly facts: Pick<Manifest, 'takenAt' | 'version' | 'project'>;
}

/** No blob may be swept while this runs. The target appears when it is whole. Throws MORTISE_STORE_BACKUP_TARGET. */
export async function writeBackup({
  target,
  dataFolder,
  copyTo,
  copyAccess = () => false,
  facts,
}: BackupOptions): Promise<Manifest> {
  await refuseTaken(target, 'MORTISE_STORE_BACKUP_TARGET');
  const part = `${target}.part-${randomBytes(4).toString('hex')}`;
  await mkdir(part, { recursive: true, mode: 0o700 });
  try {
    const database = join(part, databaseName);
    await copyTo(database);
    const { storeVersion, blobs } = look(database);
    const files: BackupFile[] = [{ path: databaseName, ...(await measure(database)) }];
    const access = join(part, accessName);
    if (copyAccess(access)) {
      await syncFile(access);
      files.push({ path: accessName, ...(await measure(access)) });
    }
    const missing: string[] = [];
    for (const blob of blobs) {
      const file = await copyBlob(blob, dataFolder, part);
      if (file) files.push(file);
      else missing.push(blob);
    }
    const manifest = newManifest({ ...facts, storeVersion, files, missing });
    await writeFile(join(part, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    await syncFile(join(part, manifestName));
    await putInPlace(part, target);
    return manifest;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** Of a data folder that no engine works on. Throws MORTISE_STORE_LOCKED where one does. */
export async function backupFolder(
  target: string,
  dataFolder: string,
  facts: BackupOptions['facts'],
  copyAccess: (file: string) => boolean = () => false,
): Promise<Manifest> {
  const file = join(dataFolder, databaseName);
  if (!existsSync(file)) throw storeError('MORTISE_STORE_CORRUPT', `${dataFolder} is no data folder: it has no ${databaseName}.`);
  const lock = lockFolder(dataFolder);
  try {
    const copyTo = (copy: string): void => {
      const database = new DatabaseSync(file, { timeout: 5000 });
      try {
        copyDatabase(database, copy);
      } finally {
        database.close();
      }
    };
    return await writeBackup({ target, dataFolder, copyTo, copyAccess, facts });
  } finally {
    lock.release();
  }
}

/** Throws where something is there already. */
export async function refuseTaken(
  folder: string,
  code: 'MORTISE_STORE_BACKUP_TARGET' | 'MORTISE_STORE_RESTORE_TAKEN',
): Promise<void> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw storeError(code, `${folder} cannot be used: ${String(error)}.`, { cause: error });
  }
  if (names.length > 0) throw storeError(code, `${folder} has files already: ${names.slice(0, 3).join(', ')}.`);
}

/** Gives a folder that is whole its name. */
export async function putInPlace(part: string, target: string): Promise<void> {
  await syncFolder(part);
  // An empty folder of that name is in the way on some systems.
  await rmdir(target).catch(() => undefined);
  await rename(part, target);
  await syncFolder(dirname(target));
}

/** The names of blobs that rows of the copy refer to. */
function look(file: string): { readonly storeVersion: number; readonly blobs: ReadonlySet<string> } {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const storeVersion = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    const tables = ['messages', 'calls', 'replies'].map((table) => `SELECT body FROM ${table} WHERE body_kind > 1`);
    const rows = database.prepare(tables.join(' UNION ')).all();
    return { storeVersion, blobs: new Set(rows.map((row) => String(row['body']))) };
  } finally {
    database.close();
  }
}

async function copyBlob(blob: string, dataFolder: string, part: string): Promise<BackupFile | undefined> {
  const path = `blobs/${blobFolder(blob)}/${blob}`;
  const copy = join(part, path);
  await mkdir(dirname(copy), { recursive: true });
  try {
    await copyFile(join(dataFolder, path), copy, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  await syncFile(copy);
  return { path, ...(await measure(copy)) };
}
