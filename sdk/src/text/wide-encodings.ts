// The Unicode encodings of two and four bytes a unit, in both byte orders; strict both ways.

import type { CharacterCoding } from './character-coding.ts';

type WideEncoding = 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

export const wideEncodings: Readonly<Record<WideEncoding, CharacterCoding>> = {
  'utf-16le': {
    byteOrderMark: Uint8Array.of(0xff, 0xfe),
    decode: decodeUtf16,
    encode: (text) => (text.isWellFormed() ? Buffer.from(text, 'utf16le') : undefined),
  },
  'utf-16be': {
    byteOrderMark: Uint8Array.of(0xfe, 0xff),
    decode: (bytes) => (bytes.length % 2 === 0 ? decodeUtf16(Buffer.from(bytes).swap16()) : undefined),
    encode: (text) => (text.isWellFormed() ? Buffer.from(text, 'utf16le').swap16() : undefined),
  },
  'utf-32le': {
    byteOrderMark: Uint8Array.of(0xff, 0xfe, 0, 0),
    decode: (bytes) => decodeUtf32(bytes, true),
    encode: (text) => encodeUtf32(text, true),
  },
  'utf-32be': {
    byteOrderMark: Uint8Array.of(0, 0, 0xfe, 0xff),
    decode: (bytes) => decodeUtf32(bytes, false),
    encode: (text) => encodeUtf32(text, false),
  },
};

const codePointMax = 0x10ffff;

function decodeUtf16(bytes: Uint8Array): string | undefined {
  const text = bytes.length % 2 === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf16le') : undefined;
  return text?.isWellFormed() ? text : undefined;
}

function decodeUtf32(bytes: Uint8Array, isLittle: boolean): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const code = view.getUint32(at, isLittle);
    if (code > codePointMax || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}

function encodeUtf32(text: string, isLittle: boolean): Uint8Array | undefined {
  if (!text.isWellFormed()) return undefined;
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const view = new DataView(new ArrayBuffer(4 * codes.length));
  for (const [index, code] of codes.entries()) view.setUint32(4 * index, code, isLittle);
  return new Uint8Array(view.buffer);
}
