// Zoned decimals (DISPLAY): a digit a byte, with a sign over the first or last digit, or in a byte of its own.

import type { Charset } from './charset.ts';
import { digitsOf, exactDigits, expectedNumber, schemaOfNumber, valueOfDigits, valueOfInteger } from './decimal.ts';
import type { Signs } from './dialect.ts';
import { initialOf } from './leaf.ts';
import type { Leaf, RecordBytes } from './leaf.ts';
import type { Storage } from './storage.ts';

/** What a byte says: its digit in the low bits; `minusBit` for a minus, `oddBit` where it would be written otherwise; -1 for neither. */
interface Code {
  /** By byte, for digits that have no sign over them. */
  readonly plain: Int8Array;
  /** By byte, for the digit that has the sign over it: of a field with a sign, and of one without, where there may be one all the same. */
  readonly signed: Int8Array;
  readonly unsigned: Int8Array;
  /** The bytes that are written, by digit. */
  readonly digits: Uint8Array;
  readonly plus: Uint8Array;
  readonly minus: Uint8Array;
  readonly plusSign: number;
  readonly minusSign: number;
  readonly blank: number;
  /** Whether blanks may stand behind the digits. */
  readonly isLoose: boolean;
}

const [minusBit, oddBit] = [0x10, 0x20];

export function zonedLeaf(storage: Storage, charset: Charset, signs: Signs, isLoose: boolean): Leaf {
  const code = { ...(charset.isEbcdic ? ebcdicCode() : asciiCode(signs)), isLoose };
  const { bytes } = storage;
  const schema = schemaOfNumber(storage);
  return initialOf(
    {
      bytes,
      expected: `${expectedNumber(storage)}, in characters`,
      schema: storage.blankWhenZero ? schema : { anyOf: [schema, { type: 'null' }] },
      read: reader(storage, code),
      write: (target, at, value) => write(target, at, value, storage, code),
    },
    0,
  );
}

function reader(storage: Storage, code: Code): Leaf['read'] {
  const { bytes, digits, scale, signed, sign, blankWhenZero } = storage;
  const { plain } = code;
  const isSeparate = signed && sign.separate;
  const signAt = signed && sign.leading ? 0 : bytes - 1;
  const table = signed ? code.signed : code.unsigned;
  const [first, last] = [isSeparate && sign.leading ? 1 : 0, isSeparate && !sign.leading ? bytes - 1 : bytes];
  const readSigned = isSeparate
    ? (byte: number): number => separateSign(byte, code)
    : (byte: number): number => table[byte] ?? -1;
  return (record, at) => {
    const source = record.bytes;
    const over = readSigned(source[at + signAt] ?? 0);
    if (over < 0) return empty(record, at, storage, code);
    let stored = 0;
    let isLeading = true;
    for (let place = at + first; place < at + last; place += 1) {
      const digit = place === at + signAt && !isSeparate ? over & 0xf : (plain[source[place] ?? 0] ?? -1);
      if (digit >= 0) {
        stored = stored * 10 + digit;
        isLeading = false;
      } else if (isLeading && source[place] === code.blank && place < at + last - 1) record.isIrregular = true;
      else return empty(record, at, storage, code);
    }
    const negative = (over & minusBit) !== 0;
    if (negative && !signed && stored !== 0) return undefined;
    if ((over & oddBit) !== 0 || (stored === 0 && (negative || blankWhenZero))) record.isIrregular = true;
    if (digits <= exactDigits) return valueOfInteger(negative && stored !== 0 ? -stored : stored, scale);
    return longValue(record, at, storage, code, negative);
  };
}

/** Blanks are no number, and no error either: many programs write them for one that is not known. */
function empty(record: RecordBytes, at: number, storage: Storage, code: Code): unknown {
  const { bytes, blankWhenZero, scale } = storage;
  const first = record.bytes[at];
  let [end, isOne] = [at + bytes, true];
  for (let place = at; place < end; place += 1) if (record.bytes[place] !== first) isOne = false;
  if (isOne && (first === code.blank || first === 0)) {
    if (first === 0) record.isIrregular = true;
    return blankWhenZero ? valueOfInteger(0, scale) : null;
  }
  if (!code.isLoose) return undefined;
  while (end > at && (record.bytes[end - 1] === code.blank || record.bytes[end - 1] === 0)) end -= 1;
  return leftAligned(record, at, end, storage, code);
}

/** Digits with blanks or zero bytes behind them, as of a text that was moved over the number. */
function leftAligned(record: RecordBytes, at: number, end: number, { signed, scale }: Storage, code: Code): unknown {
  const last = (signed ? code.signed : code.unsigned)[record.bytes[end - 1] ?? 0] ?? -1;
  let text = '';
  for (let place = at; place < end; place += 1) {
    const digit = place === end - 1 ? last : (code.plain[record.bytes[place] ?? 0] ?? -1);
    if (digit < 0) return undefined;
    text += digit & 0xf;
  }
  record.isIrregular = true;
  const negative = (last & minusBit) !== 0;
  return negative && !signed ? undefined : valueOfDigits(negative, text, scale);
}

