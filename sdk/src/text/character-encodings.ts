// Character encodings: bytes to text and back, refusing what would silently become another character.

/* oxlint-disable no-control-regex -- ranges of whole encodings are meant, control characters among them. */

import type { MortiseError } from '../errors.ts';
import { formatError, positionToJson } from '../format.ts';
import type { Position } from '../format.ts';
import type { CharacterCoding } from './character-coding.ts';
import { ebcdicCoding, ebcdicNames, mixedEbcdicNames } from './ebcdic-encodings.ts';
import type { EbcdicEncoding } from './ebcdic-encodings.ts';
import { codingByTables } from './single-byte-text.ts';
import { multiByteNames, singleByteNames, tableCoding } from './table-encodings.ts';
import type { TableEncoding } from './table-encodings.ts';
import { wideEncodings } from './wide-encodings.ts';

/** Every encoding there is here. `latin1` is ISO 8859-1, byte for byte, and never windows-1252. */
export type CharacterEncoding =
  | 'utf-8'
  | keyof typeof wideEncodings
  | 'latin1'
  | 'windows-1252'
  | 'ascii'
  | TableEncoding
  | EbcdicEncoding;

const wideNames = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const;

/** What a format's option `encoding` offers: without EBCDIC, in which line ends, quotes and commas are other bytes. */
export const characterEncodingNames = [
  'utf-8',
  ...wideNames,
  'latin1',
  'windows-1252',
  'ascii',
  ...singleByteNames,
  ...multiByteNames,
] as const satisfies readonly CharacterEncoding[];

/** The code pages of EBCDIC, for formats that need no byte to be the character that it is in ASCII. */
export const ebcdicEncodingNames = [...ebcdicNames, ...mixedEbcdicNames] as const satisfies readonly CharacterEncoding[];

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes 0x80 to 0x9f of windows-1252; the five that it leaves open stand for themselves, as in the WHATWG Encoding Standard. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const beyondAscii = /[^\u0000-\u007f]/;
const beyondLatin1 = /[^\u0000-\u00ff]/;

/** How each encoding reads and writes. Neither way ever replaces a character, or drops a byte order mark. */
export const characterEncodings: Readonly<Record<CharacterEncoding, CharacterCoding>> = {
  'utf-8': {
    byteOrderMark: Uint8Array.of(0xef, 0xbb, 0xbf),
    decode: decodeUtf8,
    encode: (text) => (text.isWellFormed() ? Buffer.from(text) : undefined),
  },
  ...wideEncodings,
  latin1: {
    byteOrderMark: new Uint8Array(),
    decode: asLatin1,
    encode: (text) => (beyondLatin1.test(text) ? undefined : Buffer.from(text, 'latin1')),
  },
  'windows-1252': {
    byteOrderMark: new Uint8Array(),
    decode: (bytes) =>
      asLatin1(bytes).replace(/[\u0080-\u009f]/g, (control) => windows1252[control.charCodeAt(0) - 0x80] ?? control),
    encode: encodeWindows1252,
  },
  ascii: {
    byteOrderMark: new Uint8Array(),
    decode: (bytes) => (bytes.some((byte) => byte > 0x7f) ? undefined : asLatin1(bytes)),
    encode: (text) => (beyondAscii.test(text) ? undefined : Buffer.from(text, 'latin1')),
  },
  ...tableEncodings(),
};

/** How many bytes a character has at least, and all are a multiple of: 1, 2 or 4. */
export function unitBytesOf(encoding: CharacterEncoding): 1 | 2 | 4 {
  if (encoding.startsWith('utf-16')) return 2;
  return encoding.startsWith('utf-32') ? 4 : 1;
}

/** Whether all characters have as many bytes. */
export function hasFixedWidth(encoding: CharacterEncoding): boolean {
  const varying: readonly string[] = [...multiByteNames, ...mixedEbcdicNames];
  return encoding !== 'utf-8' && !encoding.startsWith('utf-16') && !varying.includes(encoding);
}

