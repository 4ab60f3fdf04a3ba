// Packed decimals: COMP-3, with a sign in the last half byte, and COMP-6 without one.

import { digitsOf, exactDigits, expectedNumber, schemaOfNumber, valueOfDigits, valueOfInteger } from './decimal.ts';
import { initialOf } from './leaf.ts';
import type { Leaf, RecordBytes } from './leaf.ts';
import type { Storage } from './storage.ts';

const [plus, minus, unsigned] = [0xc, 0xd, 0xf];
const otherMinus = 0xb;

export function packedLeaf(storage: Storage): Leaf {
  const { bytes, kind } = storage;
  const shape = { ...storage, digits: storage.digits };
  const hasSign = kind === 'packed';
  return initialOf(
    {
      bytes,
      expected: `${expectedNumber(shape)}, packed`,
      schema: widened(storage),
      read: hasSign ? signedReader(storage) : unsignedReader(storage),
      write: (target, at, value) => write(target, at, value, storage, hasSign),
    },
    0,
  );
}

/** Files use the half byte that is there more where the number of digits is even, and signs that the picture has not. */
function widened(storage: Storage): Leaf['schema'] {
  const nibbles = 2 * storage.bytes - (storage.kind === 'packed' ? 1 : 0);
  return schemaOfNumber({ ...storage, digits: nibbles, signed: storage.kind === 'packed' });
}

function signedReader(storage: Storage): Leaf['read'] {
  const { bytes, digits, scale, signed } = storage;
  const isShort = 2 * bytes - 1 <= exactDigits;
  const hasPad = digits % 2 === 0;
  return (record, at) => {
    const source = record.bytes;
    const end = at + bytes - 1;
    const last = source[end] ?? 0;
    const sign = last & 0xf;
    if (sign < 0xa || last >= 0xa0) return undefined;
    if (hasPad && ((bytes > 1 ? source[at] : last) ?? 0) > 0xf) record.isIrregular = true;
    const negative = sign === minus || sign === otherMinus;
    if (!isShort) return longSigned(record, at, storage, negative);
    let stored = 0;
    for (let place = at; place < end; place += 1) {
      const byte = source[place] ?? 0;
      if (byte > 0x99 || (byte & 0xf) > 9) return undefined;
      stored = stored * 100 + (byte >> 4) * 10 + (byte & 0xf);
    }
    stored = stored * 10 + (last >> 4);
    if (sign !== (signed ? (negative && stored !== 0 ? minus : plus) : unsigned)) record.isIrregular = true;
    return valueOfInteger(negative && stored !== 0 ? -stored : stored, scale);
  };
}

function longSigned(record: RecordBytes, at: number, { bytes, scale, signed }: Storage, negative: boolean): unknown {
  const hex = Buffer.from(record.bytes.buffer, record.bytes.byteOffset + at, bytes).toString('hex');
  const digits = hex.slice(0, -1);
  const sign = hex.at(-1);
  if (/\D/.test(digits)) return undefined;
  const isZero = /^0*$/.test(digits);
  if (sign !== (signed ? (negative && !isZero ? 'd' : 'c') : 'f')) record.isIrregular = true;
  return valueOfDigits(negative, digits, scale);
}

function unsignedReader({ bytes, digits, scale }: Storage): Leaf['read'] {
  const hasPad = digits % 2 === 1;
  return (record, at) => {
    const hex = Buffer.from(record.bytes.buffer, record.bytes.byteOffset + at, bytes).toString('hex');
    if (/\D/.test(hex)) return undefined;
    if (hasPad && hex[0] !== '0') record.isIrregular = true;
    return valueOfDigits(false, hex, scale);
  };
}

function write(target: Uint8Array, at: number, value: unknown, storage: Storage, hasSign: boolean): string | undefined {
  const digits = digitsOf(value, storage);
  if (typeof digits === 'string') return digits;
  const { text, negative } = digits;
  const sign = storage.signed ? (negative ? minus : plus) : unsigned;
  const digitAt = (place: number): number => (place < 0 ? 0 : text.charCodeAt(place) & 0xf);
  let place = text.length - 1;
  for (let end = at + storage.bytes - 1; end >= at; end -= 1) {
    const low = hasSign && end === at + storage.bytes - 1 ? sign : digitAt(place--);
    target[end] = digitAt(place--) * 16 + low;
  }
  return undefined;
}
