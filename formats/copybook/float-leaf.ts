// Floating point numbers: COMP-1 and COMP-2, hexadecimal as IBM mainframes have them, or as IEEE 754 says.

import { excerpt } from '@mortise/sdk';
import type { Floats } from './dialect.ts';
import { initialOf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import type { Storage } from './storage.ts';

const [exponentBias, exponentMax] = [64, 127];
const signBit = 0x80;

export function floatLeaf({ bytes }: Storage, floats: Floats): Leaf {
  return initialOf(
    {
      bytes,
      expected: bytes === 4 ? 'a floating point number of 4 bytes' : 'a floating point number of 8 bytes',
      schema: { type: 'number' },
      ...(floats === 'ibm' ? ibm(bytes) : ieee(bytes, floats === 'ieee-little')),
    },
    0,
  );
}

function ieee(bytes: number, little: boolean): Pick<Leaf, 'read' | 'write'> {
  return {
    read(record, at) {
      const view = new DataView(record.bytes.buffer, record.bytes.byteOffset + at, bytes);
      const value = bytes === 4 ? view.getFloat32(0, little) : view.getFloat64(0, little);
      if (!Number.isFinite(value)) return undefined;
      if (Object.is(value, -0)) record.isIrregular = true;
      return bytes === 4 ? shortest(value) : value + 0;
    },
    write(target, at, value) {
      if (typeof value !== 'number' || !Number.isFinite(value)) return notFinite(value);
      const view = new DataView(target.buffer, target.byteOffset + at, bytes);
      if (bytes === 8) view.setFloat64(0, value, little);
      else if (Number.isFinite(Math.fround(value))) view.setFloat32(0, value, little);
      else return `holds ${excerpt(value)}, which is too large for 4 bytes`;
      return undefined;
    },
  };
}

/** The shortest decimal that is this single-precision number again: 0.1 and not 0.10000000149011612. */
function shortest(single: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(single.toPrecision(digits));
    if (Math.fround(rounded) === single) return rounded + 0;
  }
  return single;
}

/** z/Architecture Principles of Operation, chapter 18: sign, exponent of 16 in excess of 64, fraction of 6 or 14 hexadecimal digits. */
function ibm(bytes: number): Pick<Leaf, 'read' | 'write'> {
  const digits = 2 * (bytes - 1);
  return {
    read(record, at) {
      const first = record.bytes[at] ?? 0;
      let fraction = 0n;
      for (let place = 1; place < bytes; place += 1) fraction = fraction * 256n + BigInt(record.bytes[at + place] ?? 0);
      const value = Number(fraction) * 16 ** ((first & exponentMax) - exponentBias - digits);
      const signed = (first & signBit) !== 0 && value !== 0 ? -value : value;
      if (!isSame(record.bytes, at, ibmBytes(signed, digits))) record.isIrregular = true;
      return signed;
    },
    write(target, at, value) {
      if (typeof value !== 'number' || !Number.isFinite(value)) return notFinite(value);
      const written = ibmBytes(value, digits);
      if (!written) return `holds ${excerpt(value)}, which is beyond what ${bytes} bytes hold`;
      target.set(written, at);
      return undefined;
    },
  };
}

/** Normalised; undefined beyond the largest exponent. What is nearer to zero than the smallest is refused as well. */
function ibmBytes(value: number, digits: number): Uint8Array | undefined {
  const bytes = new Uint8Array(digits / 2 + 1);
  if (value === 0) return bytes;
  let exponent = 0;
  let fraction = Math.abs(value);
  for (; fraction >= 1; exponent += 1) fraction /= 16;
  for (; fraction < 1 / 16; exponent -= 1) fraction *= 16;
  let whole = BigInt(Math.round(fraction * 16 ** Math.min(digits, 13))) << BigInt(4 * Math.max(0, digits - 13));
  if (digits > 13) whole = exactFraction(fraction);
  if (whole >= 1n << BigInt(4 * digits)) [whole, exponent] = [whole >> 4n, exponent + 1];
  if (exponent + exponentBias < 0 || exponent + exponentBias > exponentMax) return undefined;
  bytes[0] = (value < 0 ? signBit : 0) | (exponent + exponentBias);
  for (let place = bytes.length - 1; place > 0; place -= 1) {
    bytes[place] = Number(whole & 0xffn);
    whole >>= 8n;
  }
  return bytes;
}

/** 56 bits of a fraction below 1: a JavaScript number has no more than 53. */
function exactFraction(fraction: number): bigint {
  const high = Math.floor(fraction * 2 ** 28);
  return (BigInt(high) << 28n) | BigInt((fraction * 2 ** 28 - high) * 2 ** 28);
}

function isSame(bytes: Uint8Array, at: number, others: Uint8Array | undefined): boolean {
  return others?.every((byte, index) => bytes[at + index] === byte) ?? false;
}

function notFinite(value: unknown): string {
  return `holds ${excerpt(value)}; expected a finite number`;
}