/** Whether the bytes begin with the encoding's byte order mark. */
export function hasByteOrderMark(bytes: Uint8Array, encoding: CharacterEncoding): boolean {
  const { byteOrderMark } = characterEncodings[encoding];
  return byteOrderMark.length > 0 && byteOrderMark.every((byte, index) => bytes[index] === byte);
}

/** The offset of the first byte that belongs to no character, in bytes that `decode` refused. */
export function firstUndecodableByte(bytes: Uint8Array, encoding: CharacterEncoding): number {
  if (encoding !== 'utf-8') return firstBesideTable(bytes, characterEncodings[encoding]);
  let offset = 0;
  // Decoded leniently, every broken character gives a replacement character; the genuine ones are told by their bytes.
  for (const [index, valid] of lenientUtf8.decode(bytes).split('\ufffd').entries()) {
    const genuine = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (index > 0 && !genuine) return offset;
    offset += (index > 0 ? 3 : 0) + Buffer.byteLength(valid);
  }
  return offset;
}

/**
 * MORTISE_FORMAT_ENCODING for bytes that `decode` refused. `what` names them at the beginning of the message, `position` says
 * where they begin; the error's says where the faulty byte is.
 */
export function undecodable(bytes: Uint8Array, encoding: CharacterEncoding, what: string, position: Position): MortiseError {
  const index = firstUndecodableByte(bytes, encoding);
  const offsetBytes = (position.offsetBytes ?? 0) + index;
  const byte = bytes[index]?.toString(16).padStart(2, '0');
  const message = `${what} has the byte 0x${byte} at offset ${offsetBytes}, which is no part of a character of ${encoding}.`;
  return formatError('MORTISE_FORMAT_ENCODING', message, { details: positionToJson({ ...position, offsetBytes }) });
}

/** MORTISE_FORMAT_UNWRITABLE for a text that `encode` refused. `what` names it at the beginning of the message. */
export function unencodable(text: string, encoding: CharacterEncoding, what: string): MortiseError {
  const character = Array.from(text).find((one) => !characterEncodings[encoding].encode(one)) ?? '';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const shown = character.isWellFormed() ? `"${character}" (${code})` : `half a character (${code})`;
  return formatError('MORTISE_FORMAT_UNWRITABLE', `${what} has ${shown}, which ${encoding} cannot write; name another encoding.`);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function encodeWindows1252(text: string): Uint8Array | undefined {
  const bytes = text.replace(/[^\u0000-\u007f\u00a0-\u00ff]/g, (character) => {
    const index = windows1252.indexOf(character);
    return index < 0 ? '\uffff' : String.fromCharCode(0x80 + index);
  });
  return beyondLatin1.test(bytes) ? undefined : Buffer.from(bytes, 'latin1');
}

/** Passes character by character: none has more than four bytes. */
function firstBesideTable(bytes: Uint8Array, { decode }: CharacterCoding): number {
  const lengthAt = (at: number): number | undefined =>
    [1, 2, 3, 4].find((length) => at + length <= bytes.length && decode(bytes.subarray(at, at + length)) !== undefined);
  let at = 0;
  for (let length = lengthAt(at); length !== undefined; length = lengthAt(at)) at += length;
  return at;
}

function tableEncodings(): Readonly<Record<TableEncoding | EbcdicEncoding, CharacterCoding>> {
  const entries = [
    ...singleByteNames.map((name) => [name, codingByTables(tableCoding(name))]),
    ...multiByteNames.map((name) => [name, tableCoding(name)]),
    ...ebcdicNames.map((name) => [name, codingByTables(ebcdicCoding(name))]),
    ...mixedEbcdicNames.map((name) => [name, ebcdicCoding(name)]),
  ];
  return Object.fromEntries(entries) as Readonly<Record<TableEncoding | EbcdicEncoding, CharacterCoding>>;
}

function asLatin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
