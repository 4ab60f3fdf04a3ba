// Blob files: where bodies lie that are too long for a row. A blob is on disk, with its folder, before a row refers to it.

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storeError } from './errors.ts';

export interface Blobs {
  /** Writes and fsyncs. Rejects with MORTISE_STORE_VALUE past `bytesMax`; then nothing is left behind. */
  write(chunks: AsyncIterable<Uint8Array> | Uint8Array, bytesMax?: number): Promise<{ readonly blob: string; readonly sizeBytes: number }>;
  /** The bytes from the start, in constant memory. */
  open(blob: string): AsyncIterable<Uint8Array>;
  /** Deletes what `referenced` does not name and what was there before the call. Gives how many. */
  sweep(referenced: () => Promise<ReadonlySet<string>>): Promise<number>;
}

const blobName = /^[0-9a-f]{2}\/[0-9a-f-]{36}$/;

export async function openBlobs(folder: string): Promise<Blobs> {
  await mkdir(folder, { recursive: true });
  return {
    async write(chunks, bytesMax = Infinity) {
      const id = randomUUID();
      const blob = `${id.slice(0, 2)}/${id}`;
      const path = join(folder, blob);
      await makeFolder(folder, dirname(path));
      const temporary = `${path}.tmp`;
      try {
        const sizeBytes = await writeSynced(temporary, chunks, bytesMax);
        await rename(temporary, path);
        await syncFolder(dirname(path));
        return { blob, sizeBytes };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    open(blob) {
      if (!blobName.test(blob)) throw storeError('MORTISE_STORE_VALUE', `"${blob}" is no name of a blob.`);
      return createReadStream(join(folder, blob), { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
    },
    sweep: (referenced) => sweep(folder, referenced),
  };
}

async function writeSynced(path: string, chunks: AsyncIterable<Uint8Array> | Uint8Array, bytesMax: number): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  let sizeBytes = 0;
  try {
    for await (const chunk of chunks instanceof Uint8Array ? [chunks] : chunks) {
      sizeBytes += chunk.length;
      if (sizeBytes > bytesMax) throw storeError('MORTISE_STORE_VALUE', `The body is longer than ${bytesMax} bytes.`);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return sizeBytes;
}

async function makeFolder(parent: string, folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true })) !== undefined) await syncFolder(parent);
}

/** A rename is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a crash left between a file and its row. Only what is older than the sweep: newer ones may not have their row yet. */
async function sweep(folder: string, referenced: () => Promise<ReadonlySet<string>>): Promise<number> {
  const startedMs = Date.now();
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const old: string[] = [];
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < startedMs - 60_000) old.push(path);
  }
  if (old.length === 0) return 0;
  const names = await referenced();
  const orphans = old.filter((path) => !names.has(path.slice(folder.length + 1)));
  await Promise.all(orphans.map((path) => rm(path, { force: true })));
  return orphans.length;
}
