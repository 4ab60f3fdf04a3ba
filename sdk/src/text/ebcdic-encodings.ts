// EBCDIC: the code pages of IBM's mainframes, of one byte a character, or of one and two with shifts between them.

import { inflateRawSync } from 'node:zlib';
import type { CharacterCoding } from './character-coding.ts';
import { doubleByteTables, singleByteTables } from './ebcdic-tables.ts';

/** One byte a character. */
export const ebcdicNames = [
  'ebcdic-037',
  'ebcdic-273',
  'ebcdic-277',
  'ebcdic-278',
  'ebcdic-280',
  'ebcdic-284',
  'ebcdic-285',
  'ebcdic-297',
  'ebcdic-500',
  'ebcdic-870',
  'ebcdic-871',
  'ebcdic-875',
  'ebcdic-1026',
  'ebcdic-1047',
  'ebcdic-1140',
  'ebcdic-1141',
  'ebcdic-1142',
  'ebcdic-1143',
  'ebcdic-1144',
  'ebcdic-1145',
  'ebcdic-1146',
  'ebcdic-1147',
  'ebcdic-1148',
  'ebcdic-1149',
] as const;

/** One byte a character, or two between shift out (0x0e) and shift in (0x0f): Japanese, Chinese, Chinese (traditional), Japanese. */
export const mixedEbcdicNames = ['ebcdic-930', 'ebcdic-935', 'ebcdic-937', 'ebcdic-939'] as const;

export type EbcdicEncoding = (typeof ebcdicNames)[number] | (typeof mixedEbcdicNames)[number];

const [shiftOut, shiftIn] = [0x0e, 0x0f];
const leadMin = 0x40;
const absent = 0xfffd;
const noMark = new Uint8Array();

interface Tables {
  readonly single: Uint16Array;
  readonly fromSingle: ReadonlyMap<number, number>;
  /** Empty for pages of one byte. */
  readonly double: Uint16Array;
  readonly fromDouble: ReadonlyMap<number, number>;
}

/** Reads and writes a code page; its tables are unpacked when they are first needed. */
export function ebcdicCoding(name: EbcdicEncoding): CharacterCoding {
  let tables: Tables | undefined;
  const loaded = (): Tables => (tables ??= loadTables(name.slice('ebcdic-'.length)));
  return {
    byteOrderMark: noMark,
    decode: (bytes) => decodeMixed(bytes, loaded()),
    encode: (text) => encodeMixed(text, loaded()),
  };
}

/** The same for the part of a mixed code page that has two bytes a character, without shifts; undefined for other encodings. */
export function doubleByteCoding(encoding: string): CharacterCoding | undefined {
  const name = mixedEbcdicNames.find((one) => one === encoding);
  if (!name) return undefined;
  const { decode, encode } = ebcdicCoding(name);
  return {
    byteOrderMark: noMark,
    decode: (bytes) =>
      bytes.length === 0 ? '' : bytes.length % 2 === 0 ? decode(Uint8Array.of(shiftOut, ...bytes, shiftIn)) : undefined,
    encode(text) {
      const bytes = text === '' ? noMark : encode(text);
      const isShifted = bytes?.[0] === shiftOut && bytes.indexOf(shiftIn) === bytes.length - 1;
      return text === '' || isShifted ? bytes?.subarray(1, -1) : undefined;
    },
  };
}

function loadTables(page: string): Tables {
  const single = unpacked(singleByteTables[page]);
  const double = unpacked(doubleByteTables[page]);
  return { single, fromSingle: inverse(single, (index) => index), double, fromDouble: inverse(double, pairAt) };
}

function unpacked(table: string | undefined): Uint16Array {
  if (table === undefined) return new Uint16Array();
  const bytes = new Uint8Array(inflateRawSync(Buffer.from(table, 'base64')));
  return new Uint16Array(bytes.buffer, 0, bytes.length / 2);
}

function pairAt(index: number): number {
  return index + leadMin * 256;
}

/** Of two codes for one character the first. */
function inverse(table: Uint16Array, codeAt: (index: number) => number): ReadonlyMap<number, number> {
  const codes = new Map<number, number>();
  for (const [index, character] of table.entries())
    if (character !== absent && !codes.has(character)) codes.set(character, codeAt(index));
  return codes;
}

function decodeMixed(bytes: Uint8Array, { single, double }: Tables): string | undefined {
  const characters = new Uint16Array(bytes.length);
  let count = 0;
  let isDouble = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (double.length > 0 && byte === (isDouble ? shiftIn : shiftOut)) {
      isDouble = !isDouble;
      continue;
    }
    const character = isDouble ? double[(byte - leadMin) * 256 + (bytes[(at += 1)] ?? 0)] : single[byte];
    if (character === undefined || character === absent) return undefined;
    characters[count++] = character;
  }
  return isDouble ? undefined : Buffer.from(characters.buffer, 0, 2 * count).toString('utf16le');
}

function encodeMixed(text: string, { fromSingle, fromDouble }: Tables): Uint8Array | undefined {
  // At most two bytes and a shift each, and a shift at the end.
  const bytes = new Uint8Array(fromDouble.size === 0 ? text.length : 3 * text.length + 1);
  let count = 0;
  let isDouble = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    const code = fromSingle.get(character);
    const pair = code === undefined ? fromDouble.get(character) : undefined;
    if (code === undefined && pair === undefined) return undefined;
    if (isDouble !== (pair !== undefined)) {
      isDouble = !isDouble;
      bytes[count++] = isDouble ? shiftOut : shiftIn;
    }
    if (pair !== undefined) bytes[count++] = pair >> 8;
    bytes[count++] = (code ?? pair ?? 0) & 0xff;
  }
  if (isDouble) bytes[count++] = shiftIn;
  return bytes.subarray(0, count);
}
