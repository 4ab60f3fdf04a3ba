// Opens the embedded store of a data folder.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MortiseError } from '@mortise/sdk';
import type { FileStore } from '../store.ts';
import { storeError } from '../errors.ts';
import { openLocal } from './local.ts';
import { lockFolder } from './lock.ts';
import { errorOf, tellError } from './sqlite-error.ts';
import { SqliteStore } from './store.ts';
import { openThreads } from './threads.ts';

export interface SqliteStoreOptions {
  /** The data folder, made where it is missing; `:memory:` keeps everything in memory, in the caller's thread. */
  readonly folder: string;
  /** Milliseconds since 1970; decides what is expired. */
  readonly nowMs?: () => number;
  /** In threads of its own (the default); false: in the caller's, for tests and simulations. */
  readonly inThread?: boolean;
  /** How long one question may take. */
  readonly questionTimeoutMs?: number;
}

/**
 * Opens, and recovers what the last process left. Throws MORTISE_STORE_LOCKED where another process has the folder,
 * MORTISE_STORE_NEWER where a newer version wrote it, MORTISE_STORE_CORRUPT where it is damaged, MORTISE_STORE_UNFIT where
 * the folder cannot be used.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<FileStore> {
  const { folder, nowMs = Date.now, inThread = true, questionTimeoutMs = 10_000 } = options;
  if (folder === ':memory:') return new SqliteStore(openLocal(folder, questionTimeoutMs), nowMs, () => undefined);
  const lock = takeFolder(folder);
  const file = join(folder, 'mortise.db');
  try {
    const hands = inThread ? await openThreads(file, questionTimeoutMs) : openLocal(file, questionTimeoutMs);
    return new SqliteStore(hands, nowMs, () => lock.release());
  } catch (error) {
    lock.release();
    throw errorOf(tellError(error));
  }
}

function takeFolder(folder: string): { release(): void } {
  try {
    // Bodies of messages lie there as they are: a folder that is made is its owner's alone. One that is there keeps what it has.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof MortiseError) throw error;
    throw storeError('MORTISE_STORE_UNFIT', `The data folder ${folder} cannot be used: ${String(error)}.`, { cause: error });
  }
}
