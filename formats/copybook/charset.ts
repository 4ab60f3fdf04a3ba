// The characters of a record: text of one byte a character, which may be read for a whole record at once.

import { characterEncodings, hasFixedWidth, unitBytesOf } from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';

export interface Charset {
  readonly name: CharacterEncoding;
  readonly isEbcdic: boolean;
  /** The byte of a blank. */
  readonly blank: number;
  /** Whether each byte is one character, and no two bytes are the same one. */
  readonly isSingle: boolean;
  /** Of one byte a character: the text of all bytes; U+FFFD for those that are no characters. */
  textOf(bytes: Uint8Array): string;
  /** Of one byte a character: writes a text to `at`; false where it has characters that the encoding has not. */
  put(text: string, target: Uint8Array, at: number): boolean;
  decode(bytes: Uint8Array): string | undefined;
  encode(text: string): Uint8Array | undefined;
}

export const noCharacter = '\ufffd';
const [asciiBlank, ebcdicBlank] = [0x20, 0x40];

export function charsetOf(name: CharacterEncoding): Charset {
  const { decode, encode } = characterEncodings[name];
  const isEbcdic = name.startsWith('ebcdic-');
  const isSingle = hasFixedWidth(name) && unitBytesOf(name) === 1;
  const textOf = isSingle ? textReader(name) : (): string => '';
  const put = isSingle ? textWriter(name) : (): boolean => false;
  const blank = isEbcdic ? ebcdicBlank : asciiBlank;
  return { name, isEbcdic, blank, isSingle, textOf, put, decode, encode: isSingle ? encoderBy(put) : encode };
}

/** Latin-1 as Node reads it; other encodings by a table of two bytes a character. */
function textReader(name: CharacterEncoding): (bytes: Uint8Array) => string {
  const { decode } = characterEncodings[name];
  const table = Uint16Array.from({ length: 256 }, (_, byte) => (decode(Uint8Array.of(byte)) ?? noCharacter).charCodeAt(0));
  if (table.every((character, byte) => character === byte)) return (bytes) => asBuffer(bytes).toString('latin1');
  let scratch = new Uint16Array(1024);
  const isNarrow = table.every((character) => character < 256);
  if (isNarrow) return narrowReader(Uint8Array.from(table));
  return (bytes) => {
    if (scratch.length < bytes.length) scratch = new Uint16Array(2 * bytes.length);
    for (let at = 0; at < bytes.length; at += 1) scratch[at] = table[bytes[at] ?? 0] ?? 0;
    return Buffer.from(scratch.buffer, 0, 2 * bytes.length).toString('utf16le');
  };
}

function encoderBy(put: Charset['put']): Charset['encode'] {
  return (text) => {
    const bytes = new Uint8Array(text.length);
    return put(text, bytes, 0) ? bytes : undefined;
  };
}

/** By a table of all characters: the same as the encoding itself, for many short texts. */
function textWriter(name: CharacterEncoding): Charset['put'] {
  const { decode, encode } = characterEncodings[name];
  const table = new Int16Array(0x1_0000).fill(-1);
  for (let byte = 0; byte < 256; byte += 1) {
    const character = decode(Uint8Array.of(byte));
    if (character !== undefined && encode(character)?.[0] === byte) table[character.charCodeAt(0)] = byte;
  }
  return (text, target, at) => {
    for (let index = 0; index < text.length; index += 1) {
      const byte = table[text.charCodeAt(index)] ?? -1;
      if (byte < 0) return false;
      target[at + index] = byte;
    }
    return true;
  };
}

function narrowReader(table: Uint8Array): (bytes: Uint8Array) => string {
  let scratch = Buffer.alloc(1024);
  return (bytes) => {
    if (scratch.length < bytes.length) scratch = Buffer.alloc(2 * bytes.length);
    for (let at = 0; at < bytes.length; at += 1) scratch[at] = table[bytes[at] ?? 0] ?? 0;
    return scratch.toString('latin1', 0, bytes.length);
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
