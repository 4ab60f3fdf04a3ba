// Values as they stand in columns, on their way to the store's thread and back.

import { storeError } from '../errors.ts';

/** What a column holds, and what is bound to a statement. */
export type Value = string | number | null | Uint8Array;

export type Row = readonly Value[];

/** What a packed commit is made of: values of columns, and undefined for what a change leaves as it is. */
export type Packed = Value | undefined;

/** The value of a column that the schema says is text. */
export function asText(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw storeError('MORTISE_STORE_CORRUPT', `A column holds ${typeof value}; expected text.`);
}

/** The value of a column that the schema says is a number. */
export function asNumber(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  throw storeError('MORTISE_STORE_CORRUPT', `A column holds ${typeof value}; expected a number.`);
}

/** The value of a column that the schema says is bytes. */
export function asBytes(value: Value | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw storeError('MORTISE_STORE_CORRUPT', `A column holds ${typeof value}; expected bytes.`);
}

/** The JSON of a column that only this store writes. */
export function readJson<T>(value: Value | undefined): T {
  try {
    return JSON.parse(asText(value)) as T;
  } catch (error) {
    throw storeError('MORTISE_STORE_CORRUPT', `A column holds no JSON: ${String(error)}.`, { cause: error });
  }
}
