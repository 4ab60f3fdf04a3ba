// JSON values as SQLite stores them, and back.

import type { SqlValue } from './protocol.ts';

/** Integers are bound as INTEGER (a number would be REAL, and "5.0" in a column of text); lists and mappings as their JSON. */
export function toSql(value: unknown): SqlValue {
  switch (typeof value) {
    case 'string':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1n : 0n;
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    default:
      if (value === null || value === undefined || value instanceof Uint8Array) return value ?? null;
      return JSON.stringify(value);
  }
}

/** Integers beyond 2^53 and infinite numbers become text, BLOBs base64. */
export function fromSql(value: SqlValue): string | number | null {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

/** A stored value as JSON that loses nothing: what `fromSql` turns into text says what it was. */
export type StoredValue = string | number | null | { readonly integer: string } | { readonly blob: string };

export function toStored(value: SqlValue): StoredValue {
  const json = fromSql(value);
  if (typeof value === 'bigint' && typeof json === 'string') return { integer: json };
  return value instanceof Uint8Array ? { blob: String(json) } : json;
}

export function fromStored(stored: StoredValue): SqlValue {
  if (typeof stored !== 'object' || stored === null) return toSql(stored);
  return 'integer' in stored ? BigInt(stored.integer) : Buffer.from(stored.blob, 'base64');
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
}
