// What a backup is: a folder with the database, the blob files, and a manifest that says what each file must be.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storeError } from '../errors.ts';

export const manifestName = 'manifest.json';
export const databaseName = 'mortise.db';
/** Users, tokens and audit. Backups of older versions have none. */
export const accessName = 'access.db';
const kind = 'mortise-backup';
/** The databases, and blobs where they lie in a data folder: nothing else, and nothing outside of the folder. */
const pathPattern = /^(mortise\.db|access\.db|blobs\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{32}(-[0-9a-f]{8})?)$/;

export interface BackupFile {
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface Manifest {
  readonly kind: typeof kind;
  /** RFC 3339. */
  readonly takenAt: string;
  /** Of Mortise, and of the store. */
  readonly version: string;
  readonly storeVersion: number;
  readonly project?: { readonly name: string; readonly revision: string };
  readonly files: readonly BackupFile[];
  /** Blobs that rows refer to and whose files were not there. */
  readonly missing: readonly string[];
}

export function newManifest(facts: Omit<Manifest, 'kind'>): Manifest {
  return { kind, ...facts };
}

/** Reads and checks the manifest of a backup. Throws MORTISE_STORE_BACKUP_DAMAGED. */
export async function readManifest(backup: string): Promise<Manifest> {
  const file = join(backup, manifestName);
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw damaged(`${file} cannot be read: ${String(error)}`);
  }
  if (!isManifest(found)) throw damaged(`${file} is no manifest of a backup`);
  return found;
}

export function damaged(what: string): Error {
  return storeError('MORTISE_STORE_BACKUP_DAMAGED', `${what}.`);
}

/** Length and checksum of a file, as it is on disk. */
export async function measure(path: string): Promise<Omit<BackupFile, 'path'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

export async function syncFile(path: string): Promise<void> {
  await using handle = await open(path, 'r+');
  await handle.sync();
}

/** Makes the names in a folder durable. Windows has no such call, and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(path, 'r');
  await handle.sync();
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { kind: found, takenAt, version, storeVersion, files, missing } = value as Readonly<Record<string, unknown>>;
  const isWhole = found === kind && typeof takenAt === 'string' && typeof version === 'string' && Number.isInteger(storeVersion);
  return isWhole && Array.isArray(missing) && Array.isArray(files) && files.every(isFile) && hasDatabase(files);
}

function isFile(value: unknown): value is BackupFile {
  if (typeof value !== 'object' || value === null) return false;
  const { path, bytes, sha256 } = value as Readonly<Record<string, unknown>>;
  const isKnown = typeof path === 'string' && pathPattern.test(path);
  return isKnown && Number.isSafeInteger(bytes) && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}

function hasDatabase(files: readonly BackupFile[]): boolean {
  return files.some(({ path }) => path === databaseName) && new Set(files.map(({ path }) => path)).size === files.length;
}
