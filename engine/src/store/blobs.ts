// Blob files: large bodies, each in a file of its own that is on disk before any row names it.

import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BodyTooLarge } from '@mortise/sdk';
import { storeError } from './errors.ts';

const chunkBytes = 64 * 1024;
/** Time, chance, and the checksum of the content, which is not known before that is written; older blobs have none. */
const namePattern = /^([0-9a-f]{32})(?:-([0-9a-f]{8}))?$/;
/** What ends the name of a file that is being written, or was when the process died. */
const unfinished = '.part';

export interface WrittenBlob {
  /** The name by which a row refers to it. */
  readonly blob: string;
  readonly sizeBytes: number;
}

/** Files younger than this may not have their row yet. */
const settlingMs = 60_000;

/** The blob files in a folder, which is made where it is missing. */
export async function openBlobs(folder: string): Promise<Blobs> {
  await mkdir(folder, { recursive: true });
  return new Blobs(folder);
}

export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Writes a body in constant memory; resolves when the file and its name are on disk. Rejects with `BodyTooLarge` as soon
   * as the body grows past `bytesMax`, with MORTISE_STORE_BLOB_UNWRITTEN where the disk refused it, and with what the body
   * itself throws; then nothing of it is left.
   */
  async write(body: Uint8Array | AsyncIterable<Uint8Array>, bytesMax = Number.POSITIVE_INFINITY): Promise<WrittenBlob> {
    const start = newName();
    const counter = new Counter(body instanceof Uint8Array ? [body] : body, bytesMax);
    const folder = this.#subfolder(start);
    const part = join(folder, start + unfinished);
    let blob = start;
    try {
      await this.#makeFolder(start);
      await writeFile(part, counter);
      blob = `${start}-${hex(counter.checksum)}`;
      await rename(part, join(folder, blob));
      await syncFolder(folder);
    } catch (error) {
      await Promise.allSettled([rm(part, { force: true }), rm(join(folder, blob), { force: true })]);
      throw (
        counter.failure ??
        storeError('MORTISE_STORE_BLOB_UNWRITTEN', `Writing the blob ${join(folder, start)} failed: ${String(error)}.`, {
          cause: error,
        })
      );
    }
    return { blob, sizeBytes: counter.bytes };
  }

  /**
   * The bytes of a blob, each time from the start, in chunks that share one buffer: see `BodyStream`. Throws
   * MORTISE_STORE_BLOB_MISSING, once it is read, where there is none; and, in place of its end, MORTISE_STORE_BLOB_DAMAGED where they are not those that were written.
   */
  open(blob: string): AsyncIterable<Uint8Array> {
    const path = this.#path(blob);
    return { [Symbol.asyncIterator]: () => readChecked(path, namePattern.exec(blob)?.[2]) };
  }

  /** Removes a blob, if it is there. */
  async remove(blob: string): Promise<void> {
    await rm(this.#path(blob), { force: true });
  }

  /**
   * Removes what no row refers to and was last written before `beforeMs` (milliseconds since 1970, of the system's clock);
   * tells how many files. Rows come after their blobs: so the files are listed first, and what is referenced is asked then.
   */
  async sweep(referenced: () => Promise<ReadonlySet<string>>, beforeMs = Date.now() - settlingMs): Promise<number> {
    const old: { readonly name: string; readonly path: string }[] = [];
    for await (const file of this.#files()) {
      const found = await stat(file.path).catch(() => undefined);
      if (found && found.mtimeMs < beforeMs) old.push(file);
    }
    const names = old.length === 0 ? new Set() : await referenced();
    const orphans = old.filter(({ name }) => !names.has(name));
    for (const { path } of orphans) await rm(path, { force: true });
    return orphans.length;
  }

  /** All blobs, and what is left of such as were never finished. */
  async *#files(): AsyncGenerator<{ readonly name: string; readonly path: string }> {
    for await (const first of entries(this.#folder)) {
      for await (const second of entries(join(this.#folder, first))) {
        const folder = join(this.#folder, first, second);
        for await (const name of entries(folder)) {
          if (namePattern.test(name.replace(unfinished, ''))) yield { name, path: join(folder, name) };
        }
      }
    }
  }

  #path(blob: string): string {
    if (!namePattern.test(blob))
      throw storeError('MORTISE_STORE_VALUE', `"${blob}" is no blob: expected a name that a write gave.`);
    return join(this.#subfolder(blob), blob);
  }

  #subfolder(blob: string): string {
    return join(this.#folder, blobFolder(blob));
  }

  /** A folder that was made now must itself be on disk before the file in it counts. */
  async #makeFolder(blob: string): Promise<void> {
    const made = await mkdir(this.#subfolder(blob), { recursive: true });
    if (made === undefined) return;
    for (const folder of [join(this.#folder, '..'), this.#folder, join(this.#folder, blob.slice(28, 30))])
      await syncFolder(folder);
  }
}

/** Where a blob lies in the folder of blobs, with "/" between the parts: named by chance, so that they fill evenly. */
export function blobFolder(blob: string): string {
  return `${blob.slice(28, 30)}/${blob.slice(30, 32)}`;
}

/** Passes a body on, counts it, stops it at the limit, and tells its failures from those of the disk. */
class Counter implements AsyncIterable<Uint8Array> {
  readonly #body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  readonly #bytesMax: number;
  bytes = 0;
  checksum = 0;
  failure: unknown;

  constructor(body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, bytesMax: number) {
    this.#body = body;
    this.#bytesMax = bytesMax;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#body) {
        this.bytes += chunk.byteLength;
        if (this.bytes > this.#bytesMax) throw new BodyTooLarge(this.#bytesMax);
        this.checksum = crc32(chunk, this.checksum);
        yield chunk;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

/** Time first, so that listings are in order; then chance, which also names the folders. */
function newName(): string {
  return Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
}

async function writeFile(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  await using file = await open(path, 'wx');
  for await (const chunk of body) await writeAll(file, chunk);
  await file.sync();
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength; ) at += (await file.write(chunk, at)).bytesWritten;
}

async function* readChecked(path: string, expected: string | undefined): AsyncGenerator<Uint8Array> {
  let checksum = 0;
  for await (const chunk of read(path)) {
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (expected === undefined || hex(checksum) === expected) return;
  throw storeError(
    'MORTISE_STORE_BLOB_DAMAGED',
    `The blob ${path} has the checksum ${hex(checksum)}; its name says ${expected}.`,
  );
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}

async function* read(path: string): AsyncGenerator<Uint8Array> {
  await using file = await openBlob(path);
  const chunk = new Uint8Array(chunkBytes);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

async function openBlob(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw storeError('MORTISE_STORE_BLOB_MISSING', `The blob ${path} cannot be read: ${String(error)}.`, { cause: error });
  }
}

/** Makes the names in a folder durable. Windows has no such call, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** The names in a folder; none where it is none. */
async function* entries(folder: string): AsyncGenerator<string> {
  const opened = await opendir(folder).catch(() => undefined);
  for await (const { name } of opened ?? []) yield name;
}
