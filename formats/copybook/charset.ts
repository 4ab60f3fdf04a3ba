// The characters of a record: text of one byte a character, which may be read for a whole record at once.

import { characterEncodings, hasFixedWidth, singleByteText, unitBytesOf } from '@mortise/sdk';
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
  const coding = characterEncodings[name];
  const isEbcdic = name.startsWith('ebcdic-');
  const isSingle = hasFixedWidth(name) && unitBytesOf(name) === 1;
  const tables = isSingle ? singleByteText(coding) : { textOf: (): string => '', put: (): boolean => false };
  const { decode, encode } = coding;
  return { name, isEbcdic, blank: isEbcdic ? ebcdicBlank : asciiBlank, isSingle, ...tables, decode, encode };
}
