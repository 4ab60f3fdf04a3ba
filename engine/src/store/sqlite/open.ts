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
import { startThreads } from './threads.ts';

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

/** A store whose threads have been started, and whose folder has not been touched. */
export interface PreparedStore {
  /** As `openSqliteStore`. Once. */
  open(): Promise<FileStore>;
  /** Ends the threads, where it is not to be opened. */
  end(): Promise<void>;
}

/** Starts the store's threads, so that they load while the caller does something else. */
export function prepareSqliteStore(options: SqliteStoreOptions): PreparedStore {
  const { folder, nowMs = Date.now, inThread = true, questionTimeoutMs = 10_000 } = options;
  const file = join(folder, 'mortise.db');
  const threads = inThread && folder !== ':memory:' ? startThreads(file, questionTimeoutMs) : undefined;
  return {
    end: async () => threads?.end(),
    async open() {
      if (folder === ':memory:') return new SqliteStore(openLocal(folder, questionTimeoutMs), nowMs, () => undefined);
      let lock: ReturnType<typeof lockFolder> | undefined;
      try {
        lock = takeFolder(folder);
        const hands = threads ? await threads.open() : openLocal(file, questionTimeoutMs);
        return new SqliteStore(hands, nowMs, lock.release);
      } catch (error) {
        await threads?.end();
        lock?.release();
        throw lock ? errorOf(tellError(error)) : error;
      }
    },
  };
}

/**
 * Opens, and recovers what the last process left. Throws MORTISE_STORE_LOCKED where another process has the folder,
 * MORTISE_STORE_NEWER where a newer version wrote it, MORTISE_STORE_CORRUPT where it is damaged, MORTISE_STORE_UNFIT where
 * the folder cannot be used.
 */
export function openSqliteStore(options: SqliteStoreOptions): Promise<FileStore> {
  return prepareSqliteStore(options).open();
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
