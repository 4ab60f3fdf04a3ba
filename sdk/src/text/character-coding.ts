// What a character encoding does: bytes to text and back, or neither.

export interface CharacterCoding {
  /** Empty where the encoding has none. */
  readonly byteOrderMark: Uint8Array;
  /** Undefined where the bytes are no text in this encoding. A byte order mark is a character here. */
  decode(bytes: Uint8Array): string | undefined;
  /** Undefined where the text has a character that the encoding has not. */
  encode(text: string): Uint8Array | undefined;
}