function longValue(
  record: RecordBytes,
  at: number,
  { bytes, scale, signed, sign }: Storage,
  code: Code,
  negative: boolean,
): unknown {
  const [first, last] = signed && sign.separate ? (sign.leading ? [1, bytes] : [0, bytes - 1]) : [0, bytes];
  let text = '';
  for (let place = at + first; place < at + last; place += 1)
    text += Math.max(0, code.unsigned[record.bytes[place] ?? 0] ?? 0) & 0xf;
  return valueOfDigits(negative, text, scale);
}

function separateSign(byte: number, { plusSign, minusSign }: Code): number {
  if (byte === plusSign) return 0;
  return byte === minusSign ? minusBit : -1;
}

function write(target: Uint8Array, at: number, value: unknown, storage: Storage, code: Code): string | undefined {
  const { bytes, signed, sign, blankWhenZero } = storage;
  const digits = value === null && !blankWhenZero ? undefined : digitsOf(value, storage);
  if (typeof digits === 'string') return digits;
  if (!digits || (blankWhenZero && /^0*$/.test(digits.text))) {
    target.fill(code.blank, at, at + bytes);
    return undefined;
  }
  const { negative, text } = digits;
  const isSeparate = signed && sign.separate;
  const from = isSeparate && sign.leading ? at + 1 : at;
  for (let place = 0; place < text.length; place += 1) target[from + place] = code.digits[text.charCodeAt(place) - 0x30] ?? 0;
  if (isSeparate) target[sign.leading ? at : at + bytes - 1] = negative ? code.minusSign : code.plusSign;
  else if (signed) {
    const place = sign.leading ? 0 : text.length - 1;
    target[at + place] = (negative ? code.minus : code.plus)[text.charCodeAt(place) - 0x30] ?? 0;
  }
  return undefined;
}

/** The zone of the byte tells the sign: C, A, E and F are plus, D and B are minus. */
function ebcdicCode(): Omit<Code, 'isLoose'> {
  const zone = (high: number): Uint8Array => Uint8Array.from({ length: 10 }, (_, digit) => high + digit);
  const [digits, plus, minus] = [zone(0xf0), zone(0xc0), zone(0xd0)];
  const signs = { digits, plus, minus, plusSign: 0x4e, minusSign: 0x60, blank: 0x40 };
  return { ...signs, ...tablesOf(signs, [zone(0xa0), zone(0xe0)], [zone(0xb0)]) };
}

/** As characters: of an EBCDIC file that was translated, of GnuCOBOL and Micro Focus, of Fujitsu, or of Realia and CA. */
function asciiCode(signs: Signs): Omit<Code, 'isLoose'> {
  const digits = bytesOf('0123456789');
  const overpunch = { plus: bytesOf('{ABCDEFGHI'), minus: bytesOf('}JKLMNOPQR') };
  const ascii = { plus: digits, minus: bytesOf('pqrstuvwxy') };
  const fujitsu = { plus: bytesOf('@ABCDEFGHI'), minus: bytesOf('PQRSTUVWXY') };
  const realia = { plus: digits, minus: Uint8Array.from({ length: 10 }, (_, digit) => 0x20 + digit) };
  const code = { digits, ...{ overpunch, ascii, fujitsu, realia }[signs], plusSign: 0x2b, minusSign: 0x2d, blank: 0x20 };
  return { ...code, ...tablesOf(code, [overpunch.plus, fujitsu.plus], [overpunch.minus, ascii.minus]) };
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function tablesOf(
  { digits, plus, minus }: Pick<Code, 'digits' | 'plus' | 'minus'>,
  otherPlus: readonly Uint8Array[],
  otherMinus: readonly Uint8Array[],
): Pick<Code, 'plain' | 'signed' | 'unsigned'> {
  const odd = (sets: readonly Uint8Array[], bits: number) => sets.map((bytes) => [bytes, bits | oddBit] as const);
  const others = [...odd([digits, plus, ...otherPlus], 0), ...odd([minus, ...otherMinus], minusBit)];
  return {
    plain: tableOf([[digits, 0]]),
    signed: tableOf([[minus, minusBit], [plus, 0], ...others]),
    unsigned: tableOf([[digits, 0], ...others]),
  };
}

/** The first set that has a byte says what it is. */
function tableOf(sets: readonly (readonly [Uint8Array, number])[]): Int8Array {
  const table = new Int8Array(256).fill(-1);
  for (const [bytes, bits] of sets) {
    for (const [digit, byte] of bytes.entries()) if (table[byte] === -1) table[byte] = digit | bits;
  }
  return table;
}
