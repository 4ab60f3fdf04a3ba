// Binary numbers: two's complement in 1 to 16 bytes, in either order.

import { digitsOf, exactDigits, expectedNumber, schemaOfNumber, storedDigits, valueOfDigits, valueOfInteger } from './decimal.ts';
import type { Digits } from './decimal.ts';
import { initialOf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { excerpt } from '@mortise/sdk';
import type { Storage } from './storage.ts';

/** So many bytes are always exact in a JavaScript number. */
const exactBytes = 6;

export function binaryLeaf(storage: Storage): Leaf {
  const { bytes, native } = storage;
  const range = rangeOf(storage);
  const expected = native ? `a number of ${bytes} bytes` : expectedNumber(storage);
  return initialOf(
    {
      bytes,
      expected: `${expected}, binary`,
      schema: schemaOf(storage, range),
      read: bytes <= exactBytes ? shortReader(storage) : longReader(storage),
      write: (target, at, value) => write(target, at, value, storage, range),
    },
    0,
  );
}

interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

/** What the bytes hold. */
function rangeOf({ bytes, signed }: Storage): Range {
  const bits = BigInt(8 * bytes - (signed ? 1 : 0));
  return { min: signed ? -(1n << bits) : 0n, max: (1n << bits) - 1n };
}

/** Programs that are compiled so write more than the picture says: what is read may be all that the bytes hold. */
function schemaOf({ scale, signed, digits }: Storage, { min, max }: Range): Leaf['schema'] {
  if (scale > 0) return schemaOfNumber({ digits, scale, signed });
  const factor = 10n ** BigInt(-scale);
  const isExact = (max * factor).toString().length <= exactDigits;
  if (!isExact) return schemaOfNumber({ digits: exactDigits + 1, scale, signed });
  return { type: 'integer', minimum: Number(min * factor), maximum: Number(max * factor) };
}

function shortReader(storage: Storage): Leaf['read'] {
  const { bytes, little, signed, scale, native, digits } = storage;
  const [half, whole] = [2 ** (8 * bytes - 1), 2 ** (8 * bytes)];
  const limit = native ? Infinity : 10 ** digits;
  const [first, step] = little ? [bytes - 1, -1] : [0, 1];
  return (record, at) => {
    const source = record.bytes;
    let stored = 0;
    for (let count = 0, place = at + first; count < bytes; count += 1, place += step)
      stored = stored * 256 + (source[place] ?? 0);
    if (signed && stored >= half) stored -= whole;
    if (stored >= limit || stored <= -limit) record.isIrregular = true;
    return valueOfInteger(stored, scale);
  };
}

function longReader(storage: Storage): Leaf['read'] {
  const { bytes, little, signed, scale, native, digits } = storage;
  const limit = native ? undefined : 10n ** BigInt(digits);
  const isEight = bytes === 8;
  const limitShort = native ? Infinity : 10 ** digits;
  return (record, at) => {
    if (isEight) {
      const view = new DataView(record.bytes.buffer, record.bytes.byteOffset + at, 8);
      const high = signed ? view.getInt32(little ? 4 : 0, little) : view.getUint32(little ? 4 : 0, little);
      const value = high * 0x1_0000_0000 + view.getUint32(little ? 0 : 4, little);
      if (Number.isSafeInteger(value)) {
        if (value >= limitShort || value <= -limitShort) record.isIrregular = true;
        return valueOfInteger(value, scale);
      }
    }
    const slice = Buffer.from(record.bytes.subarray(at, at + bytes));
    if (little) slice.reverse();
    const raw = BigInt(`0x${slice.toString('hex')}`);
    const stored = signed ? BigInt.asIntN(8 * bytes, raw) : raw;
    if (limit !== undefined && (stored >= limit || stored <= -limit)) record.isIrregular = true;
    return valueOfDigits(stored < 0n, String(stored < 0n ? -stored : stored), scale);
  };
}

function write(target: Uint8Array, at: number, value: unknown, storage: Storage, range: Range): string | undefined {
  const digits = storage.native ? nativeDigits(value, storage, range) : digitsOf(value, storage);
  if (typeof digits === 'string') return digits;
  if (storage.bytes <= exactBytes) {
    writeShort(target, at, digits.negative ? -Number(digits.text) : Number(digits.text), storage);
    return undefined;
  }
  const stored = integerOf(digits);
  const hex = BigInt.asUintN(8 * storage.bytes, stored)
    .toString(16)
    .padStart(2 * storage.bytes, '0');
  const bytes = Buffer.from(hex, 'hex');
  target.set(storage.little ? bytes.reverse() : bytes, at);
  return undefined;
}

function writeShort(target: Uint8Array, at: number, stored: number, { bytes, little }: Storage): void {
  let rest = stored < 0 ? stored + 2 ** (8 * bytes) : stored;
  for (let count = 0; count < bytes; count += 1) {
    target[little ? at + count : at + bytes - 1 - count] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function nativeDigits(value: unknown, { scale, bytes }: Storage, { min, max }: Range): Digits | string {
  const digits = storedDigits(value, { scale });
  if (!digits) return `holds ${excerpt(value)}; expected a number of ${bytes} bytes`;
  const number = integerOf(digits);
  return number < min || number > max ? `holds ${excerpt(value)}; expected ${min} to ${max} before the point is moved` : digits;
}

function integerOf({ negative, text }: Digits): bigint {
  return negative ? -BigInt(text) : BigInt(text);
}
