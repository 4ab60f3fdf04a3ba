// SQLite's errors as the store's.

import { MortiseError } from '@mortise/sdk/errors';
import { storeError } from '../errors.ts';

/** Primary result codes that say that the file is damaged or no database (SQLITE_CORRUPT, SQLITE_NOTADB). */
const corruptCodes = new Set([11, 26]);

/** An error in words, as it passes from thread to thread. */
export interface ToldError {
  readonly code: keyof typeof storeError.table;
  readonly message: string;
}

/** What to tell of an error; one that is not known is a failure of the disk. */
export function tellError(error: unknown): ToldError {
  if (error instanceof MortiseError && Object.hasOwn(storeError.table, error.code)) {
    return { code: error.code as ToldError['code'], message: error.message };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const code = corruptCodes.has(primaryCode(error)) || isImpossible(error) ? 'MORTISE_STORE_CORRUPT' : 'MORTISE_STORE_FAILED';
  return { code, message: `SQLite says: ${reason}.` };
}

/** A column holds a number that no write of ours has: Node refuses to read it. */
function isImpossible(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** The error that was told. */
export function errorOf(told: ToldError): MortiseError {
  return storeError(told.code, told.message);
}

/** SQLite's primary result code of an error, or -1. */
export function primaryCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 255 : -1;
}
