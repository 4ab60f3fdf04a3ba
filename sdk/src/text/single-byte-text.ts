// Text of encodings that have one byte for each character: by tables of all bytes and of all characters.

import type { CharacterCoding } from './character-coding.ts';

export interface SingleByteText {
  /** The text of all bytes, one UTF-16 code unit each; U+FFFD for those that are no characters. */
  textOf(bytes: Uint8Array): string;
  /** Writes a text to `at`; false where it has a character that the encoding has not. */
  put(text: string, target: Uint8Array, at: number): boolean;
}

const noCharacter = '\ufffd';
/** Shorter texts, as of records, are made in a buffer that is kept. */
const scratchCharacters = 4096;

/** Tables made of a coding: of two codes for one character the one that it writes. */
export function singleByteText({ decode, encode }: Pick<CharacterCoding, 'decode' | 'encode'>): SingleByteText {
  const characters = Uint16Array.from({ length: 256 }, (_, byte) => (decode(Uint8Array.of(byte)) ?? noCharacter).charCodeAt(0));
  const codes = new Int16Array(0x1_0000).fill(-1);
  for (const [byte, character] of characters.entries())
    if (encode(String.fromCharCode(character))?.[0] === byte) codes[character] = byte;
  return { textOf: textReader(characters), put: textWriter(codes) };
}

/** A coding of one byte a character that reads and writes as another one does, by tables that are made when they are first needed. */
export function codingByTables(coding: CharacterCoding): CharacterCoding {
  let tables: SingleByteText | undefined;
  const loaded = (): SingleByteText => (tables ??= singleByteText(coding));
  return {
    byteOrderMark: coding.byteOrderMark,
    decode(bytes) {
      const text = loaded().textOf(bytes);
      return text.includes(noCharacter) ? undefined : text;
    },
    encode(text) {
      const bytes = new Uint8Array(text.length);
      return loaded().put(text, bytes, 0) ? bytes : undefined;
    },
  };
}

/** Latin-1 as Node reads it; of others the characters of the bytes, in one byte each where that is enough for all. */
function textReader(characters: Uint16Array): SingleByteText['textOf'] {
  if (characters.every((character, byte) => character === byte))
    return (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return characters.every((character) => character < 256) ? narrowReader(Uint8Array.from(characters)) : wideReader(characters);
}

function narrowReader(characters: Uint8Array): SingleByteText['textOf'] {
  const scratch = Buffer.alloc(scratchCharacters);
  return (bytes) => {
    const text = bytes.length > scratchCharacters ? Buffer.alloc(bytes.length) : scratch;
    for (let at = 0; at < bytes.length; at += 1) text[at] = characters[bytes[at] ?? 0] ?? 0;
    return text.toString('latin1', 0, bytes.length);
  };
}

function wideReader(characters: Uint16Array): SingleByteText['textOf'] {
  const scratch = new Uint16Array(scratchCharacters);
  return (bytes) => {
    const text = bytes.length > scratchCharacters ? new Uint16Array(bytes.length) : scratch;
    for (let at = 0; at < bytes.length; at += 1) text[at] = characters[bytes[at] ?? 0] ?? 0;
    return Buffer.from(text.buffer, 0, 2 * bytes.length).toString('utf16le');
  };
}

function textWriter(codes: Int16Array): SingleByteText['put'] {
  return (text, target, at) => {
    for (let index = 0; index < text.length; index += 1) {
      const byte = codes[text.charCodeAt(index)] ?? -1;
      if (byte < 0) return false;
      target[at + index] = byte;
    }
    return true;
  };
}
