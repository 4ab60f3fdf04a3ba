// UUID text to the 16 bytes that are stored, and back.

import { storeError } from '../errors.ts';

const uuidLength = 36;
/** The value of each digit by its code; of what is none, -1. */
const nibbles = Int8Array.from({ length: 103 }, (_, code) => nibbleOf(String.fromCharCode(code)));
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Where in the text each byte's first digit stands. */
const digitPositions = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** So many bytes of ids are one buffer: it is freed when none of them is in use. */
const sharedBytes = 16 * 256;
let [shared, used] = [new ArrayBuffer(sharedBytes), 0];

/** The text that was looked at last: a message's id comes again with its delivery. */
let known = '';

/** Throws MORTISE_STORE_VALUE where the text is no UUID in lower case; other forms would not compare equal when read back. */
export function requireUuid(text: string): void {
  if (text === known) return;
  if (!isUuid(text)) throw storeError('MORTISE_STORE_VALUE', `"${text}" is no id: expected a UUID in lower case.`);
  known = text;
}

/** Character by character: a pattern takes twice as long, and every id of a commit is looked at. */
function isUuid(text: string): boolean {
  if (text.length !== uuidLength) return false;
  for (let i = 0; i < uuidLength; i++) {
    const isDash = i === 8 || i === 13 || i === 18 || i === 23;
    if (isDash ? text[i] !== '-' : (nibbles[text.charCodeAt(i)] ?? -1) < 0) return false;
  }
  return true;
}

/** Writes the bytes of a UUID, whose text was checked before, into `bytes`. */
export function writeUuid(text: string, bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < 16; i++) {
    const position = digitPositions[i] ?? 0;
    bytes[i] = ((nibbles[text.charCodeAt(position)] ?? 0) << 4) | (nibbles[text.charCodeAt(position + 1)] ?? 0);
  }
  return bytes;
}

/** The bytes of a UUID, whose text was checked before. */
export function uuidToBytes(text: string): Uint8Array {
  return writeUuid(text, nextBytes());
}

/**
 * Sixteen bytes of a longer buffer, each part of which is given out once. A short array of its own is kept by V8 among its objects, and gets a
 * buffer when it is bound to a statement: that takes ten times as long as all else of binding, and the buffer has to be freed again.
 */
function nextBytes(): Uint8Array {
  if (used === shared.byteLength) [shared, used] = [new ArrayBuffer(sharedBytes), 0];
  used += 16;
  return new Uint8Array(shared, used - 16, 16);
}

/** The text of 16 bytes. */
export function bytesToUuid(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hexPairs[bytes[i] ?? 0];
  }
  return text;
}

function nibbleOf(digit: string): number {
  return /[0-9a-f]/.test(digit) ? Number.parseInt(digit, 16) : -1;
}
