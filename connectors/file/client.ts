// What the file connector does with the file system, besides reading and writing: finds, moves, compares, makes durable.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, lstat, mkdir, open, opendir, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ConnectionValuesOf, Ping } from '@mortise/sdk';
import type connector from './connector.ts';
import { fileError } from './errors.ts';

export type Connection = ConnectionValuesOf<typeof connector>;

/** What tells two contents apart. */
export interface Fingerprint {
  readonly sizeBytes: number;
  readonly sha256: string;
}

const chunkBytes = 256 * 1024;

/** Where hard links cannot be made: file systems without them, and files of other users (Linux, protected_hardlinks). */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

export const ping: Ping<typeof connector> = async (connection, signal) => {
  signal.throwIfAborted();
  await requireFolder(connection);
  return `${connection.folder} can be read and written`;
};

/** Makes sure of the folder, or throws MORTISE_FILE_FOLDER. */
export async function requireFolder({ folder, create }: Connection): Promise<void> {
  try {
    if (create) await mkdir(folder, { recursive: true });
    if (!(await stat(folder)).isDirectory()) throw new Error('it is no folder');
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw fileError('MORTISE_FILE_FOLDER', `The folder ${folder} cannot be read and written: ${why}`, { cause: error });
  }
}

/** The names of the plain files in a folder (no links: they could lead elsewhere), or of its folders. */
export async function namesIn(folder: string, kind: 'files' | 'folders'): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(folder)) {
    if (kind === 'files' ? entry.isFile() : entry.isDirectory()) names.push(entry.name);
  }
  return names;
}

/** Moves a file to a name that is free; false where it is not. Atomic wherever the file system has hard links. */
export async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (noLinks.includes(codeOf(error))) return renameIfFree(from, to);
    throw error;
  }
  await unlink(from);
  return true;
}

/** The same without hard links: a file that appears at that very moment is overwritten. */
export async function renameIfFree(from: string, to: string): Promise<boolean> {
  const taken = await lstat(to).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
  if (!taken) await rename(from, to);
  return !taken;
}

/** Whether a plain file with just this content lies there. */
export async function holds(path: string, wanted: Fingerprint): Promise<boolean> {
  const found = await lstat(path);
  if (!found.isFile() || found.size !== wanted.sizeBytes) return false;
  await using file = await openPlain(path);
  return (await fingerprintOf(chunksOf(file))).sha256 === wanted.sha256;
}

/** Opens a file for reading, but does not follow a link. */
export function openPlain(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
}

/** The whole content from the start; the file stays open. The chunks share one buffer: a large file leaves no garbage of its size. */
export async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(chunkBytes);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

/** Reads all chunks and gives their fingerprint; `onChunk` sees each. */
export async function fingerprintOf(
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => Promise<void> | void = () => undefined,
): Promise<Fingerprint> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
    await onChunk(chunk);
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** Makes new, moved and removed names of a folder survive a power cut. Windows cannot, and does it by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** `ENOENT`, `EACCES`, …; empty where the error has no code. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
