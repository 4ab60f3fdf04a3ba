// Checksums of rows: what the disk gives back otherwise than it was written is told, and never delivered.

import { crc32 } from 'node:zlib';
import { storeError } from '../errors.ts';
import type { Packed, Value } from './values.ts';

/**
 * CRC-32 of a row's values as text, ids as text too; the last may be a body of any length. It finds every burst of up to 32 bits, and all but one
 * in four thousand million of what else may happen to a row. The formula is in files: never change it.
 */
export function checksumOf(values: readonly Packed[]): number {
  const body = values.at(-1);
  const sum = crc32(values.slice(0, -1).join('\n'));
  return crc32(body instanceof Uint8Array ? body : String(body ?? ''), sum);
}

/** Throws MORTISE_STORE_CORRUPT where a row's values are not those of its checksum. Rows of older versions have none. */
export function requireChecksum(values: readonly Packed[], checksum: Value | undefined, what: () => string): void {
  if (checksum === null || checksum === undefined || checksum === checksumOf(values)) return;
  throw storeError(
    'MORTISE_STORE_CORRUPT',
    `${what()} is not what was written: its checksum is ${checksumOf(values)}, expected ${String(checksum)}.`,
  );
}
