// Reads a claimed file: its identity first, then its content as a message, in constant memory.

import type { FileHandle } from 'node:fs/promises';
import type { Incoming } from '@mortise/sdk';
import { chunksOf, fingerprintOf, openPlain } from './client.ts';
import { fileError } from './errors.ts';

/** Files up to here are read at once, larger ones twice: for their identity, then as a stream. */
const wholeBytesMax = 256 * 1024;

export interface ClaimedFile extends AsyncDisposable {
  /** The same for the same name and content, on every machine. */
  readonly key: string;
  readonly modifiedMs: number;
  readonly incoming: Incoming;
}

/** Opens the file. Reading fails with MORTISE_FILE_CHANGED where somebody still writes. */
export async function readClaimed(path: string, name: string): Promise<ClaimedFile> {
  const file = await openPlain(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const whole = size <= wholeBytesMax ? await file.readFile() : undefined;
    const { sizeBytes, sha256 } = await fingerprintOf(whole ? once(whole) : chunksOf(file));
    const requireUnchanged = () => checkUnchanged(file, name, { sizeBytes, mtimeMs });
    await requireUnchanged();
    const modified = new Date(mtimeMs).toISOString();
    const incoming: Incoming = {
      body: whole ?? checked(chunksOf(file), requireUnchanged),
      subject: name,
      time: modified,
      headers: { 'file-name': name, 'file-modified': modified, 'file-size': String(sizeBytes) },
    };
    return { key: `${name}:${sizeBytes}:${sha256}`, modifiedMs: mtimeMs, incoming, [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The chunks, and after the last one an error unless the file is still the one whose identity was taken. */
async function* checked(chunks: AsyncIterable<Uint8Array>, requireUnchanged: () => Promise<void>): AsyncGenerator<Uint8Array> {
  yield* chunks;
  await requireUnchanged();
}

async function checkUnchanged(
  file: FileHandle,
  name: string,
  before: { readonly sizeBytes: number; readonly mtimeMs: number },
): Promise<void> {
  const { size, mtimeMs } = await file.stat();
  if (size === before.sizeBytes && mtimeMs === before.mtimeMs) return;
  throw fileError(
    'MORTISE_FILE_CHANGED',
    `The file ${name} was changed while it was read: it has ${size} bytes, and had ${before.sizeBytes}.`,
  );
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
