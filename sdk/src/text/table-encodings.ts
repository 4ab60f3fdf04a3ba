// Character encodings that are tables, of one byte or two a character: by iconv-lite, made strict.

import iconv from 'iconv-lite';
import type { CharacterCoding } from './character-coding.ts';

/** One byte a character. */
export const singleByteNames = [
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-9',
  'iso-8859-10',
  'iso-8859-11',
  'iso-8859-13',
  'iso-8859-14',
  'iso-8859-15',
  'iso-8859-16',
  'cp437',
  'cp850',
  'cp852',
  'cp858',
  'cp866',
  'koi8-r',
  'koi8-u',
] as const;

/** One byte or more a character; the second may be one that is an ASCII character elsewhere. */
export const multiByteNames = ['shift_jis', 'euc-jp', 'gbk', 'gb18030', 'big5', 'euc-kr'] as const;

export type TableEncoding = (typeof singleByteNames)[number] | (typeof multiByteNames)[number];

/** The first bytes of characters of two, of which the second may be below 0x80. */
const leads: Readonly<Partial<Record<string, readonly (readonly [number, number])[]>>> = {
  shift_jis: [
    [0x81, 0x9f],
    [0xe0, 0xfc],
  ],
  gbk: [[0x81, 0xfe]],
  gb18030: [[0x81, 0xfe]],
  big5: [[0x81, 0xfe]],
  'euc-kr': [[0x81, 0xfe]],
};

/** For each byte, 1 where it begins a character whose next byte may be below 0x80; undefined where there are none. */
export function leadBytes(encoding: string): Uint8Array | undefined {
  const ranges = Object.hasOwn(leads, encoding) ? leads[encoding] : undefined;
  return ranges && Uint8Array.from({ length: 256 }, (_, byte) => Number(ranges.some(([from, to]) => byte >= from && byte <= to)));
}

/**
 * Strict both ways: iconv-lite gives U+FFFD for bytes, and a question mark for characters, that the table has not. What is
 * written is read again: a character that would come back as another one is not written.
 */
export function tableCoding(name: TableEncoding): CharacterCoding {
  const decode = (bytes: Uint8Array): string | undefined => {
    const text = iconv.decode(bytes, name, { stripBOM: false });
    return !text.includes('\ufffd') || isGenuine(text, bytes, name) ? text : undefined;
  };
  return {
    byteOrderMark: new Uint8Array(),
    decode,
    encode(text) {
      const bytes = iconv.encode(text, name);
      return decode(bytes) === text ? bytes : undefined;
    },
  };
}

/** Only gb18030 has U+FFFD itself. */
function isGenuine(text: string, bytes: Uint8Array, name: TableEncoding): boolean {
  return name === 'gb18030' && iconv.encode(text, name).equals(bytes);
}
